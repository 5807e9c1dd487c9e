package beras.files;

import static org.junit.jupiter.api.Assertions.*;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Tag("files")
class BytesTest {

    /** The system says what is wrong, but not with which file. */
    @Test
    void aFailureNamesTheFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Path failing = new WatchedFiles(WatchedFiles.failing("read"::equals)).path(file);
        try (Bytes bytes = Bytes.open(failing)) {
            FileSystemException e = assertThrows(FileSystemException.class, () -> bytes.read(0, 4));
            assertEquals(file + ": test", e.getMessage());
        }
        for (Executable use : List.<Executable>of(() -> Sha256.of(List.of(failing)), () -> WholeFile.readString(failing))) {
            assertEquals(file + ": test", assertThrows(FileSystemException.class, use).getMessage());
        }
    }

    private static final int FLOATS = 40_000; // more than one chunk
    private static final byte[] CONTENTS = contents();

    @TempDir
    Path folder;

    private static byte[] contents() {
        ByteBuffer bytes = ByteBuffer.allocate(4 * FLOATS).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < FLOATS; i++) {
            bytes.putFloat(i / 8f);
        }
        return bytes.array();
    }

    private Path file() throws IOException {
        return Files.write(folder.resolve("file"), CONTENTS);
    }

    private static void assertReads(Bytes bytes) throws Exception {
        assertEquals(CONTENTS.length, bytes.size());
        assertArrayEquals(Arrays.copyOfRange(CONTENTS, 5, 9), bytes.read(5, 4).array());
        assertEquals(0.125f, bytes.read(4, 4).getFloat(), "little-endian");
        assertEquals(0, bytes.read(CONTENTS.length, 0).remaining());
        float[] floats = new float[FLOATS + 1];
        bytes.readFloats(4, floats, 2, FLOATS - 1);
        assertEquals(0, floats[1]);
        assertEquals(0.125f, floats[2]);
        assertEquals((FLOATS - 1) / 8f, floats[FLOATS]);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        bytes.digest(3, CONTENTS.length - 1, digest);
        assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(Arrays.copyOfRange(CONTENTS, 3, CONTENTS.length - 1)),
                digest.digest());
        assertThrows(EOFException.class, () -> bytes.read(CONTENTS.length - 3, 4));
        assertThrows(EOFException.class, () -> bytes.read(CONTENTS.length + 1L, 1));
        assertThrows(EOFException.class, () -> bytes.read(0, Integer.MAX_VALUE), "before there is memory for them");
        assertThrows(EOFException.class, () -> bytes.readFloats(8, floats, 0, FLOATS - 1));
    }

    @Test
    void ofAFileAreReadAtAnyPlace() throws Exception {
        try (Bytes bytes = Bytes.open(file())) {
            assertReads(bytes);
        }
    }

    /** A pipe has no places, so all of it is read first. */
    @Test
    @Timeout(60)
    void ofAPipeAreReadTheSame() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Thread writer = new Thread(() -> {
            try (OutputStream out = Files.newOutputStream(pipe, StandardOpenOption.WRITE)) {
                out.write(CONTENTS);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        writer.start();
        try (Bytes bytes = Bytes.open(pipe)) {
            assertReads(bytes);
        }
        writer.join();
    }

    @Test
    void aFileThatBecomesShorterIsFound() throws IOException {
        Path file = file();
        try (Bytes bytes = Bytes.open(file); FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(10);
            assertEquals("the file became shorter while it was read",
                    assertThrows(EOFException.class, () -> bytes.read(8, 4)).getMessage());
        }
    }

    @Test
    void whatIsNoFileCannotBeOpened() {
        assertThrows(NoSuchFileException.class, () -> Bytes.open(folder.resolve("none")));
        assertThrows(IOException.class, () -> Bytes.open(folder));
    }
}
