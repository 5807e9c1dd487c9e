package beras.data;

import beras.files.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes a data file whole or not at all, over what was there, as gzip if its name ends with {@code .gz}. */
final class NewFile {

    private static final int BUFFER = 1 << 16;

    static void write(Path path, WholeFile.Contents contents) throws IOException {
        boolean pack = path.toString().endsWith(".gz");
        WholeFile.write(path, true, out -> {
            if (pack) {
                GZIPOutputStream packed = new GZIPOutputStream(out, BUFFER);
                contents.writeTo(packed);
                packed.finish();
            } else {
                contents.writeTo(out);
            }
        });
    }

    private NewFile() {}
}
