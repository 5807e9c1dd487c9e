package beras.data.table;

import beras.data.table.RowEncoder.Found;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many cells of rows a model did not read as a value that it was trained on, by column. Columns without such cells are left out.
 * It grows with the rows that are encoded; for one thread.
 *
 * <pre>{@code
 * CellCounts counts = new CellCounts(schema);
 * float[] features = new float[schema.width()];
 * new TablePreprocessor(schema).encode(Map.of("size", 3.5, "colour", "mauve"), features, 0, counts);
 * counts.unknown(); // {colour=1}
 * }</pre>
 */
public final class CellCounts {

    /** Counts nothing; for any number of threads. */
    static final CellCounts NONE = new CellCounts();

    private final TableSchema schema;
    private final long[][] counts; // by kind and column
    private long rows;

    /** None so far, of the columns of a schema. */
    public CellCounts(TableSchema schema) {
        this.schema = schema;
        this.counts = new long[Found.values().length][schema.columns().size()];
    }

    private CellCounts() {
        this.schema = null;
        this.counts = new long[0][];
    }

    void addRow() {
        if (this != NONE) {
            rows++;
        }
    }

    /** Counts a cell, and returns whether it is the first such of its column. */
    boolean add(int column, Found found) {
        return this != NONE && counts[found.ordinal()][column]++ == 0;
    }

    /** How many rows were encoded. */
    public long rows() {
        return rows;
    }

    /** Cells without a value. */
    public Map<String, Long> missing() {
        return of(Found.MISSING);
    }

    /** The number of values outside the training range, which were clipped to it. */
    public Map<String, Long> clipped() {
        return of(Found.BEYOND);
    }

    /** Categories, texts and lists with values that the model does not list, rare or unknown. */
    public Map<String, Long> unknown() {
        return of(Found.UNLISTED, Found.PARTLY_LISTED);
    }

    /** Cells with a value that training had, a rare one too, or of a list with such an item. */
    public Map<String, Long> likeTraining() {
        return of(Found.VALUE, Found.RARE, Found.PARTLY_LISTED);
    }

    /** Cells of columns of numbers or dates that are none, which count as missing. */
    public Map<String, Long> unreadable() {
        return of(Found.UNREADABLE);
    }

    private Map<String, Long> of(Found... kinds) {
        Map<String, Long> byName = new LinkedHashMap<>();
        for (int i = 0; i < schema.columns().size(); i++) {
            long sum = 0;
            for (Found found : kinds) {
                sum += counts[found.ordinal()][i];
            }
            if (sum > 0) {
                byName.put(schema.columns().get(i).name(), sum);
            }
        }
        return byName;
    }

    /** The counts that are not 0, by name. */
    @Override
    public String toString() {
        return byKind().toString();
    }

    /** The counts of each kind, by column: {@code missing}, {@code clipped}, {@code unknown}, and so on, without zeros. */
    public Map<String, Map<String, Long>> byKind() {
        Map<String, Map<String, Long>> kinds = new LinkedHashMap<>();
        kinds.put("missing", missing());
        kinds.put("clipped", clipped());
        kinds.put("unknown", unknown());
        kinds.put("unreadable", unreadable());
        kinds.values().removeIf(Map::isEmpty);
        return kinds;
    }
}
