package beras.data.table;

import beras.data.table.Table.Place;

/** The numbers of a column: their mean and deviation, or a sample of them. */
final class NumberStatistics {

    /** Below this a sum of squares has lost digits. */
    private static final double TINY = 0x1p-900;
    private static final double LIFT = 0x1p600;

    private final NumberSample sample; // null: mean and deviation are counted instead
    private long count;
    private Place firstOther; // the first cell that is no finite number
    private boolean texts; // cells that are no numbers at all
    private double mean;
    private double squares;
    /** The same of numbers times {@link #LIFT}: squares of tiny numbers would vanish. */
    private double liftedMean;
    private double liftedSquares;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private String minText = "";
    private String maxText = "";
    private boolean whole = true;
    private boolean rising = true;
    private double last = Double.NEGATIVE_INFINITY;

    /** @param sampled so many numbers are kept at most, in place of mean and deviation; 0: none */
    NumberStatistics(int sampled) {
        sample = sampled == 0 ? null : new NumberSample(sampled);
    }

    /** Takes in what a cell of the table's current row says; NaN if that is no number, infinity if it is not finite. */
    void add(double value, Table table, int column) {
        if (Double.isFinite(value)) {
            minText = value < min ? table.cell(column) : minText;
            maxText = value > max ? table.cell(column) : maxText;
            add(value);
            return;
        }
        texts |= Double.isNaN(value);
        firstOther = firstOther == null ? new Place(table.line(), table.cell(column)) : firstOther;
    }

    /** Takes in a finite number. */
    void add(double value) {
        count++;
        if (sample == null) {
            addToMoments(value);
        }
        min = Math.min(min, value);
        max = Math.max(max, value);
        whole &= value == Math.rint(value);
        rising &= value > last;
        last = value;
    }

    private void addToMoments(double value) {
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
    double min() {
        return min;
    }

    /** The largest number; negative infinity if there is none. */
    double max() {
        return max;
    }

    /** The cell of the smallest number, for a mark of missing values is compared as text. */
    String minText() {
        return minText;
    }

    /** The cell of the largest number. */
    String maxText() {
        return maxText;
    }

    /** The numbers, or some of them; only if they are kept. */
    NumberSample sample() {
        return sample;
    }

    /** Only if no numbers are kept. */
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

    /** The standard deviation of the numbers, dividing by their number; 0 only if they are one. Only if no numbers are kept. */
    double standardDeviation() {
        if (min >= max) {
            return 0;
        }
        double standardDeviation = squares < TINY ? Math.sqrt(liftedSquares / count) / LIFT : Math.sqrt(squares / count);
        return Math.max(standardDeviation, Double.MIN_VALUE);
    }
}
