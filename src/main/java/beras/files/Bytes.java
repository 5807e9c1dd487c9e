package beras.files;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * The bytes of a file or in memory, with random access; a pipe, which has none, is read into memory first.
 */
public abstract class Bytes implements Closeable {

    private static final int CHUNK = 1 << 16;

    /**
     * Opens a file.
     *
     * @throws FileSystemException if it cannot be read; so does each method that reads
     */
    public static Bytes open(Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            return new OfChannel(file, FileChannel.open(file, StandardOpenOption.READ));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new OfArray(in.readAllBytes());
        } catch (IOException e) {
            throw FileFailure.withFile(file, e);
        }
    }

    /** Bytes in memory, which are not copied. */
    public static Bytes of(byte[] bytes) {
        return new OfArray(bytes);
    }

    /** How many there are. */
    public abstract long size();

    /** Fills a buffer from place {@code at} on; there were so many bytes when the file was opened. */
    abstract void fill(long at, ByteBuffer buffer) throws IOException;

    /**
     * Some bytes, as little-endian numbers.
     *
     * @throws EOFException if the file ends before them
     * @throws IOException if it cannot be read
     */
    public final ByteBuffer read(long at, int count) throws IOException {
        if (count > size() - at) { // before there is memory for them
            throw new EOFException("the file ends at byte " + size());
        }
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill(at, buffer);
        return buffer.flip();
    }

    /**
     * Reads little-endian floats into {@code count} elements of an array from index {@code from} on.
     *
     * @throws IOException as {@link #read}
     */
    public final void readFloats(long at, float[] into, int from, int count) throws IOException {
        for (int done = 0; done < count; ) {
            int some = Math.min(CHUNK / Float.BYTES, count - done);
            read(at + (long) Float.BYTES * done, some * Float.BYTES).asFloatBuffer().get(into, from + done, some);
            done += some;
        }
    }

    /**
     * Gives the bytes from {@code from} (inclusive) to {@code to} (exclusive) to a digest.
     *
     * @throws IOException as {@link #read}
     */
    public final void digest(long from, long to, MessageDigest digest) throws IOException {
        for (long at = from; at < to; at += CHUNK) {
            digest.update(read(at, (int) Math.min(CHUNK, to - at)));
        }
    }

    @Override
    public abstract void close() throws IOException;

    private static final class OfChannel extends Bytes {

        private final Path file;
        private final FileChannel channel;
        private final long size;

        OfChannel(Path file, FileChannel channel) throws IOException {
            this.file = file;
            this.channel = channel;
            try {
                this.size = channel.size();
            } catch (IOException e) {
                channel.close();
                throw FileFailure.named(file, e);
            }
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        void fill(long at, ByteBuffer buffer) throws IOException {
            while (buffer.hasRemaining()) {
                if (read(buffer, at + buffer.position()) < 0) {
                    throw new EOFException("the file became shorter while it was read");
                }
            }
        }

        private int read(ByteBuffer buffer, long at) throws FileSystemException {
            try {
                return channel.read(buffer, at);
            } catch (IOException e) {
                throw FileFailure.named(file, e);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class OfArray extends Bytes {

        private final byte[] bytes;

        OfArray(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        void fill(long at, ByteBuffer buffer) {
            buffer.put(bytes, (int) at, buffer.remaining());
        }

        @Override
        public void close() {}
    }
}
