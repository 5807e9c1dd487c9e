package beras.data.table;

import beras.kernels.SplitMix;
import java.util.HashMap;
import java.util.Map;

/** Hashes of the first rows, by which equal ones are found in memory that has a bound. */
final class RowHashes {

    /** So many rows are looked at. */
    static final int MOST = 1 << 16;
    /** A table in which so many rows are one on average has few different rows by its nature, as one of a few categories. */
    private static final int OFTEN = 10;

    private final Table table;
    private final boolean[] unnamed;
    private final Map<Long, int[]> counts = new HashMap<>(); // of each hash, how many rows are held out, and to train on
    private int rows;
    private int rowsHeldOut;
    private boolean complete = true;

    RowHashes(Table table) {
        this.table = table;
        this.unnamed = new boolean[table.columns().size()];
        for (int i = 0; i < unnamed.length; i++) {
            unnamed[i] = ColumnStatistics.isUnnamed(table, i);
        }
    }

    /** Takes in the table's current row. */
    void add(boolean trains) {
        if (rows == MOST) {
            complete = false;
            return;
        }
        long hash = 0;
        for (int i = 0; i < unnamed.length; i++) {
            hash = unnamed[i] ? hash : SplitMix.mix(hash ^ table.cell(i).hashCode()); // an index makes equal rows differ
        }
        rows++;
        rowsHeldOut += trains ? 0 : 1;
        counts.computeIfAbsent(hash, none -> new int[2])[trains ? 1 : 0]++;
    }

    /** That rows are there several times, in a sentence; empty if none is. */
    String repeated() {
        int again = rows - counts.size();
        if (rows < ColumnStatistics.FEW_ROWS || again == 0 || (long) counts.size() * OFTEN <= rows) {
            return "";
        }
        int known = counts.values().stream().filter(count -> count[1] > 0).mapToInt(count -> count[0]).sum(); // held out, trained on, too
        return again + " of " + (complete ? "" : "the first ") + rows + (again == 1 ? " rows is" : " rows are")
                + " the same as an earlier one in all columns"
                + (known == 0 ? "" : "; " + known + " of " + rowsHeldOut + " held out " + (known == 1 ? "is" : "are")
                        + " the same as one to train on, so measures look better than they are: remove repeated rows, or hold equal ones"
                        + " out together (`split group:COLUMN`)");
    }
}
