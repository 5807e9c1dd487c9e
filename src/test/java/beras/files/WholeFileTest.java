package beras.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("saving")
class WholeFileTest {

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("file");
        Files.writeString(file, "precious");
    }

    private List<Path> others() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(other -> !other.equals(file)).toList();
        }
    }

    @Test
    void whatWasThereIsReplacedByAllThatIsWritten() throws IOException {
        byte[] contents = new byte[200_000];
        contents[199_999] = 1;
        WholeFile.write(file, true, out -> {
            out.write(contents);
            assertEquals("precious", Files.readString(file), "until all is written");
        });
        assertArrayEquals(contents, Files.readAllBytes(file));
        assertEquals(List.of(), others());
    }

    /** The last step is the one that fails: what was written is gone when it should be renamed. */
    @Test
    void aFailureOfTheRenameLeavesWhatWasThere() throws IOException {
        assertThrows(NoSuchFileException.class, () -> WholeFile.write(file, true, out -> {
            out.write(1);
            for (Path beside : others()) {
                Files.delete(beside);
            }
        }));
        assertEquals("precious", Files.readString(file));
        assertEquals(List.of(), others());
    }

    @Test
    void anErrorLeavesWhatWasThere() throws IOException {
        Error wrong = new OutOfMemoryError();
        assertSame(wrong, assertThrows(OutOfMemoryError.class, () -> WholeFile.write(file, true, out -> {
            out.write(1);
            throw wrong;
        })));
        assertEquals("precious", Files.readString(file));
        assertEquals(List.of(), others());
    }
}
