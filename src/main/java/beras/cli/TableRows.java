package beras.cli;

import beras.data.DataException;
import beras.data.TableDataset;
import beras.data.TableFile;
import beras.data.TableReader;
import beras.data.TableSchema;
import beras.feed.Batches;
import beras.feed.Dataset;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.util.Map;
import java.util.function.LongPredicate;

/** The rows of a table to train on and those to validate: in memory, or read from the file in each epoch. */
final class TableRows {

    /** In memory are rows that take no more than this share of the heap. */
    private static final int SHARE_OF_HEAP = 4;
    /** More than this share of it cannot be had for rows. */
    private static final double MOST_OF_HEAP = 0.75;
    /** What a row in a buffer takes besides its numbers. */
    private static final int ROW_OVERHEAD = 128;
    private static final int AHEAD = 2;
    private static final String ALL = "all";

    private final TableFile file;
    private final TableSchema schema;
    private final LongPredicate validation;
    private final long count;
    private final String buffer;
    private final Examples training; // null: not in memory
    private final Examples validating; // null: not in memory, or none
    private Map<String, String> unreadable = Map.of();

    /**
     * @param validation tells the rows to validate
     * @param count      how many rows there are
     * @param buffer     among how many rows to shuffle, or all; null for as many as the table alone decides, so that the
     *                   weights do not depend on the heap
     * @param heap       how many bytes there are in all: decides where the rows are kept
     * @throws DataException if the file cannot be read as before
     * @throws Failure if the heap is too small for the rows that are to be shuffled
     */
    TableRows(TableFile file, TableSchema schema, LongPredicate validation, long count, String buffer, long heap)
            throws DataException {
        this.file = file;
        this.schema = schema;
        this.validation = validation;
        this.count = count;
        long bytes = Float.BYTES * (long) (schema.width() + schema.targetWidth());
        boolean fits = bytes * count <= heap / SHARE_OF_HEAP && (long) schema.width() * count < Integer.MAX_VALUE;
        long rows = Math.max(1, TrainDefaults.TABLE_SHUFFLE_BYTES / (bytes + ROW_OVERHEAD));
        this.buffer = buffer != null ? buffer : rows >= count ? ALL : Long.toString(rows);
        requireRoom(bytes, heap);
        if (fits || this.buffer.equals(ALL)) {
            Part toTrain = new Part(schema.rows());
            Part toValidate = new Part(count - schema.rows());
            read(toTrain, toValidate);
            training = toTrain.examples();
            validating = toValidate.count == 0 ? null : toValidate.examples();
        } else {
            training = null;
            validating = null;
        }
    }

    private void requireRoom(long bytes, long heap) {
        double needed = buffer.equals(ALL) ? (double) bytes * count
                : Math.min(count, Double.parseDouble(buffer)) * (bytes + ROW_OVERHEAD);
        if (needed > heap * MOST_OF_HEAP) {
            throw new Failure(Exit.FAILED, file + ": " + (buffer.equals(ALL) ? "all " + count : buffer)
                    + " rows are to be shuffled at a time, which take " + (long) (needed / (1 << 20)) + " MB, and the heap has "
                    + (heap >> 20) + " MB. Start Java with a larger -Xmx, or take a smaller number for --shuffle-buffer");
        }
    }

    /** Refuses what is neither {@code all} nor a number of rows. */
    static String requireBuffer(String text) {
        if (!text.equals(ALL) && !text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("it must be all, or a number of rows from 1 to 999999999. Received: " + text);
        }
        return text;
    }

    private void read(Part toTrain, Part toValidate) throws DataException {
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(file, schema, any -> true)) {
            while (reader.next(row, 0)) {
                (validation.test(reader.row()) ? toValidate : toTrain).add(row, reader);
            }
            unreadable = reader.unreadable();
        }
        if (toTrain.count < toTrain.size || toValidate.count < toValidate.size) {
            throw new Failure(Exit.BAD_DATA, file + ": the file became shorter while it was read");
        }
    }

    /** Rows in memory, in arrays of the very size. */
    private final class Part {

        private final float[] inputs;
        private final float[] targets;
        private final int size;
        private int count;

        Part(long size) {
            if (size * Math.max(schema.width(), schema.targetWidth()) > Integer.MAX_VALUE - 8) {
                throw new Failure(Exit.BAD_DATA, file + ": all " + size + " rows do not fit into an array, let alone the heap."
                        + " Take a number for --shuffle-buffer");
            }
            this.size = (int) size;
            this.inputs = new float[this.size * schema.width()];
            this.targets = new float[this.size * schema.targetWidth()];
        }

        void add(float[] row, TableReader reader) {
            if (count == size) {
                throw new Failure(Exit.BAD_DATA, file + ": the file became longer while it was read");
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
    Map<String, String> unreadable() {
        return unreadable;
    }

    /** Among how many rows they are shuffled: a number, or all. */
    String buffer() {
        return buffer;
    }

    /** Batches to train on, in another order in each epoch. */
    Batches training(int batchSize, long seed) {
        if (buffer.equals(ALL)) {
            return Batches.shuffled(training, batchSize, seed);
        }
        Dataset rows = training == null ? new TableDataset(file, schema, validation.negate()) : Dataset.of(training);
        return rows.shuffle(Integer.parseInt(buffer), seed).batch(batchSize).prefetch(AHEAD);
    }

    /** Batches to validate; null if there are none. */
    Batches validation(int batchSize) {
        if (validating != null) {
            return Batches.of(validating, batchSize);
        }
        return count == schema.rows() ? null : new TableDataset(file, schema, validation).batch(batchSize).prefetch(AHEAD);
    }

    /** Where the rows are and how they are shuffled, in words. */
    String describe() {
        String where = training == null ? "read from the file in each epoch" : "kept in memory";
        return Text.count(schema.rows(), "row") + " to train on and " + (count - schema.rows()) + " to validate, of "
                + Text.count(schema.width(), "feature") + ", are " + where + "; shuffled "
                + (buffer.equals(ALL) ? "as a whole" : "among " + buffer + " at a time");
    }
}
