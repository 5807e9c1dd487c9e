package beras.tables;

import beras.data.DataException;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.feed.Batches;
import beras.feed.Dataset;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/** The rows of a table to train on and those to validate: in memory, or read from the file in each epoch. */
public final class TableRows {

    /** In memory are rows that take no more than this share of the heap. */
    private static final int SHARE_OF_HEAP = 4;
    /** More than this share of it cannot be had for rows. */
    private static final double MOST_OF_HEAP = 0.75;
    /** What a row in a buffer takes besides its numbers. */
    private static final int ROW_OVERHEAD = 128;
    private static final int AHEAD = 2;
    private static final String ALL = "all";

    /** Rows of a file. */
    record Source(TableFile file, LongPredicate rows, long count) {}

    private final TableSchema schema;
    private final Source toTrain;
    private final Source toValidate;
    private final String buffer;
    private final int atATime;
    private final Examples training; // null: not in memory
    private final Examples validating; // null: not in memory, or none
    private Map<String, String> unreadable = Map.of();

    /**
     * @param buffer among how many rows to shuffle, or all; null for as many as the table alone decides, so that the
     *               weights do not depend on the heap
     * @param heap   how many bytes there are in all: decides where the rows are kept
     * @throws DataException if a file cannot be read as before
     * @throws IllegalArgumentException if the heap is too small for the rows that are to be shuffled
     */
    TableRows(TableSchema schema, Source toTrain, Source toValidate, String buffer, long heap) throws DataException {
        this.schema = schema;
        this.toTrain = toTrain;
        this.toValidate = toValidate;
        long count = toTrain.count + toValidate.count;
        long bytes = Float.BYTES * (long) (schema.width() + schema.targetWidth());
        boolean fits = bytes * count <= heap / SHARE_OF_HEAP && (long) schema.width() * count < Integer.MAX_VALUE;
        long rows = Math.max(1, TableDefaults.SHUFFLE_BYTES / (bytes + ROW_OVERHEAD));
        this.buffer = buffer != null ? requireBuffer(buffer) : rows >= count ? ALL : Long.toString(rows);
        requireRoom(bytes, count, heap);
        double left = heap * MOST_OF_HEAP - (fits ? bytes * count : 0);
        this.atATime = this.buffer.equals(ALL) ? Integer.MAX_VALUE : (int) Math.max(1, left / buffered(bytes, count));
        if (fits || this.buffer.equals(ALL)) {
            Part train = new Part(toTrain);
            Part validate = new Part(toValidate);
            if (toTrain.file.equals(toValidate.file)) {
                read(List.of(train, validate));
            } else {
                read(List.of(train));
                read(List.of(validate));
            }
            training = train.examples();
            validating = validate.count == 0 ? null : validate.examples();
        } else {
            training = null;
            validating = null;
        }
    }

    private void requireRoom(long bytes, long count, long heap) {
        double needed = buffer.equals(ALL) ? (double) bytes * count : buffered(bytes, count);
        if (needed > heap * MOST_OF_HEAP) {
            throw new IllegalArgumentException(toTrain.file + ": " + (buffer.equals(ALL) ? "all " + count : buffer)
                    + " rows are to be shuffled at a time, which take " + (long) (needed / (1 << 20)) + " MB, and the heap has "
                    + (heap >> 20) + " MB. Start Java with a larger -Xmx, or shuffle among fewer rows");
        }
    }

    /** How many bytes the rows of a buffer take. */
    private double buffered(long bytes, long count) {
        return Math.min(count, Double.parseDouble(buffer)) * (bytes + ROW_OVERHEAD);
    }

    /**
     * Refuses what is neither {@code all} nor a number of rows.
     *
     * @throws IllegalArgumentException if it is so
     */
    public static String requireBuffer(String text) {
        if (!text.equals(ALL) && !text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("it must be all, or a number of rows from 1 to 999999999. Received: " + text);
        }
        return text;
    }

    /** Reads parts of one file, in one pass. */
    private void read(List<Part> parts) throws DataException {
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(parts.get(0).source.file, schema,
                number -> parts.stream().anyMatch(part -> part.source.rows.test(number)))) {
            while (reader.next(row, 0)) {
                for (Part part : parts) {
                    if (part.source.rows.test(reader.row())) {
                        part.add(row, reader);
                    }
                }
            }
            unreadable = reader.unreadable();
        }
        for (Part part : parts) {
            if (part.count < part.size) {
                throw new DataException(part.source.file + ": the file became shorter while it was read");
            }
        }
    }

    /** Rows in memory, in arrays of the very size. */
    private final class Part {

        private final Source source;
        private final float[] inputs;
        private final float[] targets;
        private final int size;
        private int count;

        Part(Source source) throws DataException {
            if (source.count * Math.max(schema.width(), schema.targetWidth()) > Integer.MAX_VALUE - 8) {
                throw new DataException(source.file + ": all " + source.count + " rows do not fit into an array, let alone the"
                        + " heap. Shuffle among fewer");
            }
            this.source = source;
            this.size = (int) source.count;
            this.inputs = new float[this.size * schema.width()];
            this.targets = new float[this.size * schema.targetWidth()];
        }

        void add(float[] row, TableReader reader) throws DataException {
            if (count == size) {
                throw new DataException(source.file + ": the file became longer while it was read");
            }
            System.arraycopy(row, 0, inputs, count * row.length, row.length);
            reader.target(targets, count * schema.targetWidth());
            count++;
        }

        Examples examples() {
            return Examples.of(Tensor.wrap(inputs, size, schema.width()), Tensor.wrap(targets, size, schema.targetWidth()));
        }
    }

    /** What stands in columns of numbers and is none, a sentence by column; empty if the rows are not in memory. */
    public Map<String, String> unreadable() {
        return unreadable;
    }

    /** Among how many rows they are shuffled: a number, or all. */
    public String buffer() {
        return buffer;
    }

    /** How many trainings may go through the rows at a time, so that the buffers of all fit into the heap. */
    public int atATime() {
        return atATime;
    }

    /** Batches to train on, in another order in each epoch. */
    public Batches training(int batchSize, long seed) {
        if (buffer.equals(ALL)) {
            return Batches.shuffled(training, batchSize, seed);
        }
        Dataset rows = training == null ? stream(toTrain) : Dataset.of(training);
        return rows.shuffle(Integer.parseInt(buffer), seed).batch(batchSize).prefetch(AHEAD);
    }

    /** Batches to validate; empty if there are none. */
    public Optional<Batches> validation(int batchSize) {
        if (validating != null) {
            return Optional.of(Batches.of(validating, batchSize));
        }
        return toValidate.count == 0 ? Optional.empty() : Optional.of(stream(toValidate).batch(batchSize).prefetch(AHEAD));
    }

    private TableDataset stream(Source source) {
        return new TableDataset(source.file, schema, source.rows);
    }

    /** Whether the rows are in memory; else they are read from the file in each epoch. */
    public boolean inMemory() {
        return training != null;
    }
}
