package beras.data.table;

import beras.data.rows.Decimal;
import beras.data.table.TableTarget.Task;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Looks for columns that determine the target by themselves, as those do from which it was made, or which were made from it for
 * an evaluator. Rows are seen in parts, in memory that does not grow with their number; the same parts in the same order give the
 * same findings.
 *
 * <p>A column {@linkplain Finding#SAME is the target} in other words if
 * <ul>
 * <li>each of its values goes with one label and each label with one of its values;
 * <li>it has few values, each of which goes with one label, in so many rows that chance is out of the question;
 * <li>its numbers are the amounts themselves, or each of its values goes with one amount and the reverse, in so many rows.
 * </ul>
 * It is {@linkplain Finding#DOUBT doubtful} if its numbers are in separate ranges for the labels, or rise or fall with the amounts
 * without an exception: such a column may be a good one.
 */
public final class Leakage implements Serializable {

    private static final long serialVersionUID = 1;
    /** So many different values and labels are looked at; a column of more values is judged by these. */
    private static final int MOST = 64;
    /** So many rows without an exception are not there by chance. */
    private static final int ENOUGH = 20;
    /** Nor are so many rows of each of two labels in ranges of their own. */
    private static final int ENOUGH_OF_LABEL = 5;

    /** What was found out about a column. */
    public enum Finding {
        /** It is the target in other words. */
        SAME,
        /** It may be. */
        DOUBT
    }

    private final int target;
    private final Column[] columns; // null: the target, and those of which nothing more is to be found
    private HashMap<String, Long> rows = new HashMap<>(); // of each label; null: there are too many

    /**
     * Nothing was seen yet.
     *
     * @param columns how many there are
     * @param target  the place of the one to predict
     */
    public Leakage(int columns, int target) {
        this.target = target;
        this.columns = new Column[columns];
        for (int i = 0; i < columns; i++) {
            this.columns[i] = i == target ? null : new Column();
        }
    }

    /** What was seen of a value of a column. */
    private record Seen(String label, long rows) implements Serializable {

        private static final long serialVersionUID = 1;
    }

    /** What is still possible of a column. */
    private static final class Column implements Serializable {

        private static final long serialVersionUID = 1;

        private HashMap<String, Seen> byValue = new HashMap<>(); // null: a value goes with two labels
        private HashMap<String, String> byLabel = new HashMap<>(); // null: a label goes with two values
        private HashMap<String, double[]> ranges = new HashMap<>(); // of the numbers of each label; null: two overlap, or there is a text
        private boolean equal = true; // to the target, as numbers

        void add(String value, String label, long count) {
            double number = ranges != null || equal ? Decimal.parse(value) : Double.NaN;
            addPair(value, label, count);
            equal &= number == Decimal.parse(label);
            if (ranges != null && !Table.MISSING.contains(value)) {
                addRange(label, new double[] {number, number});
            }
        }

        private void addPair(String value, String label, long count) {
            Seen seen = byValue == null ? null : byValue.get(value);
            String other = byLabel == null ? null : byLabel.get(label);
            if (seen != null && !seen.label.equals(label)) {
                byValue = null;
                byLabel = null;
                return;
            }
            if (other != null && !other.equals(value)) {
                byLabel = null;
            }
            if (byValue == null) {
                return;
            }
            boolean full = seen == null && byValue.size() == MOST;
            if (full && byLabel == null) { // such a column is judged by all of its values
                byValue = null;
            } else if (!full) {
                byValue.put(value, new Seen(label, count + (seen == null ? 0 : seen.rows)));
                if (byLabel != null) {
                    byLabel.put(label, value);
                }
            }
        }

        private void addRange(String label, double[] range) {
            if (!Double.isFinite(range[0]) || ranges.size() == MOST && !ranges.containsKey(label)) {
                ranges = null;
                return;
            }
            double[] known = ranges.get(label);
            double least = known == null ? range[0] : Math.min(known[0], range[0]);
            double most = known == null ? range[1] : Math.max(known[1], range[1]);
            if (known != null && known[0] == least && known[1] == most) {
                return;
            }
            ranges.put(label, new double[] {least, most});
            for (Map.Entry<String, double[]> other : ranges.entrySet()) {
                if (!other.getKey().equals(label) && other.getValue()[0] <= most && least <= other.getValue()[1]) {
                    ranges = null;
                    return;
                }
            }
        }

        void add(Column next) {
            equal &= next.equal;
            if (byValue != null && next.byValue != null) {
                next.byValue.forEach((value, seen) -> addPair(value, seen.label, seen.rows));
            } else {
                byValue = null;
                byLabel = null;
            }
            if (ranges != null && next.ranges != null) {
                for (Map.Entry<String, double[]> range : next.ranges.entrySet()) {
                    if (ranges != null) {
                        addRange(range.getKey(), range.getValue());
                    }
                }
            } else {
                ranges = null;
            }
        }

        boolean isOver() {
            return byValue == null && ranges == null && !equal;
        }
    }

    /** Takes in a row to train on, which has a target; a cell without a value is empty. */
    public void add(String[] cells) {
        add(i -> cells[i]);
    }

    /** Takes in the row of a table, which has a target. */
    void add(Table table) {
        add(i -> table.isMissing(table.cell(i)) ? "" : table.cell(i));
    }

    private void add(IntFunction<String> cells) {
        String label = cells.apply(target);
        count(label, 1);
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != null) {
                columns[i].add(cells.apply(i), label, 1);
                columns[i] = columns[i].isOver() ? null : columns[i];
            }
        }
    }

    private void count(String label, long more) {
        if (rows != null) {
            rows.merge(label, more, Long::sum);
            rows = rows.size() > MOST ? null : rows;
        }
    }

    /** Takes in other rows. */
    public void add(Leakage next) {
        if (next.rows == null) {
            rows = null;
        } else {
            next.rows.forEach(this::count);
        }
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != null && next.columns[i] != null) {
                columns[i].add(next.columns[i]);
            } else {
                columns[i] = null;
            }
        }
    }

    /** The columns that were found, by their places. */
    public Map<Integer, Finding> found(Task task) {
        Map<Integer, Finding> found = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != null) {
                Finding finding = task == Task.CLASSIFICATION ? ofLabels(columns[i]) : ofAmounts(columns[i]);
                if (finding != null) {
                    found.put(i, finding);
                }
            }
        }
        return found;
    }

    private Finding ofLabels(Column column) {
        boolean oneToOne = column.byLabel != null && column.byValue.values().stream().anyMatch(seen -> seen.rows > 1);
        if (oneToOne || column.byValue != null && repeats(column) >= ENOUGH) {
            return Finding.SAME;
        }
        return column.ranges != null && isNotByChance(column.ranges) ? Finding.DOUBT : null;
    }

    private static Finding ofAmounts(Column column) {
        if (column.equal || column.byLabel != null && repeats(column) >= ENOUGH) {
            return Finding.SAME;
        }
        return column.byLabel != null && isMonotone(column.byValue) ? Finding.DOUBT : null;
    }

    /** How many rows repeat an earlier one, those of the most frequent label left out. */
    private static long repeats(Column column) {
        Map<String, Long> repeats = new HashMap<>();
        column.byValue.values().forEach(seen -> repeats.merge(seen.label, seen.rows - 1, Long::sum));
        return repeats.values().stream().mapToLong(count -> count).sum()
                - repeats.values().stream().mapToLong(count -> count).max().orElse(0);
    }

    private boolean isNotByChance(Map<String, double[]> ranges) {
        return rows != null && rows.values().stream().mapToLong(count -> count).sum() >= ENOUGH
                && ranges.keySet().stream().filter(label -> rows.getOrDefault(label, 0L) >= ENOUGH_OF_LABEL).count() > 1;
    }

    private static boolean isMonotone(Map<String, Seen> pairs) {
        double[][] points = pairs.entrySet().stream()
                .map(pair -> new double[] {Decimal.parse(pair.getKey()), Decimal.parse(pair.getValue().label)})
                .toArray(double[][]::new);
        if (points.length < ENOUGH || Arrays.stream(points).anyMatch(point -> !Double.isFinite(point[0]))) {
            return false;
        }
        Arrays.sort(points, (one, other) -> Double.compare(one[0], other[0]));
        int rising = 0;
        for (int i = 1; i < points.length; i++) {
            rising += points[i][1] > points[i - 1][1] ? 1 : 0;
        }
        return rising == 0 || rising == points.length - 1;
    }
}
