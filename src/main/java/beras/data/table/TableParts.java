package beras.data.table;

import java.util.function.LongPredicate;

/**
 * The part of each row of a table, as determined by a {@link TableSplit}. Rows without a target, or of weight 0, are in no
 * part. It takes one byte a row.
 */
public final class TableParts {

    /** The part of a row. */
    enum Part {
        /** Nothing. */
        NONE,
        /** To train on. */
        TRAINING,
        /** To choose the epoch whose weights are kept. */
        VALIDATION,
        /** To measure how good the model is in the end. */
        TEST
    }

    /** The mark of a row of the second fold; later folds follow. */
    private static final int SECOND_FOLD = Part.values().length;
    /** There are at most so many folds. */
    static final int MOST_FOLDS = Byte.MAX_VALUE - SECOND_FOLD;

    private final byte[] parts; // by row, the ordinal of its part, or of its fold if that is not the first; null: all are to train on
    private final long[] counts = new long[SECOND_FOLD + MOST_FOLDS];
    private final String how;
    private final int folds;

    /** @param how the rows were chosen, in words, such as {@code at random, each kind in proportion} */
    TableParts(byte[] parts, String how) {
        this.parts = parts;
        this.how = how;
        int most = 0;
        for (byte part : parts == null ? new byte[0] : parts) {
            counts[part]++;
            most = Math.max(most, part);
        }
        this.folds = counts[Part.VALIDATION.ordinal()] == 0 ? 0 : Math.max(1, most - SECOND_FOLD + 2);
    }

    /** Marks training rows as rows of a fold, from 1 on; the first fold is the validation rows. */
    static void mark(int row, int fold, byte[] parts) {
        parts[row] = (byte) (fold == 0 ? Part.VALIDATION.ordinal() : SECOND_FOLD + fold - 1);
    }

    /** All rows are for training; their number is not known. */
    static TableParts allForTraining() {
        return new TableParts(null, "");
    }

    /** The rows to train on, counted from 0. */
    public LongPredicate training() {
        return parts == null ? row -> true : row -> row < parts.length
                && (parts[(int) row] == Part.TRAINING.ordinal() || parts[(int) row] >= SECOND_FOLD);
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

    /**
     * The number of folds, of which each member of an ensemble may hold out another; 1 if all hold out the validation rows, 0
     * if there are none.
     */
    public int folds() {
        return folds;
    }

    /** The fold of a row to train on or to validate, from 0, which are the validation rows; -1 if it is in none. */
    public int fold(long row) {
        int part = parts == null || row >= parts.length ? Part.TRAINING.ordinal() : parts[(int) row];
        return part == Part.VALIDATION.ordinal() ? 0 : part < SECOND_FOLD ? -1 : part - SECOND_FOLD + 1;
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
