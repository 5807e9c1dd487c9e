package beras.spark;

import beras.data.rows.RowSource;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableOptions;
import beras.data.table.TableTarget.Task;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The columns of a DataFrame as those of a table to learn from.
 *
 * @param names   of all columns
 * @param numbers which of them hold numbers, not text
 * @param target  the name of the one to predict
 * @param task    what is predicted
 * @param types   of columns that are not to be what their values suggest
 */
record TableColumns(List<String> names, boolean[] numbers, String target, Task task, Map<String, Type> types)
        implements Serializable {

    private static final long serialVersionUID = 1;
    /** What messages call the table. */
    static final String NAME = "The DataFrame";

    TableColumns {
        names = List.copyOf(names);
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    }

    TableOptions options() {
        return new TableOptions().task(task).types(types);
    }

    Set<String> missing() {
        return Set.of();
    }

    int targetPlace() {
        return names.indexOf(target);
    }

    /** What a preprocessor takes for a cell that is written so: null if it is empty. */
    Object value(int column, String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (!numbers[column]) {
            return text;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return Double.valueOf(text);
        }
    }

    /** Rows as {@link Cells#text} writes their cells. */
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
            public long line(int column) {
                return 0; // rows of a DataFrame have no lines
            }

            @Override
            public List<String> remarks() {
                return List.of();
            }
        };
    }
}
