package beras.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Failures of the file system, which by themselves often name no file, or no reason. */
public final class FileFailure {

    /** The same failure with the name of the file and the reason. */
    public static FileSystemException named(Path file, IOException failure) {
        FileSystemException named = new FileSystemException(file.toString(), null, reason(failure));
        named.initCause(failure);
        return named;
    }

    /** What went wrong, without the name of the file. */
    public static String reason(IOException failure) {
        if (failure instanceof FileSystemException known) {
            if (known.getReason() != null) {
                return known.getReason();
            }
            return known instanceof NoSuchFileException ? "there is no such file or folder"
                    : known instanceof AccessDeniedException ? "that is not permitted"
                    : known instanceof FileAlreadyExistsException ? "the file exists already" : known.getClass().getSimpleName();
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** What a person is told: file and reason, as far as they are known. */
    public static String message(IOException failure) {
        return failure instanceof FileSystemException known && known.getFile() != null
                ? known.getFile() + ": " + reason(failure) : reason(failure);
    }

    private FileFailure() {}
}
