package beras.data.table;

import beras.data.DataException;
import beras.data.rows.RowSource;
import java.io.Serializable;
import java.util.Set;

/**
 * What a {@link TableSchema} is learnt from, of a table that is seen in parts: each part by itself, on any machine, then all
 * together. The same parts in the same order give the same schema. It is that of the whole table except for the last bits of
 * means and deviations, and for columns that are so mixed that one part gives up to read them in a way that others show.
 */
@SuppressWarnings("exports") // who has rows of his own is on the class path
public final class TableTally implements Serializable {

    private static final long serialVersionUID = 1;

    final ColumnTally[] columns; // that of the target of the rows to train on among them
    final ColumnTally allTargets = new ColumnTally();
    final ColumnTally allWeights = new ColumnTally(); // empty: all rows count the same
    long seen;
    long rows; // to train on
    long withoutTarget;
    long withoutWeight; // those of weight 0

    TableTally(ColumnTally[] columns) {
        this.columns = columns;
    }

    /**
     * Looks at a part of a table.
     *
     * @param name    what messages call the table
     * @param part    of which there is one row at least
     * @param missing marks of missing values besides {@link Table#MISSING}
     * @param target  the name of the column to predict
     * @throws DataException if there is no such column
     * @throws IllegalArgumentException if the options give the target a type
     */
    public static TableTally of(String name, RowSource part, Set<String> missing, String target, TableOptions options)
            throws DataException {
        return TableInference.tally(Table.of(name, part, MissingMarks.USUAL.and(missing)), target, options);
    }

    /** Takes in the part that follows. */
    public void add(TableTally next) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].add(next.columns[i]);
        }
        allTargets.add(next.allTargets);
        allWeights.add(next.allWeights);
        seen += next.seen;
        rows += next.rows;
        withoutTarget += next.withoutTarget;
        withoutWeight += next.withoutWeight;
    }

    /** How many rows have no target, and are left out. */
    public long withoutTarget() {
        return withoutTarget;
    }

    /**
     * The schema of all that was seen.
     *
     * @param names has the names of the columns; its rows are not looked at
     * @throws DataException as {@link TableSchema#infer}
     */
    public TableSchema schema(String name, RowSource names, Set<String> missing, String target, TableOptions options)
            throws DataException {
        return TableInference.infer(Table.of(name, names, MissingMarks.USUAL.and(missing)), target, options, this);
    }
}
