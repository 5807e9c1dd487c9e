package beras.cli;

import beras.data.DataException;
import beras.data.TableDataset;
import beras.data.TableReader;
import beras.data.TableSchema;
import beras.feed.Batches;
import beras.feed.Dataset;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.nio.file.Path;
import java.util.function.LongPredicate;

/** The rows of a table to train on and those to validate: in memory, or read from the file in each epoch. */
final class TableRows {

    /** In memory are rows that take no more than this share of the heap. */
    private static final int SHARE_OF_HEAP = 4;
    /** A buffer to shuffle in takes no more than this share of it. */
    private static final int BUFFER_SHARE_OF_HEAP = 8;
    private static final int AHEAD = 2;
    private static final String ALL = "all";

    private final Path file;
    private final TableSchema schema;
    private final LongPredicate validation;
    private final long count;
    private final String buffer;
    private final Examples training; // null: not in memory
    private final Examples validating; // null: not in memory, or none

    /**
     * @param validation tells the rows to validate
     * @param count      how many rows there are
     * @param buffer     among how many rows to shuffle, or all; null to decide here
     * @param heap       how many bytes there are in all
     * @throws DataException if the file cannot be read as before
     */
    TableRows(Path file, TableSchema schema, LongPredicate validation, long count, String buffer, long heap)
            throws DataException {
        this.file = file;
        this.schema = schema;
        this.validation = validation;
        this.count = count;
        long bytes = Float.BYTES * (long) (schema.width() + schema.targetWidth());
        boolean fits = bytes * count <= heap / SHARE_OF_HEAP && (long) schema.width() * count < Integer.MAX_VALUE;
        this.buffer = buffer != null ? buffer : fits ? ALL
                : Long.toString(Math.max(1, Math.min(TrainDefaults.TABLE_SHUFFLE_BUFFER, heap / BUFFER_SHARE_OF_HEAP / bytes)));
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
