package beras.files;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("saving")
class AppendedFileTest {

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("log");
        Files.writeString(file, "first\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A disk that takes 3 bytes at a time, of which operations of some names fail from the third one on. */
    private Path onBrokenDisk(String... failing) {
        int[] done = new int[1];
        WatchedFiles.Watcher broken = WatchedFiles.failing(operation -> List.of(failing).contains(operation) && ++done[0] > 2);
        return new WatchedFiles(new WatchedFiles.Watcher() {

            @Override
            public void before(String operation, Path path) throws IOException {
                broken.before(operation, path);
            }

            @Override
            public void reading(String operation, Path path) throws IOException {
                broken.reading(operation, path);
            }

            @Override
            public int taken(Path path, int bytes) {
                return Math.min(3, bytes);
            }
        }).path(file);
    }

    @Test
    void addsPiecesToTheEnd() throws IOException {
        AppendedFile.append(file, bytes("second\n"));
        AppendedFile.append(file, bytes(""));
        AppendedFile.append(file, bytes("third\n"));
        assertEquals("first\nsecond\nthird\n", Files.readString(file));
    }

    @Test
    void aPieceThatDoesNotFitLeavesNothing() throws IOException {
        Path disk = onBrokenDisk("write");
        AppendedFile.append(disk, bytes("fits\n"));
        IOException e = assertThrows(IOException.class, () -> AppendedFile.append(disk, bytes("does not\n")));
        assertEquals(file + ": test", e.getMessage());
        assertEquals("first\nfits\n", Files.readString(file));
    }

    /** As some file systems do that write only then. */
    @Test
    void norDoesOneWhoseFileCannotBeClosed() throws IOException {
        Path disk = onBrokenDisk("close");
        AppendedFile.append(disk, bytes("second\n"));
        AppendedFile.append(disk, bytes("third\n"));
        assertThrows(IOException.class, () -> AppendedFile.append(disk, bytes("fourth\n")));
        assertEquals("first\nsecond\nthird\n", Files.readString(file));
    }

    @Test
    void theFirstFailureIsReported() {
        IOException e = assertThrows(IOException.class,
                () -> AppendedFile.append(onBrokenDisk("write", "truncate"), bytes("more bytes")));
        Throwable first = e.getCause() == null ? e : e.getCause();
        assertEquals(1, first.getSuppressed().length);
    }

    @Test
    void noFileIsMade() {
        assertThrows(NoSuchFileException.class, () -> AppendedFile.append(folder.resolve("other"), bytes("x")));
    }
}
