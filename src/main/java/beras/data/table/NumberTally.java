package beras.data.table;

/** What the cells of a column are as numbers, if these are read in one way. */
final class NumberTally {

    /** Below this a sum of squares has lost digits. */
    private static final double TINY = 0x1p-900;
    private static final double LIFT = 0x1p600;

    /** A cell with its line. */
    record Place(long line, String cell) {}

    private long count;
    private Place firstOther; // the first cell that is no finite number
    private boolean texts; // cells that are no numbers at all

    private double mean;
    private double squares;
    /** The same of numbers times {@link #LIFT}: squares of tiny numbers would vanish. */
    private double liftedMean;
    private double liftedSquares;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private boolean whole = true;
    private boolean rising = true;
    private double last = Double.NEGATIVE_INFINITY;

    /** Takes in what a cell of the table's current row says; NaN if that is no number, infinity if it is not finite. */
    void add(double value, Table table, int column) {
        if (Double.isFinite(value)) {
            add(value);
            return;
        }
        texts |= Double.isNaN(value);
        if (firstOther == null) {
            firstOther = new Place(table.line(column), table.cell(column));
        }
    }

    /** Takes in a finite number. */
    void add(double value) {
        count++;
        // Welford's sums, in the order of the rows.
        double before = value - mean;
        mean += before / count;
        squares += before * (value - mean);
        if (squares < TINY) {
            double lifted = value * LIFT;
            double liftedBefore = lifted - liftedMean;
            liftedMean += liftedBefore / count;
            liftedSquares += liftedBefore * (lifted - liftedMean);
        }
        least = Math.min(least, value);
        most = Math.max(most, value);
        whole &= value == Math.rint(value);
        rising &= value > last;
        last = value;
    }

    /** How many cells are finite numbers. */
    long count() {
        return count;
    }

    /** The first cell that has a value but is no finite number; null if there is none. */
    Place firstOther() {
        return firstOther;
    }

    /** Whether some cells are no numbers at all. */
    boolean hasTexts() {
        return texts;
    }

    /** The smallest number; positive infinity if there is none. */
    double least() {
        return least;
    }

    /** The largest number; negative infinity if there is none. */
    double most() {
        return most;
    }

    double mean() {
        return mean;
    }

    /** Whether all numbers are whole. */
    boolean isWhole() {
        return whole;
    }

    /** Whether each number is greater than the one before. */
    boolean isRising() {
        return rising;
    }

    /** The deviation of the numbers, dividing by their number; 0 only if they are one. */
    double deviation() {
        if (least >= most) {
            return 0;
        }
        double deviation = squares < TINY ? Math.sqrt(liftedSquares / count) / LIFT : Math.sqrt(squares / count);
        return Math.max(deviation, Double.MIN_VALUE);
    }
}
