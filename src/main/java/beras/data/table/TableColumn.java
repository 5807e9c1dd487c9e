package beras.data.table;

import beras.config.Config;
import beras.config.Configurable;
import beras.data.DataException;
import beras.data.rows.Decimal;
import beras.data.table.RowEncoder.CellException;
import beras.data.table.RowEncoder.Found;
import beras.prediction.Encoding;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The statistics of one column in the training rows, and so its features. Immutable; two are equal if their {@link #config} is.
 *
 * <p>A type of column is one class: it learns from the statistics of the cells, encodes cells, describes the encoding as a
 * {@link Config} and as an {@link Encoding}, and provides descriptions for programs and users. {@link Type} lists these
 * classes.
 */
public abstract sealed class TableColumn implements Configurable permits NumericColumn, CategoryColumn, DateColumn, ListColumn,
        TextColumn, SequenceColumn, IgnoredColumn {

    /** How a column is read. */
    public enum Type {
        /** A number, which is put on a robust scale and gets a piecewise-linear code. */
        NUMERIC("number", NumericColumn::fits, NumericColumn::learn, NumericColumn::read),
        /** One of some texts, which becomes one-hot. */
        CATEGORY("category", cells -> true, CategoryColumn::learn, CategoryColumn::read),
        /**
         * A date, a time or both, encoded by the parts that vary: year, season, day of the week, time of day and elapsed days.
         */
        DATE("date", DateColumn::fits, DateColumn::learn, DateColumn::read),
        /**
         * Asked for alone: a {@link #DATE} whose day comes before the month, so that {@code 5/1/2024} is the fifth of January.
         */
        DAYFIRST("date", cells -> false, DateColumn::learn, null),
        /**
         * Asked for alone: a {@link #DATE} whose month comes before the day, so that {@code 1/5/2024} is the fifth of January.
         */
        MONTHFIRST("date", cells -> false, DateColumn::learn, null),
        /** Several texts in one cell, which become a 1 each. */
        LIST("list", ListColumn::fits, ListColumn::learn, ListColumn::read),
        /** Free text, which becomes weights of words and pairs of words. */
        TEXT("text", TextColumn::fits, TextColumn::learn, TextColumn::read),
        /** Only on request: free text, which becomes the numbers of its words in a vocabulary, in their order. */
        SEQUENCE("text", cells -> false, SequenceColumn::learn, SequenceColumn::read),
        /** Left out. */
        IGNORED("value", cells -> false, IgnoredColumn::learn, IgnoredColumn::read);

        /** The order in which the types are tried on the cells of a column. */
        private static final List<Type> TRIED = List.of(DATE, NUMERIC, LIST, TEXT, CATEGORY);

        private final String noun;
        private final Predicate<ColumnStatistics> fits;
        private final Learner learner;
        private final Function<Config, TableColumn> reader;

        /** Makes a column from its statistics. */
        private interface Learner {
            TableColumn learn(ColumnStatistics cells) throws DataException;
        }

        /**
         * @param noun    for a value
         * @param fits    whether cells are of the type, if earlier ones in {@link #TRIED} do not fit
         * @param learner makes a column of at least one value
         * @param reader  reads the result of {@link TableColumn#config}; null: learnt columns are of another type
         */
        Type(String noun, Predicate<ColumnStatistics> fits, Learner learner, Function<Config, TableColumn> reader) {
            this.noun = noun;
            this.fits = fits;
            this.learner = learner;
            this.reader = reader;
        }

        /** A column of the requested type, else of the first that fits. */
        static TableColumn learn(ColumnStatistics cells) throws DataException {
            if (cells.present == 0 && cells.asked() != IGNORED) {
                return cells.ignored("all values are missing");
            }
            Type type = cells.asked() != null ? cells.asked()
                    : TRIED.stream().filter(each -> each.fits.test(cells)).findFirst().orElseThrow();
            return type.learner.learn(cells);
        }

        /** The type of a config. */
        private String tag() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The valid values of a column, for forms, checks and descriptions of services.
     *
     * @param kinds    of values, besides a missing one
     * @param examples values as text, the first few; may be empty
     * @param help     sentences
     */
    public record Input(Set<Kind> kinds, List<String> examples, String help) {

        /** A kind of value. */
        public enum Kind {
            /** A number. */
            NUMBER,
            /** A text. */
            TEXT,
            /** True or false. */
            BOOLEAN,
            /** A date, a time or both that is not text. */
            DATE
        }

        private static final int MOST_EXAMPLES = 10;

        public Input {
            kinds = Set.copyOf(kinds);
            examples = examples.stream().limit(MOST_EXAMPLES).toList();
        }
    }

    /**
     * A value of a column.
     *
     * @param value    as text
     * @param number   the value, if it is a number
     * @param features its encoding, {@code (width)}
     */
    public record Level(String value, OptionalDouble number, Tensor features) {}

    private static final String MISSING = "(missing)";
    private static final String OTHERS = "(others)";

    private final Type type;
    private final String name;
    private final long missing;
    private final String note;
    private final int width;
    /** The feature that is 1 for a missing value, the last one; -1 if no training row lacked one. */
    private final int missingFeature;

    /**
     * @param missing    how many training rows have no value; if there are such, the last feature is a 1 where it is missing
     * @param valueWidth how many features a value becomes; negative if the column has none at all
     */
    TableColumn(Type type, String name, long missing, String note, int valueWidth) {
        this.type = type;
        this.name = name;
        this.missing = missing;
        this.note = Objects.requireNonNull(note);
        this.missingFeature = missing > 0 ? Math.max(-1, valueWidth) : -1;
        this.width = missingFeature >= 0 ? missingFeature + 1 : Math.max(0, valueWidth);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("A column must have a name. Received: an empty one");
        }
        require(missing >= 0, "missing must be at least 0", missing);
    }

    /** Rejects a received value unless a condition holds. */
    final void require(boolean holds, String what, Object received) {
        if (!holds) {
            throw new IllegalArgumentException("Column " + name + ": " + what + ". Received: " + received);
        }
    }

    // -------------------------------------------------------------------------------------------------- inference

    /** A description of the cells, if the type does not imply it; empty if it does. */
    String contents(ColumnStatistics cells) {
        return "";
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** The column's name. */
    public final String name() {
        return name;
    }

    /** The type. */
    public final Type type() {
        return type;
    }

    /** How many training rows have no value here. */
    public final long missing() {
        return missing;
    }

    /** A note for the user, such as why it is left out; empty if there is none. */
    public final String note() {
        return note;
    }

    /** The same with one more note for the user. */
    final TableColumn noted(String more) {
        return more.isEmpty() ? this : of(config().with("note", ColumnStatistics.joined(note, more)));
    }

    /** The number of features that it becomes. */
    public final int width() {
        return width;
    }

    /** The names of the features that it becomes, in order. */
    public final List<String> features() {
        List<String> features = new ArrayList<>(valueFeatures());
        if (isFlagged()) {
            features.add(name + " is missing");
        }
        return features;
    }

    /** The names of the features that a value becomes, in order. */
    List<String> valueFeatures() {
        return List.of();
    }

    /** Whether the last feature is a 1 where a value is missing. */
    final boolean isFlagged() {
        return missingFeature >= 0;
    }

    /** Whether its values are numbers, which need not be text. */
    public final boolean isNumeric() {
        return type == Type.NUMERIC;
    }

    /** Whether decimals come after a comma, as in {@code 1.234,5}; then a number must not be read as text. */
    public boolean decimalComma() {
        return false;
    }

    /** The features of a value, in a few words; empty if the type implies them. */
    public String becomes() {
        return "";
    }

    /** How many training rows have a rare value, which shares its feature with others. */
    public long others() {
        return 0;
    }

    /** The noun for a value, such as {@code "number"}. */
    public final String noun() {
        return type.noun;
    }

    /** The encoding of a missing value, as a clause. */
    public String ifMissing() {
        return isFlagged() ? "its features are 0, except one that marks it" : "its features are 0";
    }

    /** The valid values. */
    public Input input() {
        return new Input(Set.of(Input.Kind.values()), List.of(), "");
    }

    /**
     * Values to try one after the other, which show how a model depends on the column: numbers in ascending order, the most frequent
     * categories first; none for columns whose features do not change one by one.
     *
     * @param rows the features of the column in some rows, {@code (rows, width)}
     * @param most how many values at most
     */
    public List<Level> levels(Tensor rows, int most) {
        return List.of();
    }

    /**
     * The features that are most often 1, each as a value with a 1 there.
     *
     * @param from   the first feature to consider; earlier ones are their averages in the rows with a value
     * @param values the values of the features from there on, of which one more stands for others
     */
    final List<Level> frequent(int from, List<String> values, Tensor rows, int most) {
        long[] counts = new long[width];
        double[][] sums = new double[width][from];
        for (int row = 0; row < rows.dim(0); row++) {
            for (int i = from; i < width; i++) {
                if (rows.get(row, i) != 0) {
                    counts[i]++;
                    for (int before = 0; before < from; before++) {
                        sums[i][before] += rows.get(row, before);
                    }
                }
            }
        }
        return IntStream.range(from, width).boxed().filter(i -> counts[i] > 0).sorted(Comparator.comparingLong(i -> -counts[i]))
                .limit(most).map(i -> {
                    float[] features = new float[width];
                    for (int before = 0; before < from; before++) {
                        features[before] = (float) (sums[i][before] / counts[i]);
                    }
                    features[i] = 1;
                    return new Level(i == missingFeature ? MISSING : i - from < values.size() ? values.get(i - from) : OTHERS, OptionalDouble.empty(),
                            Tensor.wrap(features, width));
                }).toList();
    }

    // --------------------------------------------------------------------------------------------------- encoding

    /** Writes zeros for all features, from index {@code at} on. */
    final void clear(float[] out, int at) {
        Arrays.fill(out, at, at + width, 0f);
    }

    /**
     * Writes the features of a cell, which are zeros before.
     *
     * @param cell a text, a number, or null if it is missing
     * @param at   where the features of the column begin
     * @throws CellException if it is a number so far away that its features are not finite
     */
    final Found encode(Object cell, float[] out, int at) throws CellException {
        Found found = cell == null ? Found.MISSING : encodeValue(cell, out, at);
        if (missingFeature >= 0 && (found == Found.MISSING || found == Found.UNREADABLE)) {
            out[at + missingFeature] = 1f;
        }
        return found;
    }

    /** Writes the features of a cell that has a value; called only for a column that has features. */
    Found encodeValue(Object cell, float[] out, int at) throws CellException {
        throw new AssertionError(this);
    }

    /** Rejects a cell of a kind, unless training had such. */
    final void refuse(Found found, Object cell) throws CellException {
        String form = switch (found) {
            case MISSING -> isFlagged() ? "" : "a value, as in all rows that were trained on";
            case UNREADABLE -> Decimal.expected(cell, expected());
            default -> listed();
        };
        if (!form.isEmpty()) {
            throw new CellException(form);
        }
    }

    /** The form of a cell with nothing but values that the column lists; empty if it lists none. */
    String listed() {
        return "";
    }

    /** The expected form of a cell; null if any text is a value, so that words such as {@code unknown} are, too. */
    String expected() {
        return null;
    }

    /** The encoding that {@link #encode} applies to a value in memory; called only for a column that has features. */
    Encoding.Source source(MissingMarks marks) {
        return new Encoding.OtherTexts(name, "splits a text into " + (type == Type.LIST ? "a list" : "words"));
    }

    // ----------------------------------------------------------------------------------------------------- config

    @Override
    public final Config config() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", name);
        values.put("missing", missing);
        values.put("note", note);
        addSettings(values);
        return Config.of(type.tag(), values);
    }

    /** Adds the settings of this type besides name, missing and note; null ones are left out. */
    void addSettings(Map<String, Object> values) {}

    /**
     * The column that has this config.
     *
     * @throws IllegalArgumentException if there is no such type, or a setting is missing or wrong
     */
    public static TableColumn of(Config config) {
        List<Type> types = Arrays.stream(Type.values()).filter(type -> type.reader != null).toList();
        for (Type type : types) {
            if (type.tag().equals(config.type())) {
                return type.reader.apply(config);
            }
        }
        throw new IllegalArgumentException("A column must be one of " + types.stream().map(Type::tag).toList()
                + ". Received: " + config.type());
    }

    /** The constant of this name. */
    static <E extends Enum<E>> E named(String what, String name, E[] constants) {
        return Arrays.stream(constants).filter(each -> each.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(what
                + " one of " + Arrays.stream(constants).map(Enum::name).toList() + ". Received: " + name));
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof TableColumn column && config().equals(column.config());
    }

    @Override
    public final int hashCode() {
        return Objects.hash(type, name, missing);
    }

    @Override
    public final String toString() {
        return config().toString();
    }
}
