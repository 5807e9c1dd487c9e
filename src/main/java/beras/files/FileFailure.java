package beras.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Failures of the file system, which by themselves often name no file, or no reason. */
public final class FileFailure {

    private static final Pattern JSON_ADVICE =
            Pattern.compile("(com\\.google\\.gson\\S*: )?Use JsonReader\\.setStrictness\\S* to accept malformed JSON");

    /** The same failure with the name of the file and the reason. */
    public static FileSystemException named(Path file, IOException failure) {
        FileSystemException named = new FileSystemException(file.toString(), null, reason(failure));
        named.initCause(failure);
        return named;
    }

    /** The same failure, as it is if it comes from the file system with the name of a file, else {@link #named}. */
    public static FileSystemException withFile(Path file, IOException failure) {
        return failure instanceof FileSystemException known ? known : named(file, failure);
    }

    /** The reason of a failure, without the name of the file. */
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

    /** The message for users: file and reason, as far as they are known; for another failure, its type and message. */
    public static String message(Throwable failure) {
        return failure instanceof UncheckedIOException unchecked ? message(unchecked.getCause())
                : failure instanceof FileSystemException known && known.getFile() != null ? known.getFile() + ": " + reason(known)
                : failure instanceof IOException io ? reason(io) : failure.toString();
    }

    /** The error in a JSON text, from a failure of Gson: the first line, without its advice to programmers. */
    public static String ofJson(Exception failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage().lines().findFirst().orElse("");
        return JSON_ADVICE.matcher(message).replaceFirst("malformed JSON");
    }

    private FileFailure() {}
}
