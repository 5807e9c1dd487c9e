package beras.saving;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file does not hold a model that this version can read, or not the weights or arrays that it should; the message names the
 * file and the reason.
 */
public final class ModelFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    ModelFormatException(Path file, String reason, Throwable cause) {
        this(file.toString(), reason, cause);
    }

    ModelFormatException(String file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
