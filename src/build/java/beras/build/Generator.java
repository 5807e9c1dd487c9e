package beras.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the sources that the build derives from tables and templates: {@code java beras.build.Generator FOLDER}. A file that would
 * not change is left alone, so that nothing is compiled again.
 */
public final class Generator {

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        write(folder, "beras/kernels/Tiles.java", "TileGenerator", TileGenerator.source());
    }

    private static void write(Path folder, String name, String from, String source) throws IOException {
        Path file = folder.resolve(name);
        String text = "// Generated from src/build/java/beras/build/" + from + ".java: change that, not this file.\n" + source;
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }

    private Generator() {}
}
