package beras.data.table;

import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.config.Names;
import beras.data.table.RowEncoder.CellException;
import beras.data.table.RowEncoder.Found;
import beras.feed.Preprocessor;
import beras.files.Excerpt;
import beras.prediction.Encoding;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Encodes rows in memory for a model of a table, and decodes its predictions in the terms of the table.
 *
 * <pre>{@code
 * TablePreprocessor rows = new TablePreprocessor(schema);
 * Tensor outputs = model.predict(rows.encodeAll(List.of(Map.of("size", 3.5, "colour", "red"))));
 * String kind = rows.decodeAll(outputs).get(0).label();
 * }</pre>
 *
 * <p>A row is a {@code Map<String, ?>} of values by column. A column that is left out is missing; but if a row leaves out a column, it
 * must have no key that is no column, which may be a misspelt one. A row may also be a {@link Record} whose components have the names of
 * columns, in which all columns must be there that the schema has features of, and others may be; or a {@code List<?>} of values in the
 * order of {@link TableSchema#columns}. A value is a text as in a file, a number, a boolean, a date or time of {@code java.time} or
 * {@code java.sql}, a {@code java.util.Date} (in UTC), or null if it is missing. A number is found among categories however it is
 * written: {@code 1}, {@code 1.0} and {@code "1"} are one. Unknown categories and missing values are encoded as
 * {@link TableColumn} describes; {@link CellCounts} counts them.
 */
public final class TablePreprocessor implements Preprocessor {

    private static final int LISTED = 50;
    private static final int SHOWN = 30;

    /** The accessors of records, by the names of the components, in their order. */
    private static final ClassValue<Map<String, Method>> ACCESSORS = new ClassValue<>() {

        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
            Map<String, Method> accessors = new LinkedHashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                Method accessor = component.getAccessor();
                accessor.trySetAccessible(); // the record may be private; if it stays closed, to use it will fail
                accessors.put(component.getName(), accessor);
            }
            return accessors;
        }
    };

    private final TableSchema schema;
    private final RowEncoder encoder;
    private final Set<Found> refused;
    private final Set<String> names; // of all columns, used or not
    private final List<String> used;

    /**
     * Creates the preprocessor that {@link #config} describes.
     *
     * @throws IllegalArgumentException if it is no such config
     */
    public static TablePreprocessor of(Config config) {
        return new TablePreprocessor(TableSchema.of(config));
    }

    /** Encodes by a schema. */
    public TablePreprocessor(TableSchema schema) {
        this(schema, new RowEncoder(schema), Set.of(Found.UNREADABLE));
    }

    private TablePreprocessor(TableSchema schema, RowEncoder encoder, Set<Found> refused) {
        this.schema = schema;
        this.encoder = encoder;
        this.refused = refused;
        this.used = schema.columns().stream().filter(column -> column.width() > 0).map(TableColumn::name).toList();
        this.names = new HashSet<>(names());
        names.add(schema.target().name());
        if (schema.sampleWeight().isPresent()) {
            names.add(schema.sampleWeight().get().name());
        }
    }

    /** The same for unchecked rows: text that is no number or date in a column of numbers or dates is missing, as in a file. */
    @CheckReturnValue
    public TablePreprocessor lenient() {
        return new TablePreprocessor(schema, encoder, Set.of());
    }

    /** The schema of the rows. */
    public TableSchema schema() {
        return schema;
    }

    /** {@code (width)}, as {@link TableSchema#width}. */
    @Override
    public Shape inputShape() {
        return Shape.of(encoder.width);
    }

    /** {@code (targetWidth)}, as {@link TableSchema#targetWidth}. */
    @Override
    public Shape outputShape() {
        return Shape.of(schema.targetWidth());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the row is no map, record or list; leaves out all columns, or a column and has a key that is
     *         none; if a record cannot be accessed; or a value is not of the column's type or not finite and this is not {@link #lenient},
     *         naming the column
     */
    @Override
    public void encode(Object row, float[] out, int at) {
        encode(row, out, at, CellCounts.NONE);
    }

    /**
     * As {@link #encode(Object, float[], int)}.
     *
     * @param counts counts the kinds of cells
     */
    public void encode(Object row, float[] out, int at, CellCounts counts) {
        encode(row, out, at, counts, (column, problem) -> {
            throw problem;
        });
    }

    /**
     * As {@link #encode(Object, float[], int, CellCounts)}, of a row in which several columns may be wrong.
     *
     * @param problems takes each column that is wrong, whose features are undefined then, and why
     */
    public void encode(Object row, float[] out, int at, CellCounts counts, BiConsumer<String, IllegalArgumentException> problems) {
        requireRow(row);
        counts.addRow();
        IllegalArgumentException misnamed = row instanceof Map<?, ?> map ? misnamed(map) : null;
        if (misnamed != null) {
            problems.accept(used.stream().filter(name -> !((Map<?, ?>) row).containsKey(name)).findFirst().orElseThrow(), misnamed);
        }
        for (int i = 0; i < schema.columns().size(); i++) {
            String name = schema.columns().get(i).name();
            if (encoder.isUsed(i) && (misnamed == null || ((Map<?, ?>) row).containsKey(name))) {
                try {
                    Object value = row instanceof Map<?, ?> map ? map.get(name) : value(i, row);
                    counts.add(i, encodeCell(i, value, out, at));
                } catch (IllegalArgumentException e) {
                    problems.accept(name, e);
                }
            }
        }
    }

    private void requireRow(Object row) {
        List<TableColumn> columns = schema.columns();
        if (!(row instanceof Map<?, ?>) && !(row instanceof Record) && !(row instanceof List<?>)) {
            throw new IllegalArgumentException("A row must be a map of values by column, a record, or a list of values. Received: "
                    + (row == null ? "null" : row.getClass().getName()));
        }
        if (row instanceof List<?> list && list.size() != columns.size()) {
            throw new IllegalArgumentException("A row must have a value for each of the " + columns.size() + " columns "
                    + Table.listed(names(), LISTED) + ". Received: " + list.size());
        }
    }

    /**
     * The value of a column in a row, which {@link #encode(Object, float[], int)} takes; null if it is missing.
     *
     * @param column the place among {@link TableSchema#columns}
     * @throws IllegalArgumentException if a map leaves out the column and has a key that is none, or leaves out all columns; if a record
     *         has no such component, or cannot be accessed
     */
    public Object value(int column, Object row) {
        String name = schema.columns().get(column).name();
        if (row instanceof Map<?, ?> map) {
            IllegalArgumentException misnamed = map.containsKey(name) ? null : misnamed(map);
            if (misnamed != null) {
                throw misnamed;
            }
            return map.get(name);
        }
        return row instanceof Record values ? value(values, name) : ((List<?>) row).get(column);
    }

    /**
     * Writes the features of one value of a row; over all columns the result equals {@link #encode(Object, float[], int)}.
     *
     * @param column the index among {@link TableSchema#columns} of one that has features
     * @param at     where the features of the row begin
     * @throws IllegalArgumentException if the value is not of the column's type or not finite and this is not {@link #lenient}
     */
    public void encode(int column, Object value, float[] out, int at) {
        encodeCell(column, value, out, at);
    }

    private Found encodeCell(int column, Object value, float[] out, int at) {
        try {
            return encoder.encode(column, cell(value), refused, out, at);
        } catch (CellException e) {
            throw wrong(schema.columns().get(column).name(), e, value);
        }
    }

    private static IllegalArgumentException wrong(String column, CellException e, Object value) {
        return new IllegalArgumentException("Column " + Excerpt.quoted(column, SHOWN) + ": expected " + e.getMessage() + ". Received: "
                + Excerpt.quoted(String.valueOf(value), SHOWN));
    }

    /** As {@link #encode(int, Object, float[], int)}, of a number that need not be an object. */
    public void encode(int column, double value, float[] out, int at) {
        if (encoder.encodeNumber(column, value, out, at) == null) {
            encode(column, (Object) value, out, at);
        }
    }

    /** As {@link #encode(int, Object, float[], int)}, of a whole number that need not be an object. */
    public void encode(int column, long value, float[] out, int at) {
        if (encoder.encodeNumber(column, value, out, at) == null) {
            encode(column, (Object) value, out, at);
        }
    }

    /** The text of {@code java.time} and {@code java.sql} is read as in a file. */
    private static Object cell(Object value) {
        if (value == null || value instanceof Number) {
            return value;
        }
        return value.getClass() == Date.class ? ((Date) value).toInstant().toString() : value.toString().strip();
    }

    /** The error of a row that leaves out columns: it has none, or may have them by another name; null if there is no error. */
    private IllegalArgumentException misnamed(Map<?, ?> row) {
        if (row.keySet().containsAll(used)) {
            return null;
        }
        List<String> left = used.stream().filter(name -> !row.containsKey(name)).toList();
        List<String> others = row.keySet().stream().map(String::valueOf).filter(key -> !names.contains(key)).toList();
        if (others.isEmpty() && left.size() < used.size()) {
            return null;
        }
        String meant = others.stream().limit(LISTED).map(key -> Names.didYouMean(key, left)).filter(question -> !question.isEmpty()).findFirst()
                .orElse(".");
        List<String> keys = row.isEmpty() ? List.of("none") : others.isEmpty() ? row.keySet().stream().map(String::valueOf).toList() : others;
        return new IllegalArgumentException((others.isEmpty() ? "A row must have a value of a column, such as "
                : "A row with keys that are no columns must have each column, with null if its value is missing: expected the column ")
                + Excerpt.quoted(left.get(0), SHOWN) + ". Received the keys: " + Table.listed(keys, LISTED) + meant);
    }

    private static Object value(Record row, String column) {
        Map<String, Method> accessors = ACCESSORS.get(row.getClass());
        Method accessor = accessors.get(column);
        if (accessor == null) {
            throw new IllegalArgumentException("A row must have the column " + Excerpt.quoted(column, SHOWN)
                    + ", with null if its value is missing. Received the columns: " + Table.listed(List.copyOf(accessors.keySet()), LISTED));
        }
        try {
            return accessor.invoke(row);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("A record must be accessible: public in an exported package, or in one that is open."
                    + " Received: " + row.getClass().getName(), e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("Column " + Excerpt.quoted(column, SHOWN) + ": expected a value. Received: "
                    + e.getCause(), e.getCause());
        }
    }

    private List<String> names() {
        return schema.columns().stream().map(TableColumn::name).toList();
    }

    /** Whether a value is none: null, NaN, or a mark of missing values. */
    public boolean isMissing(Object value) {
        return encoder.isMissing(cell(value));
    }

    /**
     * Writes the target in a cell, as {@link TableReader#target(float[], int)} does: {@link TableSchema#targetWidth} floats.
     *
     * @throws IllegalArgumentException if it has no value, is no finite number, or a label that the schema does not have
     */
    public void encodeTarget(Object value, float[] out, int at) {
        try {
            RowEncoder.write(encoder.target(cell(value)), schema.target(), out, at);
        } catch (CellException e) {
            throw wrong(schema.target().name(), e, value);
        }
    }

    @Override
    public Prediction decode(float[] output, int at) {
        return schema.target().decode(output, at);
    }

    @Override
    public Optional<Encoding> encoding() {
        return Optional.of(new Encoding(encoder.sources(), schema.target().meaning()));
    }

    @Override
    public Config config() {
        return schema.config();
    }
}
