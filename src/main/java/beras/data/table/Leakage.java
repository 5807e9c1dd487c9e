package beras.data.table;

import beras.data.rows.Decimal;
import beras.data.table.TableTarget.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks for target leakage: columns that are the target in other words, such as its sources or results. The memory does not
 * grow with the rows. A column is the target if
 * <ul>
 * <li>each of its values goes with one label and each label with one of its values;
 * <li>it has few values, each of which goes with one label, in so many rows that chance is out of the question;
 * <li>its numbers are the target itself, as numbers, or each of its values goes with one number and the reverse, in so many rows.
 * </ul>
 */
final class Leakage {

    /** So many different values and labels are looked at; a column of more values is judged by these. */
    private static final int MOST = 64;
    /** So many rows without an exception are not there by chance. */
    private static final int ENOUGH = 20;

    private final int target;
    private final Column[] columns; // null: the target, and columns that are ruled out

    /** @param target the place of the column to predict */
    Leakage(int columns, int target) {
        this.target = target;
        this.columns = new Column[columns];
        for (int i = 0; i < columns; i++) {
            this.columns[i] = i == target ? null : new Column();
        }
    }

    private record Seen(String label, long rows) {}

    /** The remaining possibilities of a column. */
    private static final class Column {

        private HashMap<String, Seen> byValue = new HashMap<>(); // null: a value goes with two labels
        private HashMap<String, String> byLabel = new HashMap<>(); // null: a label goes with two values
        private boolean equal = true; // to the target, as numbers

        void add(String value, String label) {
            equal = equal && Decimal.parse(value) == Decimal.parse(label);
            if (byValue == null) {
                return;
            }
            Seen seen = byValue.get(value);
            if (seen != null && !seen.label.equals(label)) {
                byValue = null;
                byLabel = null;
                return;
            }
            byLabel = byLabel == null || !byLabel.getOrDefault(label, value).equals(value) ? null : byLabel;
            boolean full = seen == null && byValue.size() == MOST;
            if (full && byLabel == null) { // the column is judged by all of its values
                byValue = null;
            } else if (!full) {
                byValue.put(value, new Seen(label, 1 + (seen == null ? 0 : seen.rows)));
                if (byLabel != null) {
                    byLabel.put(label, value);
                }
            }
        }

        /** The number of rows that repeat an earlier one, without the most frequent label. */
        long repeats() {
            Map<String, Long> repeats = new HashMap<>();
            byValue.values().forEach(seen -> repeats.merge(seen.label, seen.rows - 1, Long::sum));
            return repeats.values().stream().mapToLong(count -> count).sum()
                    - repeats.values().stream().mapToLong(count -> count).max().orElse(0);
        }

        boolean isTarget(Task task) {
            boolean oneToOne = byLabel != null && byValue.values().stream().anyMatch(seen -> seen.rows > 1);
            return task == Task.CLASSIFICATION ? oneToOne || byValue != null && repeats() >= ENOUGH
                    : equal || byLabel != null && repeats() >= ENOUGH;
        }
    }

    /** Takes in the row of a table, which has a target. */
    void add(Table table) {
        String[] cells = new String[columns.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = i != target && columns[i] == null || table.isMissing(table.cell(i)) ? "" : table.cell(i);
        }
        add(cells);
    }

    /** Takes in a row to train on, which has a target; a cell without a value is empty. */
    void add(String[] cells) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != null) {
                columns[i].add(cells[i], cells[target]);
                columns[i] = columns[i].byValue == null && !columns[i].equal ? null : columns[i];
            }
        }
    }

    List<Integer> found(Task task) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != null && columns[i].isTarget(task)) {
                found.add(i);
            }
        }
        return found;
    }
}
