package beras.data.table;

import beras.data.DataException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A profile of a table, column by column: the type that {@link TableSchema#infer} takes, and its statistics.
 *
 * @param rows    how many rows were looked at
 * @param columns all columns, in the order of the file
 * @param remarks how the file is written, see {@link Table#remarks}
 */
public record TableProfile(long rows, List<Column> columns, List<String> remarks) {

    public TableProfile {
        columns = List.copyOf(columns);
        remarks = List.copyOf(remarks);
    }

    /**
     * One column.
     *
     * @param type     its type; empty for the target
     * @param missing  how many rows have no value, or in a column of numbers no number
     * @param values   how many different values there are; empty if there are more than are counted
     * @param least    the smallest number; empty if there is none
     * @param most     the largest number; empty if there is none
     * @param examples up to three values, the most frequent first
     * @param note     a note for the user, such as why it is left out; empty if there is none
     */
    public record Column(String name, Optional<TableColumn.Type> type, long missing, OptionalLong values, OptionalDouble least,
            OptionalDouble most, List<String> examples, String note) {

        public Column {
            examples = List.copyOf(examples);
        }
    }

    /**
     * Looks at a table, in one pass over the file.
     *
     * @param target the name of the column to predict; empty if there is none
     * @throws DataException if the file is no table ({@link Table}), or has no rows or no such column
     * @throws IllegalArgumentException if the options give the target a type
     */
    public static TableProfile of(TableFile file, Optional<String> target, TableOptions options) throws DataException {
        return TableInference.profile(file, target, options);
    }
}
