package beras.config;

/**
 * The given data, such as a model, its rows or its images, cannot be used: they do not fit, or a result is not finite. The
 * message has the expectation, the received value, and the remedy. The command line blames a file for this exception alone:
 * another {@link IllegalArgumentException} out of a computation is a bug.
 */
public final class InvalidDataException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public InvalidDataException(String message) {
        super(message);
    }

    /** As {@link #InvalidDataException(String)}, with a cause. */
    public InvalidDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
