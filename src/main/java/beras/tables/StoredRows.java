package beras.tables;

import beras.data.DataException;
import beras.feed.Dataset;
import beras.feed.Example;
import beras.feed.ExampleSpec;
import beras.files.FileFailure;
import beras.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of numbers in a temporary file, for a table that does not fit into memory: so its text is read once, and not in every epoch.
 * Rows that are mostly zeros, as one-hot columns make them, are stored as what is not zero and its places.
 *
 * <p>The file is mapped into memory, which the system fills and empties as it has room, and nobody else sees it: it is gone when
 * nothing refers to it any more, however Java ends.
 */
final class StoredRows implements Dataset {

    /** Stands where a row has the number of its pairs of place and number: it has all numbers. */
    private static final int DENSE = -1;
    /** A mapping has to be smaller than 2 GB. */
    private static final int SEGMENT = 1 << 30;
    private static final int BUFFER = 1 << 20;

    private final ExampleSpec spec;
    private final List<ByteBuffer> segments;

    private StoredRows(ExampleSpec spec, List<ByteBuffer> segments) {
        this.spec = spec;
        this.segments = segments;
    }

    @Override
    public ExampleSpec spec() {
        return spec;
    }

    @Override
    public Reader open(int epoch) {
        return new Rows();
    }

    private final class Rows implements Reader {

        private int segment = -1;
        private int at;
        private int end;
        private IntBuffer integers; // two views of a segment
        private FloatBuffer floats;

        @Override
        public boolean next(Example into) {
            if (at == end && !nextSegment()) {
                return false;
            }
            read(into.input(0));
            float[] target = into.target(0);
            floats.get(at, target);
            at += target.length;
            return true;
        }

        private boolean nextSegment() {
            segment++;
            if (segment >= segments.size()) {
                return false;
            }
            ByteBuffer bytes = segments.get(segment).duplicate().order(ByteOrder.nativeOrder());
            integers = bytes.asIntBuffer();
            floats = bytes.asFloatBuffer();
            at = 0;
            end = floats.limit();
            return true;
        }

        private void read(float[] row) {
            int pairs = integers.get(at++);
            if (pairs == DENSE) {
                floats.get(at, row);
                at += row.length;
                return;
            }
            Arrays.fill(row, 0);
            for (int i = 0; i < pairs; i++) {
                row[integers.get(at + 2 * i)] = floats.get(at + 2 * i + 1);
            }
            at += 2 * pairs;
        }
    }

    /** Stores rows one by one. */
    static final class Writer implements AutoCloseable {

        private final ExampleSpec spec;
        private final FileChannel channel;
        private final ByteBuffer buffer;
        private final int segmentSize;
        private final List<Long> starts = new ArrayList<>(List.of(0L)); // of the segments

        /** @throws DataException if there can be no temporary file */
        Writer(int width, int targetWidth) throws DataException {
            this(width, targetWidth, SEGMENT);
        }

        /** @param segmentSize how many bytes a segment has at most, unless a single row has more */
        Writer(int width, int targetWidth, int segmentSize) throws DataException {
            this.spec = ExampleSpec.of(Shape.of(width), Shape.of(targetWidth));
            this.segmentSize = segmentSize;
            int row = Math.multiplyExact(Float.BYTES, Math.addExact(Math.addExact(width, targetWidth), 1));
            this.buffer = ByteBuffer.allocateDirect(Math.max(BUFFER, row)).order(ByteOrder.nativeOrder());
            try {
                Path file = Files.createTempFile("beras-", ".rows");
                channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
            } catch (IOException e) {
                throw noRoom(e);
            }
        }

        private static DataException noRoom(IOException e) {
            return new DataException("expected room for the rows as numbers in " + System.getProperty("java.io.tmpdir")
                    + ". Received: " + FileFailure.reason(e) + ". Name another folder with -Djava.io.tmpdir, or start Java with a"
                    + " larger -Xmx, so that they fit into memory", e);
        }

        /**
         * Adds a row.
         *
         * @throws DataException if there is no room for it
         */
        void add(float[] input, float[] target) throws DataException {
            int others = 0; // than zero
            for (float number : input) {
                others += isZero(number) ? 0 : 1;
            }
            boolean dense = 2L * others >= input.length;
            int size = Float.BYTES * (1 + (dense ? input.length : 2 * others) + target.length);
            try {
                if (buffer.remaining() < size) {
                    flush();
                }
                long start = channel.position() + buffer.position();
                long first = starts.get(starts.size() - 1);
                if (start + size - first > segmentSize && start > first) {
                    starts.add(start);
                }
            } catch (IOException e) {
                throw noRoom(e);
            }
            buffer.putInt(dense ? DENSE : others);
            for (int i = 0; i < input.length; i++) {
                if (dense) {
                    buffer.putFloat(input[i]);
                } else if (!isZero(input[i])) {
                    buffer.putInt(i).putFloat(input[i]);
                }
            }
            for (float number : target) {
                buffer.putFloat(number);
            }
        }

        /** Not so -0, whose bits are to stay. */
        private static boolean isZero(float number) {
            return Float.floatToRawIntBits(number) == 0;
        }

        private void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }

        /**
         * All rows, in their order.
         *
         * @throws DataException if there is no room for them
         */
        StoredRows finish() throws DataException {
            try {
                flush();
                starts.add(channel.position());
                List<ByteBuffer> segments = new ArrayList<>();
                for (int i = 0; i + 1 < starts.size(); i++) {
                    long size = starts.get(i + 1) - starts.get(i);
                    if (size > 0) {
                        segments.add(channel.map(MapMode.READ_ONLY, starts.get(i), size));
                    }
                }
                return new StoredRows(spec, segments);
            } catch (IOException e) {
                throw noRoom(e);
            }
        }

        /** Closes the file; what is mapped stays. */
        @Override
        public void close() throws DataException {
            try {
                channel.close();
            } catch (IOException e) {
                throw noRoom(e);
            }
        }
    }
}
