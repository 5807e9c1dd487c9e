package beras.tables;

import beras.data.DataException;
import beras.feed.Dataset;
import beras.feed.Example;
import beras.feed.ExampleSpec;
import beras.files.FileFailure;
import beras.files.ScratchBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of numbers in a temporary file, for a table that does not fit into memory: so they are made once, and not in every epoch.
 * Rows that are mostly zeros, as one-hot columns make them, are stored as what is not zero and its places.
 */
final class StoredRows implements Dataset {

    /** Stands where a row has the number of its pairs of place and number: it has all numbers. */
    private static final int DENSE = -1;
    private static final String SUFFIX = ".rows"; // of the name of the file

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
            if (spec.weighted()) {
                into.weight(floats.get(at++));
            }
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
        private final ScratchBytes bytes;

        /** @param spec of rows, each of one input and one target of rank 1 */
        Writer(ExampleSpec spec) {
            this(spec, new ScratchBytes(SUFFIX));
        }

        /** @param segmentSize how many bytes a segment has at most, unless a single row has more */
        Writer(ExampleSpec spec, int segmentSize) {
            this(spec, new ScratchBytes(SUFFIX, segmentSize));
        }

        private Writer(ExampleSpec spec, ScratchBytes bytes) {
            this.spec = spec;
            this.bytes = bytes;
        }

        private static DataException noRoom(IOException e) {
            return new DataException("expected room for the rows as numbers in " + System.getProperty("java.io.tmpdir")
                    + ". Received: " + FileFailure.reason(e) + ". Name another folder with -Djava.io.tmpdir, or start Java with a"
                    + " larger -Xmx, so that they fit into memory", e);
        }

        /**
         * Adds a row.
         *
         * @param weight is kept if rows have weights
         * @throws DataException if there is no room for it
         */
        void add(float[] input, float[] target, float weight) throws DataException {
            int others = 0; // than zero
            for (float number : input) {
                others += isZero(number) ? 0 : 1;
            }
            boolean dense = 2L * others >= input.length;
            int size = Math.multiplyExact(Float.BYTES, 1 + (dense ? input.length : 2 * others) + target.length
                    + (spec.weighted() ? 1 : 0));
            ByteBuffer buffer;
            try {
                buffer = bytes.record(size);
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
            if (spec.weighted()) {
                buffer.putFloat(weight);
            }
        }

        /** Not so -0, whose bits are to stay. */
        private static boolean isZero(float number) {
            return Float.floatToRawIntBits(number) == 0;
        }

        /**
         * All rows, in their order.
         *
         * @throws DataException if there is no room for them
         */
        StoredRows finish() throws DataException {
            try {
                return new StoredRows(spec, bytes.finish());
            } catch (IOException e) {
                throw noRoom(e);
            }
        }

        /** Closes the file; what is mapped stays. */
        @Override
        public void close() throws DataException {
            try {
                bytes.close();
            } catch (IOException e) {
                throw noRoom(e);
            }
        }
    }
}
