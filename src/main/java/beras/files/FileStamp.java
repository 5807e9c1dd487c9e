package beras.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Shows whether a file is unchanged: its size and the time of its last change. Only a plain file has one, a pipe has none.
 */
public final class FileStamp {

    private final Path file;
    private final BasicFileAttributes attributes;

    private FileStamp(Path file) throws IOException {
        this.file = file;
        this.attributes = Files.readAttributes(file, BasicFileAttributes.class);
    }

    /**
     * The stamp of a file as it is now.
     *
     * @throws NoSuchFileException if it is not there
     */
    public static FileStamp of(Path file) throws IOException {
        return new FileStamp(file);
    }

    /** Whether the file can be read more than once. */
    public boolean isPlainFile() {
        return attributes.isRegularFile();
    }

    /** Whether the file is still there and was not changed since. */
    public boolean holds() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.isRegularFile() == attributes.isRegularFile()
                    && (!now.isRegularFile() || now.size() == attributes.size()
                    && now.lastModifiedTime().equals(attributes.lastModifiedTime())
                    && Objects.equals(now.fileKey(), attributes.fileKey()));
        } catch (IOException e) {
            return false;
        }
    }
}
