package beras.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a column's cells are like, learnt while they go by, in memory that does not grow with their number. */
final class ColumnTally {

    /** More different values than this are not counted. */
    static final int MOST_DISTINCT = 10_000;

    private static final int MOST_CHARACTERS = 1 << 20;
    /** Below this a sum of squares has lost digits. */
    private static final double TINY = 0x1p-900;
    private static final double LIFT = 0x1p600;

    /** A cell with its line. */
    record Place(long line, String cell) {}

    private final int mostDistinct;
    private long missing;
    private long present;
    private long numbers;
    private long texts;
    private Place firstText;
    private Place firstInfinite;
    private String first;

    private Map<String, long[]> counts = new HashMap<>();
    private long characters;

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

    /**
     * @param mostDistinct more different values than this are not counted
     */
    ColumnTally(int mostDistinct) {
        this.mostDistinct = mostDistinct;
    }

    /** Takes in a cell of the table's current row. */
    void add(Table table, int column) {
        String cell = table.cell(column);
        if (Table.isMissing(cell)) {
            missing++;
            return;
        }
        if (present++ == 0) {
            first = cell;
        }
        countValue(cell);
        double value = Decimal.parse(cell);
        if (Double.isFinite(value)) {
            number(value);
        } else if (Double.isNaN(value)) {
            texts++;
            if (firstText == null) {
                firstText = new Place(table.line(column), cell);
            }
        } else if (firstInfinite == null) {
            firstInfinite = new Place(table.line(column), cell);
        }
    }

    private void countValue(String cell) {
        if (counts == null) {
            return;
        }
        long[] count = counts.get(cell);
        if (count != null) {
            count[0]++;
            return;
        }
        characters += cell.length();
        if (counts.size() == mostDistinct || characters > MOST_CHARACTERS) {
            counts = null;
        } else {
            counts.put(cell, new long[] {1});
        }
    }

    private void number(double value) {
        numbers++;
        // Welford's sums, in the order of the rows.
        double before = value - mean;
        mean += before / numbers;
        squares += before * (value - mean);
        if (squares < TINY) {
            double lifted = value * LIFT;
            double liftedBefore = lifted - liftedMean;
            liftedMean += liftedBefore / numbers;
            liftedSquares += liftedBefore * (lifted - liftedMean);
        }
        least = Math.min(least, value);
        most = Math.max(most, value);
        whole &= value == Math.rint(value);
        rising &= value > last;
        last = value;
    }

    long missing() {
        return missing;
    }

    /** How many cells have a value. */
    long present() {
        return present;
    }

    /** How many cells are finite numbers. */
    long numbers() {
        return numbers;
    }

    /** How many cells are no numbers at all. */
    long texts() {
        return texts;
    }

    /** The first cell that is no number; null if there is none. */
    Place firstText() {
        return firstText;
    }

    /** The first cell that is a number, but not a finite one; null if there is none. */
    Place firstInfinite() {
        return firstInfinite;
    }

    /** The first cell that has a value; null if there is none. */
    String first() {
        return first;
    }

    /** Whether every value is a finite number. */
    boolean isNumeric() {
        return texts == 0 && firstInfinite == null;
    }

    /** Whether there are more different values than are counted. */
    boolean isUncounted() {
        return counts == null;
    }

    /** How many different values there are. */
    int distinct() {
        return counts.size();
    }

    /** The different values, in no order. */
    List<String> values() {
        return List.copyOf(counts.keySet());
    }

    /** How often a value is there. */
    long count(String value) {
        long[] count = counts.get(value);
        return count == null ? 0 : count[0];
    }

    double mean() {
        return mean;
    }

    /** The deviation of the numbers, dividing by their number; 0 only if they are one. */
    double deviation() {
        if (least >= most) {
            return 0;
        }
        double deviation = squares < TINY ? Math.sqrt(liftedSquares / numbers) / LIFT : Math.sqrt(squares / numbers);
        return Math.max(deviation, Double.MIN_VALUE);
    }

    /** Whether all numbers are whole. */
    boolean isWhole() {
        return whole;
    }

    /** Whether each number is greater than the one before. */
    boolean isRising() {
        return rising;
    }
}
