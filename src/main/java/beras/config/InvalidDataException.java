package beras.config;

/**
 * Data that was given, such as a model, its rows or its images, cannot be used: it does not fit what is asked of it, or no finite
 * number comes of it. The message names what was expected, what was received, and what to do. The command line blames a file for
 * this exception alone: another {@link IllegalArgumentException} out of a computation is a bug.
 */
public final class InvalidDataException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public InvalidDataException(String message) {
        super(message);
    }

    /** As {@link #InvalidDataException(String)}, with what refused the data. */
    public InvalidDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
