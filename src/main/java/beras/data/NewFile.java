package beras.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/** Writes a file whole or not at all: beside its place first, to the disk, then moved over what was there. */
final class NewFile {

    private static final int BUFFER = 1 << 16;

    /** What goes into a file. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a file, as gzip if its name ends with {@code .gz}. If writing fails, what was at {@code path} stays. */
    static void write(Path path, Content content) throws IOException {
        Path target = path.toAbsolutePath();
        if (!Files.isDirectory(target.getParent())) {
            throw new NoSuchFileException(path.toString(), null, "its folder does not exist; create it first");
        }
        String name = target.getFileName().toString();
        Path beside = target.resolveSibling("." + name + "." + Long.toHexString(System.nanoTime()) + ".tmp");
        try {
            try (OutputStream file = Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = name.endsWith(".gz")
                            ? new GZIPOutputStream(file, BUFFER) : new BufferedOutputStream(file, BUFFER)) {
                content.writeTo(out);
            }
            try (FileChannel written = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private NewFile() {}
}
