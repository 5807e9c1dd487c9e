package beras.spark;

import beras.data.DataException;
import beras.data.rows.RowSource;
import beras.data.table.Table;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableOptions;
import beras.data.table.TableTarget.Task;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of a DataFrame as those of a table to learn from. The cells of a row are those of these columns, then its weight,
 * then its mark of validation, if there are such columns.
 *
 * @param names      of the columns to learn from and of the target
 * @param numbers    which of them hold numbers, not text
 * @param target     the name of the one to predict
 * @param task       the kind of prediction
 * @param types      of columns whose values suggest another type
 * @param chosen     whether the columns to learn from were set; else they are all that there are
 * @param weight     the name of the column of weights; null: all rows count the same
 * @param validation the name of the column that marks the validation rows; null: there are none
 */
record TableColumns(List<String> names, boolean[] numbers, String target, Task task, Map<String, Type> types, boolean chosen,
        String weight, String validation) implements Serializable {

    private static final long serialVersionUID = 1;
    /** The name of the table in messages. */
    static final String NAME = "The DataFrame";

    TableColumns {
        names = List.copyOf(names);
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    }

    /** How many cells a row has. */
    int cells() {
        return names.size() + (weight == null ? 0 : 1) + (validation == null ? 0 : 1);
    }

    /** Whether a row has a target; one without is left out. */
    boolean hasTarget(String[] cells) {
        return !Table.MISSING.contains(cells[targetPlace()]);
    }

    /**
     * The weight of a row.
     *
     * @throws DataException if that is no finite number of at least 0
     */
    double weight(String[] cells) throws DataException {
        if (weight == null) {
            return 1;
        }
        String text = cells[names.size()];
        double value = text.isEmpty() ? Double.NaN : Double.parseDouble(text);
        if (!(value >= 0 && value <= Float.MAX_VALUE)) {
            throw wrong(weight, "weights that are finite and at least 0, one in each row", text);
        }
        return value;
    }

    /**
     * Whether a row is one to validate.
     *
     * @throws DataException if the mark is missing
     */
    boolean isValidation(String[] cells) throws DataException {
        String text = validation == null ? "false" : cells[cells.length - 1];
        if (text.isEmpty()) {
            throw wrong(validation, "true for validation rows and false for rows to train on, in each row", text);
        }
        return Boolean.parseBoolean(text);
    }

    private static DataException wrong(String column, String expected, String received) {
        return new DataException(NAME + ": column " + Columns.quoted(column) + ": expected " + expected + ". Received: "
                + (received.isEmpty() ? "null" : received));
    }

    TableOptions options() {
        TableOptions options = new TableOptions().task(task).types(types);
        return chosen ? options : options.leaveOutCopies();
    }

    int targetPlace() {
        return names.indexOf(target);
    }

    /** The value of a cell's text for a preprocessor: null if it is empty. */
    Object value(int column, String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (!numbers[column]) {
            return text;
        }
        if (!isWhole(text)) { // most numbers: an exception for each would take most of the time
            return Double.valueOf(text);
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) { // a decimal of more digits
            return Double.valueOf(text);
        }
    }

    private static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '-' && (text.charAt(i) < '0' || text.charAt(i) > '9')) {
                return false;
            }
        }
        return true;
    }

    /** Rows as {@link Cells#texts} writes their cells. */
    RowSource rows(Iterator<String[]> rows) {
        return new RowSource() {

            private String[] row;

            @Override
            public List<String> names() {
                return names;
            }

            @Override
            public boolean next() {
                if (!rows.hasNext()) {
                    return false;
                }
                row = rows.next();
                return true;
            }

            @Override
            public String cell(int column) {
                return row[column];
            }

            @Override
            public boolean isNumber(int column) {
                return numbers[column];
            }

            @Override
            public long line() {
                return 0; // rows of a DataFrame have no lines
            }

            @Override
            public List<String> remarks() {
                return List.of();
            }
        };
    }
}
