package beras.data.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import beras.data.image.Idx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("data")
class NewFileTest {

    @TempDir
    Path folder;

    private static final CopyOption[] REPLACE = {StandardCopyOption.REPLACE_EXISTING};
    private static final CopyOption[] NEW = {};

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.collect(Collectors.toList());
        }
    }

    @Test
    void replacesWhatWasThere() throws IOException {
        Path path = folder.resolve("file");
        NewFile.write(path, REPLACE, out -> out.write("a long first text".getBytes(StandardCharsets.UTF_8)));
        NewFile.write(path, REPLACE, out -> out.write("second".getBytes(StandardCharsets.UTF_8)));
        assertEquals("second", Files.readString(path));
        assertEquals(List.of(path), files());
    }

    @Test
    void replacesNothingUnasked() throws IOException {
        Path path = folder.resolve("file");
        NewFile.write(path, NEW, out -> out.write(1));
        assertThrows(FileAlreadyExistsException.class, () -> NewFile.write(path, NEW, out -> out.write(2)));
        assertThrows(UnsupportedOperationException.class,
                () -> NewFile.write(path, new CopyOption[] {StandardCopyOption.ATOMIC_MOVE}, out -> out.write(2)));
        assertEquals(1, Files.size(path));
        byte[] labels = {1, 2};
        assertThrows(FileAlreadyExistsException.class, () -> Idx.write(path, labels));
        Idx.write(path, labels, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(10, Files.size(path));
    }

    @Test
    void aFailedWriteLeavesWhatWasThere() throws IOException {
        Path path = Files.writeString(folder.resolve("file"), "before");
        IOException full = new IOException("disk full");
        IOException thrown = assertThrows(IOException.class, () -> NewFile.write(path, REPLACE, out -> {
            out.write(new byte[1 << 20]);
            throw full;
        }));
        assertEquals(full, thrown);
        assertEquals("before", Files.readString(path));
        assertEquals(List.of(path), files());
    }

    @Test
    void whatIsThereStaysWholeWhileTheNewIsWritten() throws IOException {
        Path path = Files.writeString(folder.resolve("file"), "before");
        NewFile.write(path, REPLACE, out -> {
            out.write(new byte[1 << 20]);
            assertEquals("before", Files.readString(path));
        });
        assertEquals(1 << 20, Files.size(path));
    }
}
