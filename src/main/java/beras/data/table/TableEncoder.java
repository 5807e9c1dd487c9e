package beras.data.table;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.RowEncoder.CellException;
import beras.data.table.RowEncoder.Found;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns the current row of a table into the numbers that its schema says, and counts what training never saw. */
final class TableEncoder {

    private static final int NONE = -1;

    private final Table table;
    private final TableSchema schema;
    private final RowEncoder encoder;
    /** Where the columns of the schema are in the table; for those that have no features, {@link #NONE}. */
    private final int[] places;
    private final int target;
    private final boolean[] commas; // which columns have decimal commas
    private final CellCounts counts;
    private final String[] firstUnreadable; // with its place
    private final String[] firstOtherMark;
    private final long[] ambiguous; // cells that would be other numbers with the other decimal mark
    private final String[] firstAmbiguous;
    private boolean strict;

    /**
     * @throws DataException if a column is missing
     */
    TableEncoder(Table table, TableSchema schema, boolean targets) throws DataException {
        this.table = table;
        this.schema = schema;
        this.encoder = new RowEncoder(schema);
        this.places = new int[schema.columns().size()];
        this.commas = new boolean[places.length];
        this.counts = new CellCounts(schema);
        this.firstUnreadable = new String[places.length];
        this.firstOtherMark = new String[places.length];
        this.ambiguous = new long[places.length];
        this.firstAmbiguous = new String[places.length];
        for (int i = 0; i < places.length; i++) {
            TableColumn column = schema.columns().get(i);
            places[i] = encoder.isUsed(i) ? table.column(column.name(), "which the model needs") : NONE;
            commas[i] = column.decimalComma();
        }
        this.target = targets ? table.column(schema.target().name(), "the target") : NONE;
    }

    int width() {
        return encoder.width();
    }

    void strict() {
        strict = true;
    }

    /** Writes the features of the row. */
    void features(float[] out, int at) throws DataException {
        counts.addRow();
        for (int i = 0; i < places.length; i++) {
            if (places[i] != NONE) {
                count(i, feature(i, out, at));
            }
        }
    }

    private Found feature(int column, float[] out, int at) throws DataException {
        if (!commas[column]) {
            double number = table.plainNumber(places[column]);
            if (encoder.encodeNumber(column, number, out, at)) {
                if (firstOtherMark[column] != null) { // before, few such cells mean anything else
                    countAmbiguous(column, table.cell(places[column]));
                }
                return encoder.found(column, number);
            }
        }
        try {
            Object value = value(places[column], commas[column]);
            Found found = encoder.encode(column, value, strict, out, at);
            if (value instanceof String cell && (found == Found.VALUE || found == Found.BEYOND)) {
                countAmbiguous(column, cell);
            }
            return found;
        } catch (CellException e) {
            throw table.error(places[column], e.getMessage());
        }
    }

    /**
     * What is in a cell of the table; null if it is missing.
     *
     * @param comma whether text of the column has a decimal comma: then a number must not be read as text
     */
    private Object value(int place, boolean comma) {
        String cell = table.cell(place);
        return table.isMissing(cell) ? null : comma && table.isNumber(place) ? (Object) Decimal.parse(cell) : cell;
    }

    private void countAmbiguous(int column, String cell) {
        if (schema.columns().get(column) instanceof NumericColumn numbers && numbers.isAmbiguous(cell) && ambiguous[column]++ == 0) {
            firstAmbiguous[column] = CsvRows.shown(cell) + " in line " + table.line(places[column]);
        }
    }

    private void count(int column, Found found) {
        String[] firsts = found == Found.UNREADABLE ? firstUnreadable : found == Found.OTHER_MARK ? firstOtherMark : null;
        if (counts.add(column, found) && firsts != null) {
            firsts[column] = CsvRows.shown(table.cell(places[column])) + " in line " + table.line(places[column]);
        }
    }

    boolean hasTarget() {
        return target != NONE;
    }

    /** Whether the row should have a target, and has none. */
    boolean lacksTarget() {
        return hasTarget() && (table.isMissing(table.cell(target)) || encoder.isMissing(table.cell(target)));
    }

    /** The target of the row. */
    float target() throws DataException {
        try {
            return encoder.target(value(target, schema.target().decimalComma()));
        } catch (CellException e) {
            throw table.error(target, e.getMessage());
        }
    }

    /**
     * What stands in columns of numbers or dates and is none, or has another decimal mark, in a sentence for each column that has such,
     * by its name.
     */
    Map<String, String> unreadable() {
        Map<String, String> sentences = new LinkedHashMap<>();
        Map<String, Long> unreadable = counts.unreadable();
        Map<String, Long> otherMark = counts.otherDecimalMark();
        for (int i = 0; i < places.length; i++) {
            TableColumn column = schema.columns().get(i);
            long none = unreadable.getOrDefault(column.name(), 0L);
            long other = otherMark.getOrDefault(column.name(), 0L);
            String sentence = none == 0 ? "" : "has no " + column.noun() + " in " + none
                    + (none == 1 ? " row, which counts" : " rows, which count") + " as missing: " + (none == 1 ? "" : "the first is ")
                    + firstUnreadable[i];
            String mark = other == 0 ? "" : "has numbers with a decimal " + (column.decimalComma() ? "point" : "comma") + ", unlike training, in "
                    + other + (other == 1 ? " row" : " rows") + ", and they are read so" + (ambiguous[i] == 0 ? "" : ", but "
                    + ambiguous[i] + (ambiguous[i] == 1 ? " other" : " others") + ", such as " + firstAmbiguous[i] + ", as in training")
                    + ": the first is " + firstOtherMark[i];
            if (none + other > 0) {
                sentences.put(column.name(), "Column " + CsvRows.shown(column.name()) + " " + SeenColumn.joined(sentence, mark));
            }
        }
        return sentences;
    }

    /** What was found so far. */
    CellCounts counts() {
        return counts;
    }
}
