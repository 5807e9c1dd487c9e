package beras.data.rows;

import beras.files.WholeFile;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPOutputStream;

/** Writes a data file whole or not at all, as gzip if its name ends with {@code .gz}. */
public final class NewFile {

    private static final int BUFFER = 1 << 16;

    /**
     * @param options to replace a file, or none
     */
    public static void write(Path path, CopyOption[] options, WholeFile.Contents contents) throws IOException {
        boolean pack = path.toString().endsWith(".gz");
        WholeFile.write(path, replaces(options), out -> {
            if (pack) {
                GZIPOutputStream packed = new GZIPOutputStream(out, BUFFER);
                contents.writeTo(packed);
                packed.finish();
            } else {
                contents.writeTo(out);
            }
        });
    }

    private static boolean replaces(CopyOption[] options) {
        for (CopyOption option : options) {
            if (option != StandardCopyOption.REPLACE_EXISTING) {
                throw new UnsupportedOperationException("A file is written with REPLACE_EXISTING or no option. Received: "
                        + option);
            }
        }
        return options.length > 0;
    }

    private NewFile() {}
}
