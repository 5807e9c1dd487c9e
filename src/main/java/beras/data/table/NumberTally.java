package beras.data.table;

import beras.data.rows.CsvRows;
import java.io.Serializable;

/** What the cells of a column are as numbers, if these are read in one way: their mean and deviation, or some of them. */
final class NumberTally implements Serializable {

    private static final long serialVersionUID = 1;

    /** Below this a sum of squares has lost digits. */
    private static final double TINY = 0x1p-900;
    private static final double LIFT = 0x1p600;

    /** A cell with its line. */
    record Place(long line, String cell) implements Serializable {

        private static final long serialVersionUID = 1;

        /** As messages show it. */
        String shown() {
            return CsvRows.shown(cell) + (line == 0 ? "" : " in line " + line);
        }
    }

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
    private boolean whole = true;
    private boolean rising = true;
    private double first = Double.POSITIVE_INFINITY;
    private double last = Double.NEGATIVE_INFINITY;
    private String minText; // as it is written; null: not known
    private String maxText;
    private final NumberSample sample; // null: mean and deviation are counted instead

    /** Of numbers of which mean and deviation are asked. */
    NumberTally() {
        this(0);
    }

    /** @param sampled so many numbers are kept at most, in place of mean and deviation; 0: none */
    NumberTally(int sampled) {
        this(sampled == 0 ? null : new NumberSample(sampled));
    }

    private NumberTally(NumberSample sample) {
        this.sample = sample;
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
        if (firstOther == null) {
            firstOther = new Place(table.line(column), table.cell(column));
        }
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
        first = count == 1 ? value : first;
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

    /** Takes in the cells that follow, which another one has seen. */
    void add(NumberTally next) {
        firstOther = firstOther == null ? next.firstOther : firstOther;
        texts |= next.texts;
        if (next.count == 0) {
            return;
        }
        // Chan, Golub and LeVeque's sums of two parts.
        long both = count + next.count;
        double apart = next.mean - mean;
        squares += next.squares + apart * apart * ((double) count * next.count / both);
        mean += apart * ((double) next.count / both);
        double liftedApart = next.liftedMean - liftedMean;
        liftedSquares += next.liftedSquares + liftedApart * liftedApart * ((double) count * next.count / both);
        liftedMean += liftedApart * ((double) next.count / both);
        count = both;
        minText = next.min < min ? next.minText : minText;
        maxText = next.max > max ? next.maxText : maxText;
        if (sample != null) {
            sample.add(next.sample);
        }
        min = Math.min(min, next.min);
        max = Math.max(max, next.max);
        whole &= next.whole;
        rising &= next.rising && next.first > last;
        first = both == next.count ? next.first : first;
        last = next.last;
    }

    /** Takes in numbers of other cells between those of this one, which so are in no order. */
    void addBetween(NumberTally others) {
        boolean both = count > 0 && others.count > 0;
        add(others);
        rising &= !both;
    }

    /** Takes in a cell that is no number. */
    void addOther(Place other) {
        texts = true;
        firstOther = firstOther == null || other.line < firstOther.line ? other : firstOther;
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

    /** The smallest number as it is written; there must be one. */
    String minText() {
        return minText;
    }

    /** The largest number as it is written; there must be one. */
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
