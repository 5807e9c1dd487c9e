package beras.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of bytes, written one after the other and then read as often as one likes: in memory if they are few, else in a
 * temporary file.
 *
 * <p>The file is mapped into memory, which the system fills and empties as it has room, and nobody else sees it: it is gone when
 * nothing refers to it any more, however Java ends.
 */
public final class ScratchBytes implements Closeable {

    /** A mapping has to be smaller than 2 GB. */
    private static final int SEGMENT = 1 << 30;
    private static final int BUFFER = 1 << 20;

    private final String suffix;
    private final int segmentSize;
    private final List<Long> starts = new ArrayList<>(List.of(0L)); // of the segments
    private ByteBuffer buffer;
    private FileChannel channel; // null: all is in the buffer
    private long flushed;

    /** @param suffix in which the name of the file ends */
    public ScratchBytes(String suffix) {
        this(suffix, SEGMENT);
    }

    /** @param segmentSize how many bytes a segment has at most, unless a single record has more */
    public ScratchBytes(String suffix, int segmentSize) {
        this.suffix = suffix;
        this.segmentSize = segmentSize;
        this.buffer = allocate(Math.min(BUFFER, segmentSize));
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /**
     * Begins a record.
     *
     * @param size how many bytes it has
     * @return a buffer for them, to be filled before any other call
     * @throws IOException if there is no room for the earlier records
     */
    public ByteBuffer record(int size) throws IOException {
        if (buffer.remaining() < size) {
            flush();
            buffer = buffer.capacity() < size ? allocate(size) : buffer;
        }
        long start = written();
        long first = starts.get(starts.size() - 1);
        if (start + size - first > segmentSize && start > first) {
            starts.add(start);
        }
        return buffer;
    }

    private long written() {
        return flushed + buffer.position();
    }

    private void flush() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(Files.createTempFile("beras-", suffix), StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        }
        buffer.flip();
        flushed += buffer.limit();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /**
     * All records in segments, which end where a record does, in the order of bytes of this machine.
     *
     * @throws IOException if there is no room for them
     */
    public List<ByteBuffer> finish() throws IOException {
        if (channel != null) {
            flush();
        }
        starts.add(written());
        List<ByteBuffer> segments = new ArrayList<>();
        for (int i = 0; i + 1 < starts.size(); i++) {
            long size = starts.get(i + 1) - starts.get(i);
            if (size > 0) {
                ByteBuffer segment = channel == null ? buffer.slice(Math.toIntExact(starts.get(i)), (int) size).asReadOnlyBuffer()
                        : channel.map(MapMode.READ_ONLY, starts.get(i), size);
                segments.add(segment.order(ByteOrder.nativeOrder()));
            }
        }
        return segments;
    }

    /** Reads all bytes of some segments, one after the other; several may be read at a time. */
    public static InputStream stream(List<ByteBuffer> segments) {
        List<ByteBuffer> own = segments.stream().map(ByteBuffer::duplicate).toList();
        return new InputStream() {

            private int current;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                while (current < own.size() && !own.get(current).hasRemaining()) {
                    current++;
                }
                if (current == own.size()) {
                    return length == 0 ? 0 : -1;
                }
                int count = Math.min(length, own.get(current).remaining());
                own.get(current).get(into, from, count);
                return count;
            }

            @Override
            public int available() {
                return current == own.size() ? 0 : own.get(current).remaining();
            }
        };
    }

    /** Closes the file; finished records stay. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
