package beras.data;

import beras.files.Excerpt;
import java.io.IOException;

/**
 * A data file that cannot be used. The message contains the file and the place (byte offset, or line and column), the expected
 * and the received value, and what to do. Control characters of the file are shown escaped, and long texts cut.
 */
public final class DataException extends IOException {

    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(Excerpt.message(message));
    }

    public DataException(String message, Throwable cause) {
        super(Excerpt.message(message), cause);
    }
}
