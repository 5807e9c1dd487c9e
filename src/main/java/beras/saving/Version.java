package beras.saving;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of BERAS, which the build writes into a resource, and that of its arithmetic. */
public final class Version {

    /**
     * The version of the arithmetic, which model files name: the same data and recipe give the same bits in each version of BERAS that has
     * the same one. It is that of the page on the arithmetic, and grows with each change of a bit.
     */
    public static final int ARITHMETIC = 1;

    /** For example {@code 1.2.3}. */
    public static String get() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Version() {}
}
