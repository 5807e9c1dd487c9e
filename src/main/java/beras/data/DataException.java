package beras.data;

import java.io.IOException;

/**
 * A data file that cannot be used. The message names the file and the place (byte offset, or line and column), what was
 * expected there, what was received, and what to do.
 */
public final class DataException extends IOException {

    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
