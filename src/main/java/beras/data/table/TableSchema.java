package beras.data.table;

import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.config.Configurable;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.RowSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The encoding of the rows of a table: the target, and for each other column its features. It is learnt from the rows to train
 * on ({@link #infer}) and kept with the model, so that rows to predict become the same numbers.
 *
 * <p>A column is numeric if at least 95 % of its values are finite numbers, as people write them ({@code 1,234.5},
 * {@code 1.234,5}, {@code $12}, {@code 3 %}, {@code 12 kg}, {@code 1.2M}, {@code <0.5}), else of dates if 95 % are dates or times, else a category. The other cells of
 * numbers and dates count as missing, and so do words such as {@code unknown}, however many there are. {@link NumericColumn}
 * encodes numbers, {@link CategoryColumn} categories one-hot, {@link DateColumn} dates; {@link TableColumn} describes missing,
 * rare and unknown values. Constant columns are left out, and columns whose values all but never repeat, as ids and free text;
 * {@link #remarks} lists them. Categories of more than {@value TableOptions#MOST_CATEGORIES} values are hashed. Such a column
 * becomes a {@link TextColumn} instead if its words repeat, or a category of domains of addresses or of prefixes of codes;
 * lists of values are a {@link ListColumn}. {@link TargetMeans} adds target encoding for categories of many values.
 *
 * <p>Numbers are a category if they are codes: 95 % are digits alone, and 1 % or more begin with 0 ({@code 00501}), or
 * the last word of the column's name is id, code, codes, zip, zipcode, postcode, plz or fips. {@link TableOptions#types}
 * overrules that.
 *
 * @param target  the target
 * @param columns all other columns, in the order of the file
 * @param rows    how many rows it was learnt from
 * @param missing the marks of a missing value, see {@link TableFile#missing(MissingMarks)}
 * @param sampleWeight the weights of the training rows; empty: all the same
 *
 * <pre>{@code
 * TableSchema schema = TableSchema.infer(Path.of("houses.csv"), "price", new TableOptions());
 * Sequential net = new Sequential(new Input(schema.width()), new Dense(32, "relu"), new Dense(1));
 * }</pre>
 */
public record TableSchema(TableTarget target, List<TableColumn> columns, long rows, MissingMarks missing,
        Optional<SampleWeight> sampleWeight) implements Configurable {

    private static final String MISSING = "missing";
    private static final String SAMPLE_WEIGHT = "sampleWeight";
    private static final String MISSING_ONLY = "missingOnly"; // in place of the usual marks

    /** With the usual marks of missing values, of rows that count the same. */
    public TableSchema(TableTarget target, List<TableColumn> columns, long rows) {
        this(target, columns, rows, MissingMarks.USUAL, Optional.empty());
    }

    /**
     * @throws IllegalArgumentException if two columns have one name, or {@code rows} is less than 1
     */
    public TableSchema {
        Objects.requireNonNull(target);
        columns = List.copyOf(columns);
        long names = columns.stream().map(TableColumn::name).filter(name -> !name.equals(target.name())).distinct().count();
        if (names < columns.size()) {
            throw new IllegalArgumentException("Columns must have names that differ from each other and from the target's, "
                    + target.name() + ". Received: " + columns.stream().map(TableColumn::name).toList());
        }
        if (rows < 1) {
            throw new IllegalArgumentException("rows must be at least 1. Received: " + rows);
        }
        Objects.requireNonNull(missing);
        Objects.requireNonNull(sampleWeight);
    }

    /**
     * Learns a schema from a table, in one pass over the file.
     *
     * <p>Rows without a target, or of weight 0, are left out. The target is text: labels. It is whole numbers of few values: labels, too. It is
     * other numbers: a regression. All labels of the file are taken in, also of rows that are not to train on.
     *
     * @param target the name of the column to predict
     * @throws DataException if the file is no table ({@link Table}), has no such column or no rows to train on; if all
     *         values of the target are one; if a weight is missing or cannot be one, or all are 0; if a column that is to be numeric has no number; or if no column is left to learn
     *         from
     * @throws IllegalArgumentException if the options give the target or the weights a type
     */
    public static TableSchema infer(Path path, String target, TableOptions options) throws DataException {
        return infer(TableFile.of(path), target, options);
    }

    /** As {@link #infer(Path, String, TableOptions)}, from a file that is written in a certain way. */
    public static TableSchema infer(TableFile file, String target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            return TableInference.infer(table, target, file.typed(options));
        }
    }

    /**
     * As {@link #infer(Path, String, TableOptions)}, from rows that come from elsewhere, such as a sample of a larger table.
     *
     * @param name the name of the rows in messages
     */
    @SuppressWarnings("exports") // a caller with custom rows is on the class path
    public static TableSchema infer(String name, RowSource rows, String target, TableOptions options) throws DataException {
        return TableInference.infer(Table.of(name, rows, MissingMarks.USUAL), target, options);
    }

    /** The same, with another target. */
    @CheckReturnValue
    public TableSchema with(TableTarget other) {
        return new TableSchema(other, columns, rows, missing, sampleWeight);
    }

    /** The number of features. */
    public int width() {
        int width = 0;
        for (TableColumn column : columns) {
            width += column.width();
        }
        return width;
    }

    /** The number of floats that a target becomes: that of the labels, or 1 for a number. */
    public int targetWidth() {
        return target.width();
    }

    /** The names of the features, in order. */
    public List<String> featureNames() {
        return columns.stream().flatMap(column -> column.features().stream()).toList();
    }

    /**
     * A warning that the user should read before trusting the result.
     *
     * @param column the name of the column, or of the target
     * @param kind   its subject
     * @param text   a whole sentence without its full stop
     */
    public record Remark(String column, Kind kind, String text) {

        /** The subject of a remark. */
        public enum Kind {
            /** A label that no row to train on has. */
            UNSEEN_LABEL,
            /** A column that is left out. */
            LEFT_OUT,
            /** Values that are missing. */
            MISSING,
            /** Categories so rare that they share one feature. */
            RARE,
            /** Something that looks wrong, such as numbers of rows. */
            DOUBT
        }

        /** The text. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** Warnings that the user should read before trusting the result: columns left out, missing and rare values, and doubts. */
    public List<Remark> remarks() {
        List<Remark> remarks = new ArrayList<>();
        for (int i = 0; i < target.labels().size(); i++) {
            if (target.counts().get(i) == 0) {
                remarks.add(new Remark(target.name(), Remark.Kind.UNSEEN_LABEL,
                        "No row to train on has the label " + CsvRows.shown(target.labels().get(i))));
            }
        }
        columns.forEach(column -> remark(column, remarks));
        return remarks;
    }

    private void remark(TableColumn column, List<Remark> remarks) {
        String name = "Column " + CsvRows.shown(column.name());
        if (column.type() == TableColumn.Type.IGNORED) {
            remarks.add(new Remark(column.name(), Remark.Kind.LEFT_OUT, name + " is left out: " + column.note()));
            return;
        }
        if (column.missing() > 0) {
            remarks.add(new Remark(column.name(), Remark.Kind.MISSING, name + " has no value in " + column.missing() + " of "
                    + rows + " rows: " + column.ifMissing()));
        }
        if (column.others() > 0) {
            remarks.add(new Remark(column.name(), Remark.Kind.RARE, name + " has rare values in " + column.others() + " of "
                    + rows + " rows: they share one feature"));
        }
        if (!column.note().isEmpty()) {
            remarks.add(new Remark(column.name(), Remark.Kind.DOUBT, name + ": " + column.note()));
        }
    }

    /** The settings of a {@link TablePreprocessor}, from which {@link #of} makes an equal schema. */
    @Override
    public Config config() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("rows", rows);
        values.put("target", target);
        values.put("columns", columns);
        if (!missing.equals(MissingMarks.USUAL)) {
            values.put(missing.hasUsual() ? MISSING : MISSING_ONLY, List.copyOf(missing.others()));
        }
        sampleWeight.ifPresent(weight -> values.put(SAMPLE_WEIGHT, weight.config()));
        return Config.of(TablePreprocessor.class.getSimpleName(), values);
    }

    /**
     * The schema that has this config.
     *
     * @throws IllegalArgumentException if a setting is missing or wrong, or its parts do not fit each other
     */
    public static TableSchema of(Config config) {
        config.requireOnly("rows", "target", "columns", MISSING, MISSING_ONLY, SAMPLE_WEIGHT);
        List<TableColumn> columns = config.configs("columns").stream().map(TableColumn::of).toList();
        return new TableSchema(TableTarget.of(config.config("target")), columns, config.whole("rows"), marks(config),
                config.has(SAMPLE_WEIGHT) ? Optional.of(SampleWeight.of(config.config(SAMPLE_WEIGHT))) : Optional.empty());
    }

    private static MissingMarks marks(Config config) {
        MissingMarks marks = config.has(MISSING_ONLY) ? MissingMarks.only(Set.copyOf(config.texts(MISSING_ONLY)))
                : MissingMarks.USUAL;
        return config.has(MISSING) ? marks.and(Set.copyOf(config.texts(MISSING))) : marks;
    }
}
