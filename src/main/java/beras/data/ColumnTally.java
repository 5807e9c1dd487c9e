package beras.data;

import java.util.Comparator;
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

    /** At most such a share of a column of numbers may be something else, which counts as missing. */
    private static final double SHARE_OF_MISTAKES = 0.05;
    /** Among fewer values nothing is a mistake. */
    private static final int FEW_VALUES = 20;
    /** So many cells behind, the other way to write numbers is given up. */
    private static final int HOPELESS = 100;

    private final int mostDistinct;
    private long missing;
    private long present;
    private String first;
    private Map<String, long[]> counts = new HashMap<>();
    private long characters;
    private final Numbers withPoint = new Numbers();
    private Numbers withComma = new Numbers(); // null: given up

    /** What the cells are as numbers, if these are written in one way. */
    private static final class Numbers {

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

        private void add(double value) {
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

        double deviation() {
            if (least >= most) {
                return 0;
            }
            double deviation = squares < TINY ? Math.sqrt(liftedSquares / count) / LIFT : Math.sqrt(squares / count);
            return Math.max(deviation, Double.MIN_VALUE);
        }
    }

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
        double value = Decimal.parse(cell, false);
        withPoint.add(value, table, column);
        if (withComma != null) {
            withComma.add(Decimal.isMarked(cell) ? Decimal.parse(cell, true) : value, table, column);
            if (withPoint.count - withComma.count >= HOPELESS) {
                withComma = null;
            }
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

    /** Whether a comma comes before the decimals: more cells are numbers then. */
    boolean hasDecimalComma() {
        return withComma != null && withComma.count > withPoint.count;
    }

    private Numbers numberTally() {
        return hasDecimalComma() ? withComma : withPoint;
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
        return numberTally().count;
    }

    /** The first cell that has a value but is no finite number; null if there is none. */
    Place firstOther() {
        return numberTally().firstOther;
    }

    /** Whether some cells are no numbers at all. */
    boolean hasTexts() {
        return numberTally().texts;
    }

    /** The first cell that has a value; null if there is none. */
    String first() {
        return first;
    }

    /** Whether every value is a finite number. */
    boolean isNumeric() {
        return numbers() == present;
    }

    /** Whether so few values are no numbers that they are mistakes. */
    boolean isMostlyNumbers() {
        return present >= FEW_VALUES && present - numbers() <= SHARE_OF_MISTAKES * present;
    }

    /**
     * @param expected what a cell should be
     * @throws DataException naming the first cell that is no finite number
     */
    void requireNumbers(Table table, int column, String expected) throws DataException {
        Place wrong = firstOther();
        if (wrong != null) {
            throw table.error(column, wrong.line(), Decimal.expected(wrong.cell(), expected), wrong.cell());
        }
    }

    /** Whether there are more different values than are counted. */
    boolean isUncounted() {
        return counts == null;
    }

    /** How many different values there are. */
    int distinct() {
        return counts.size();
    }

    /** The different values, the most frequent first. */
    List<String> values() {
        return counts.keySet().stream()
                .sorted(Comparator.<String>comparingLong(this::count).reversed().thenComparing(Comparator.naturalOrder())).toList();
    }

    /** How often a value is there. */
    long count(String value) {
        long[] count = counts.get(value);
        return count == null ? 0 : count[0];
    }

    /** Up to so many values, the most frequent first; the first of all if there are too many to count. */
    List<String> examples(int most) {
        if (counts == null) {
            return List.of(first);
        }
        return values().stream().limit(most).toList();
    }

    /** The smallest number; positive infinity if there is none. */
    double least() {
        return numberTally().least;
    }

    /** The largest number; negative infinity if there is none. */
    double most() {
        return numberTally().most;
    }

    double mean() {
        return numberTally().mean;
    }

    /** The deviation of the numbers, dividing by their number; 0 only if they are one. */
    double deviation() {
        return numberTally().deviation();
    }

    /** Whether all numbers are whole. */
    boolean isWhole() {
        return numberTally().whole;
    }

    /** Whether each number is greater than the one before. */
    boolean isRising() {
        return numberTally().rising;
    }
}
