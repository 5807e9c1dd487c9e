package beras.cli.terminal;

import java.io.InputStream;
import java.nio.file.Path;

/** The file name of standard input, and its name in messages. */
public final class StandardInput {

    /** Its name in messages and in the provenance of models. */
    public static final String NAME = "stdin";

    private static final Path SIGN = Path.of("-");

    /** Whether a file that is named is standard input. */
    public static boolean isNamedBy(Path file) {
        return file.equals(SIGN);
    }

    public static InputStream stream() {
        return System.in;
    }

    private StandardInput() {}
}
