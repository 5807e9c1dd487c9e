package beras.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    /** A disk with room for some bytes more, which it takes a few at a time. */
    private record FullDisk(FileChannel file, int[] room, IOException failure, IOException failureToTruncate)
            implements SeekableByteChannel {

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (room[0] == 0) {
                throw failure;
            }
            int count = Math.min(Math.min(3, room[0]), source.remaining());
            room[0] -= count;
            file.write(source.slice(source.position(), count));
            source.position(source.position() + count);
            return count;
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            if (failureToTruncate != null) {
                throw failureToTruncate;
            }
            file.truncate(size);
            return this;
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
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
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            IOException failure = new IOException("no space left");
            FullDisk disk = new FullDisk(channel, new int[] {10}, failure, null);
            AppendedFile.append(disk, bytes("fits\n"));
            assertSame(failure, assertThrows(IOException.class, () -> AppendedFile.append(disk, bytes("does not\n"))));
        }
        assertEquals("first\nfits\n", Files.readString(file));
    }

    @Test
    void theFirstFailureIsReported() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            IOException failure = new IOException("no space left");
            IOException worse = new IOException("gone");
            Exception e = assertThrows(IOException.class,
                    () -> AppendedFile.append(new FullDisk(channel, new int[] {0}, failure, worse), bytes("x")));
            assertSame(failure, e);
            assertSame(worse, e.getSuppressed()[0]);
        }
    }

    @Test
    void noFileIsMade() {
        assertThrows(NoSuchFileException.class, () -> AppendedFile.append(folder.resolve("other"), bytes("x")));
    }
}
