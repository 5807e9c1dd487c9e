package beras.data.table;

import java.util.function.LongPredicate;

/**
 * Which rows of a table are for what, as a {@link TableSplit} found. Rows without a target, or of weight 0, are in no part. It takes one byte a
 * row.
 */
public final class TableParts {

    /** What a row is for. */
    enum Part {
        /** Nothing. */
        NONE,
        /** To train on. */
        TRAINING,
        /** To choose the epoch whose weights are kept. */
        VALIDATION,
        /** To tell how good the model is in the end. */
        TEST
    }

    private final byte[] parts; // by row, the ordinal of its part; null: all are to train on
    private final long[] counts = new long[Part.values().length];
    private final String how;

    /** @param how the rows were chosen, in words, such as {@code at random, each kind in proportion} */
    TableParts(byte[] parts, String how) {
        this.parts = parts;
        this.how = how;
        for (byte part : parts) {
            counts[part]++;
        }
    }

    private TableParts() {
        parts = null;
        how = "";
    }

    /** All rows to train on; how many there are is not known. */
    static TableParts allForTraining() {
        return new TableParts();
    }

    /** The rows to train on, counted from 0. */
    public LongPredicate training() {
        return parts == null ? row -> true : of(Part.TRAINING);
    }

    /** The validation rows, counted from 0. */
    public LongPredicate validation() {
        return parts == null ? row -> false : of(Part.VALIDATION);
    }

    /** The rows to test, counted from 0; only folds have such. */
    public LongPredicate test() {
        return parts == null ? row -> false : of(Part.TEST);
    }

    private LongPredicate of(Part part) {
        return row -> row < parts.length && parts[(int) row] == part.ordinal();
    }

    /** How many rows are to validate. */
    public long validationRows() {
        return counts[Part.VALIDATION.ordinal()];
    }

    /** How many rows are to test. */
    public long testRows() {
        return counts[Part.TEST.ordinal()];
    }

    /** How the rows were chosen, in words, such as {@code at random, each kind in proportion}; empty if all are to train on. */
    public String how() {
        return how;
    }
}
