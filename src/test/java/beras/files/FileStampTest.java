package beras.files;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("files")
class FileStampTest {

    @TempDir
    Path folder;

    @Test
    void noticesEveryKindOfChange() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "12345");
        FileTime time = Files.getLastModifiedTime(file);
        FileStamp stamp = FileStamp.of(file);
        assertTrue(stamp.isPlainFile() && stamp.holds());
        Files.readString(file);
        assertTrue(stamp.holds(), "to read it changes nothing");
        Files.writeString(file, "123456");
        Files.setLastModifiedTime(file, time);
        assertFalse(stamp.holds(), "size");
        Files.writeString(file, "54321");
        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 5000));
        assertFalse(stamp.holds(), "time");
        Files.delete(file);
        assertFalse(stamp.holds(), "gone");
        assertThrows(NoSuchFileException.class, () -> FileStamp.of(file));
    }
}
