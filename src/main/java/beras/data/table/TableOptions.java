package beras.data.table;

import beras.config.CheckReturnValue;
import beras.config.Options;
import beras.config.SettingException;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TableTarget.Task;
import beras.data.table.values.NumberCode;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * How {@link TableSchema#infer} looks at a table. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * new TableOptions().task(Task.REGRESSION).types(Map.of("zip", Type.CATEGORY)).rows(Splits.validationRows(0.2, 7).negate())
 * }</pre>
 */
@CheckReturnValue
public final class TableOptions extends Options<TableOptions> {

    /** So many values of a category can have a feature each, and have by default. */
    public static final int MOST_CATEGORIES = ColumnStatistics.MOST_DISTINCT;
    /** So many values of a category, the most frequent ones, have a feature each however rare they are. */
    public static final int ALWAYS_LISTED = 20;
    /** So many values of a category have a feature each by default if all have a mean of the target, see {@link TargetMeans}. */
    public static final int CATEGORIES_BESIDE_MEANS = 256;
    /** Beyond the listed values, a value of at least so many rows has its own feature: enough to generalize. */
    public static final int OFTEN = 5;
    /** Up to so many values a target of whole numbers is taken for labels, unless a task is given. */
    public static final int MOST_NUMERIC_LABELS = 20;

    /** A number has a code of so many bins by default. */
    public static final int BINS = NumberCode.BINS;
    /** A number has a code of so many bins at most. */
    public static final int MOST_BINS = 64;

    Map<String, Type> types = Map.of();
    Task task;
    private Optional<Distribution> distribution = Optional.empty(); // as is better in training
    private OptionalInt maxCategories = OptionalInt.empty(); // as many as there are features for
    Spellings spellings = Spellings.WORDS;
    OptionalInt bins = OptionalInt.empty(); // as the size of the table suggests
    String sampleWeight; // null: all rows count the same
    boolean leavesOutCopies;
    LongPredicate rows = row -> true;
    Consumer<String> onRemark = remark -> { };

    /**
     * Types and task as the values suggest, at most {@value #MOST_CATEGORIES} categories and {@value #MOST_NUMERIC_LABELS} labels that
     * are numbers, codes of {@value #BINS} bins, all rows.
     */
    public TableOptions() {}

    /** The types of some columns, by name; default: none, the values decide all. */
    public TableOptions types(Map<String, Type> types) {
        return with(copy -> copy.types = Map.copyOf(types));
    }

    /** The prediction task; default: inferred from the values of the target. */
    public TableOptions task(Task task) {
        return with(copy -> copy.task = Objects.requireNonNull(task));
    }

    /**
     * How a number that is predicted is distributed; default: the better one in training, see
     * {@code beras.tables.TableTraining}, and {@link Distribution#NORMAL} if a schema alone is made.
     */
    public TableOptions distribution(Distribution distribution) {
        return with(copy -> copy.distribution = Optional.of(distribution));
    }

    /**
     * How many values of a category get a feature each, the most frequent ones; default {@value #MOST_CATEGORIES}, or
     * {@value #CATEGORIES_BESIDE_MEANS} where all have a mean of the target, see {@link TargetMeans}. The rest share
     * one, and so do, beyond the first {@value #ALWAYS_LISTED}, values that fewer than {@value #OFTEN} rows have.
     *
     * @throws IllegalArgumentException if it is not from 1 to {@value #MOST_CATEGORIES}
     */
    public TableOptions maxCategories(int maxCategories) {
        return with(copy -> copy.maxCategories =
                OptionalInt.of(SettingException.requireWithin("maxCategories", 1, MOST_CATEGORIES, maxCategories)));
    }

    /**
     * The maximum of bins of the piecewise-linear code of a number, a feature each; default {@value #BINS}, and fewer in tables
     * whose numbers would take more than 256 MB, or of very many columns. With 1 there is no code: a number is one feature.
     *
     * @throws IllegalArgumentException if it is not from 1 to {@value #MOST_BINS}
     */
    public TableOptions bins(int bins) {
        return with(copy -> copy.bins = OptionalInt.of(SettingException.requireWithin("bins", 1, MOST_BINS, bins)));
    }

    /** Which spellings of a label or category are one value; default {@link Spellings#WORDS}. */
    public TableOptions spellings(Spellings spellings) {
        return with(copy -> copy.spellings = Objects.requireNonNull(spellings));
    }

    /**
     * The column of sample weights, see {@link SampleWeight}; default: all rows count the same. It is no feature.
     */
    public TableOptions sampleWeight(String column) {
        return with(copy -> copy.sampleWeight = Objects.requireNonNull(column));
    }

    /**
     * Leaves out columns that are the target in other words, value for value, unless a type is given for them; by default a remark
     * names them.
     */
    public TableOptions leaveOutCopies() {
        return with(copy -> copy.leavesOutCopies = true);
    }

    /** The training rows, counted from 0; default all. The schema learns nothing from others but labels. */
    public TableOptions rows(LongPredicate rows) {
        return with(copy -> copy.rows = Objects.requireNonNull(rows));
    }

    /** Receives remarks on the form of the file, see {@link Table#remarks}; default: none. */
    public TableOptions onRemark(Consumer<String> listener) {
        return with(copy -> copy.onRemark = Objects.requireNonNull(listener));
    }

    /** How a number is distributed; empty: as is better in training. */
    public Optional<Distribution> distribution() {
        return distribution;
    }

    int maxCategories() {
        return maxCategories.orElse(MOST_CATEGORIES);
    }

    int categoriesBesideMeans() {
        return maxCategories.orElse(CATEGORIES_BESIDE_MEANS);
    }
}
