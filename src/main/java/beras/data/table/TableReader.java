package beras.data.table;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.RowEncoder.CellException;
import beras.data.table.RowEncoder.Found;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * The rows of a table as numbers, one after the other, as a {@link TableSchema} encodes them. The file is read once, in the
 * memory of one row; columns are found by name, whatever their order, and others may be there.
 *
 * <pre>{@code
 * float[] features = new float[schema.width()];
 * try (TableReader reader = TableReader.open(TableFile.of(path), schema, Splits.validationRows(0.2, seed))) {
 *     while (reader.next(features, 0)) {
 *         float target = reader.target();
 *     }
 * }
 * }</pre>
 */
public final class TableReader implements Closeable {

    private static final int NONE = -1;
    private static final Set<Found> UNLIKE_TRAINING = EnumSet.complementOf(EnumSet.of(Found.VALUE, Found.BEYOND));

    private final Table table;
    private final TableSchema schema;
    private final LongPredicate rows;
    private final RowEncoder encoder;
    /** The places of the schema's columns in the table; {@link #NONE} for columns without features. */
    private final int[] places;
    private final int targetPlace;
    private final CellCounts counts;
    private final String[] firstUnreadable; // with its place
    private Set<Found> refused = Set.of();
    private float target;
    private final WeightCells weights; // null: all rows count the same
    private final SampleWeight sampleWeight; // likewise
    private double weight = 1;
    private long withoutTarget;
    private long withoutWeight;
    private boolean found; // a row

    private TableReader(Table table, TableSchema schema, LongPredicate rows, boolean targets, SampleWeight sampleWeight) throws DataException {
        this.table = table;
        this.schema = schema;
        this.rows = rows;
        this.encoder = new RowEncoder(schema);
        this.counts = new CellCounts(schema);
        this.places = new int[schema.columns().size()];
        this.firstUnreadable = new String[places.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = encoder.isUsed(i) ? table.column(schema.columns().get(i).name(), "which the model needs") : NONE;
        }
        this.sampleWeight = sampleWeight;
        this.weights = sampleWeight == null ? null : new WeightCells(table, sampleWeight.name());
        this.targetPlace = targets ? table.column(schema.target().name(), "the target") : NONE;
    }

    /**
     * Opens a table to train on or to evaluate with.
     *
     * @param rows which rows to read, counted from 0
     * @throws DataException if the file is no table, or a column is missing
     */
    public static TableReader open(TableFile file, TableSchema schema, LongPredicate rows) throws DataException {
        return open(file, schema, rows, true, null);
    }

    /**
     * Opens a table for training or validation: as {@link #open(TableFile, TableSchema, LongPredicate)}, and
     * the weight of each row is read, of which those of weight 0 are left out, if the schema has a sample weight.
     *
     * @throws DataException if the file is no table, or a column is missing
     */
    public static TableReader training(TableFile file, TableSchema schema, LongPredicate rows) throws DataException {
        return open(file, schema, rows, true, schema.sampleWeight().orElse(null));
    }

    /**
     * Opens a table to predict; the column of the target may be there or not.
     *
     * @throws DataException as {@link #open(TableFile, TableSchema, LongPredicate)}
     */
    public static TableReader withoutTargets(TableFile file, TableSchema schema) throws DataException {
        return open(file, schema, row -> true, false, null);
    }

    private static TableReader open(TableFile file, TableSchema schema, LongPredicate rows, boolean targets, SampleWeight weight)
            throws DataException {
        Table table = file.table(schema.missing());
        try {
            return new TableReader(table, schema, rows, targets, weight);
        } catch (DataException e) {
            table.close();
            throw e;
        }
    }

    /**
     * From now on rejects categories that the schema does not list (rare ones are not distinguished from unknown ones), cells
     * that are no number or date in columns of these types, and missing values in columns of which no training row lacked one.
     * Without this call, they are encoded as {@link TableColumn} describes, and counted.
     */
    public TableReader strict() {
        refused = UNLIKE_TRAINING;
        return this;
    }

    /**
     * Reads the next selected row; if rows should have a target, the next that has one.
     *
     * @param out takes its features, from index {@code at} on
     * @return false after the last
     * @throws DataException if the row has fewer or more cells than there are columns; if its weight is missing or cannot be
     *     one; if the target is no finite number or a label that the schema does not have; or if there is no row at all, or
     *     none with a target
     */
    public boolean next(float[] out, int at) throws DataException {
        if (!nextTarget()) {
            return false;
        }
        counts.addRow();
        for (int i = 0; i < places.length; i++) {
            if (places[i] != NONE) {
                Found found = encode(i, out, at);
                if (counts.add(i, found) && found == Found.UNREADABLE) {
                    firstUnreadable[i] = CsvRows.shown(table.cell(places[i])) + " in line " + table.line();
                }
            }
        }
        return true;
    }

    /** Writes the features of a column. */
    private Found encode(int column, float[] out, int at) throws DataException {
        try {
            return encoder.encode(column, value(places[column], schema.columns().get(column).decimalComma()), refused, out, at);
        } catch (CellException e) {
            throw table.error(places[column], e.getMessage());
        }
    }

    /** The value of a cell; null if it is missing. Where texts have a decimal comma, a number must not be read as text. */
    private Object value(int place, boolean comma) {
        String cell = table.cell(place);
        return table.isMissing(cell) ? null : comma && table.isNumber(place) ? (Object) Decimal.parse(cell) : cell;
    }

    /** As {@link #next}, without the features. */
    boolean nextTarget() throws DataException {
        do {
            if (!table.next()) {
                if (withoutTarget > 0 && !found) {
                    throw table.error("expected rows with the target " + CsvRows.shown(schema.target().name())
                            + ". Received: none of " + withoutTarget + " with a value of it");
                }
                if (withoutWeight > 0 && !found) {
                    throw table.error("expected rows with a weight above 0 in column " + CsvRows.shown(sampleWeight.name())
                            + ". Received: 0 in all " + withoutWeight);
                }
                return false;
            }
        } while (!rows.test(table.row()) || isWithoutTarget() || weights != null && isWithoutWeight());
        found = true;
        if (targetPlace != NONE) {
            try {
                target = encoder.target(value(targetPlace, schema.target().decimalComma()));
            } catch (CellException e) {
                throw table.error(targetPlace, e.getMessage());
            }
        }
        return true;
    }

    private boolean isWithoutTarget() {
        boolean isMissing = targetPlace != NONE && (isMissing(targetPlace) || encoder.isMissing(table.cell(targetPlace)));
        withoutTarget += isMissing ? 1 : 0;
        return isMissing;
    }

    private boolean isWithoutWeight() throws DataException {
        weight = weights.weight(sampleWeight.decimalComma());
        if (Float.isInfinite(sampleWeight.relative(weight))) {
            throw weights.tooFar();
        }
        withoutWeight += weight == 0 ? 1 : 0;
        return weight == 0;
    }

    /** How much the row counts relative to the mean of the rows to train on, as in the loss; 1 unless weights are read. */
    public float weight() {
        return weights == null ? 1f : sampleWeight.relative(weight);
    }

    /**
     * The target of the row: the number of its class, or the standardised number.
     *
     * @throws IllegalStateException if targets are not read
     */
    public float target() {
        if (targetPlace == NONE) {
            throw new IllegalStateException("This reader was opened without targets");
        }
        return target;
    }

    /**
     * Writes the target of the row as {@link TableSchema#targetWidth} floats: its class one-hot, or the standardised number.
     *
     * @throws IllegalStateException if targets are not read
     */
    public void target(float[] out, int at) {
        RowEncoder.write(target(), schema.target(), out, at);
    }

    /** The names of all columns of the table, in its order. */
    public List<String> columns() {
        return table.columns();
    }

    /**
     * The place of a column among all, for {@link #cell}.
     *
     * @throws DataException if there is none of this name; the message lists all names
     */
    public int column(String name) throws DataException {
        return table.column(name, "which was requested");
    }

    /** A cell of the row as it stands in the table, without spaces around it; empty if there is none. */
    public String cell(int column) {
        return table.cell(column);
    }

    /** Whether a cell of the row has no value. */
    boolean isMissing(int column) {
        return table.isMissing(table.cell(column));
    }

    /** The number of the row in the file, from 0. */
    public long row() {
        return table.row();
    }

    /** The line in which the row begins, from 1. */
    public long line() {
        return table.line();
    }

    /**
     * Remarks on the form of the file, see {@link Table#remarks}, the number of rows left out without a target or of weight 0,
     * and cells in columns of numbers or dates that are none.
     */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(table.remarks());
        if (withoutTarget > 0) {
            remarks.add(TableInference.leftOut(withoutTarget, TableInference.NO_VALUE, schema.target().name()));
        }
        if (withoutWeight > 0) {
            remarks.add(TableInference.leftOut(withoutWeight, TableInference.WEIGHT_0, sampleWeight.name()));
        }
        remarks.addAll(unreadable().values());
        return remarks;
    }

    /** The cells so far in columns of numbers or dates that are none, a sentence for each such column. */
    public Map<String, String> unreadable() {
        Map<String, String> sentences = new LinkedHashMap<>();
        Map<String, Long> unreadable = counts.unreadable();
        for (int i = 0; i < places.length; i++) {
            TableColumn column = schema.columns().get(i);
            long none = unreadable.getOrDefault(column.name(), 0L);
            if (none > 0) {
                sentences.put(column.name(), "Column " + CsvRows.shown(column.name()) + " has no " + column.noun() + " in " + none
                        + (none == 1 ? " row, which counts" : " rows, which count") + " as missing: " + (none == 1 ? "" : "the first is ")
                        + firstUnreadable[i]);
            }
        }
        return sentences;
    }

    /** How many cells so far were missing, clipped, unknown or unreadable; it grows with each row. */
    public CellCounts counts() {
        return counts;
    }

    int width() {
        return encoder.width;
    }

    int targetWidth() {
        return schema.targetWidth();
    }

    @Override
    public void close() throws DataException {
        table.close();
    }
}
