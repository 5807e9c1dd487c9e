package beras.data.table;

import beras.data.DataException;
import beras.data.rows.Decimal;

/** Reads the weights of the rows of a table from one of its columns. */
final class WeightCells {

    static final String EXPECTED = "a weight, a finite number of at least 0 (of weight 0 a row is left out)";

    private final Table table;
    /** The place of the column. */
    final int column;

    WeightCells(Table table, String name) throws DataException {
        this.table = table;
        this.column = table.column(name, "the weights of the rows");
    }

    /** Whether the current row counts at all. The decimal mark, which a 0 does not depend on, is not known yet. */
    boolean counts() throws DataException {
        String cell = table.cell(column);
        double point = Decimal.parse(cell, false);
        double comma = Decimal.parse(cell, true);
        if (table.isMissing(cell) || !isWeight(point) && !isWeight(comma)) {
            throw wrong();
        }
        return point != 0 && comma != 0;
    }

    /** The weight of the current row. */
    double weight(boolean comma) throws DataException {
        String cell = table.cell(column);
        double weight = Decimal.parse(cell, comma && !table.isNumber(column));
        if (table.isMissing(cell) || !isWeight(weight)) {
            throw wrong();
        }
        return weight;
    }

    /** For a weight that is no number of 32 bits, relative to the mean. */
    DataException tooFar() {
        return table.error(column, "a weight nearer to those of the rows to train on");
    }

    private DataException wrong() {
        return table.error(column, Decimal.expected(table.cell(column), EXPECTED));
    }

    /** Infinite is also a number beyond the range of a float. */
    private static boolean isWeight(double number) {
        return number >= 0 && number <= Float.MAX_VALUE;
    }
}
