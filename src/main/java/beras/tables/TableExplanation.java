package beras.tables;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.config.SettingException;
import beras.data.DataException;
import beras.data.table.TableFile;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.models.Model;
import beras.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * The use that a model makes of the columns of a table, measured on rows that are kept in memory. With the same seed the
 * numbers are the same, whatever the number of threads.
 *
 * <pre>{@code
 * TableExplanation explanation = model.explain(TableFile.of(Path.of("houses.csv")));
 * System.out.println(explanation.importance().columns().get(0).name());
 * System.out.println(explanation.dependence("rooms").points());
 * }</pre>
 */
public final class TableExplanation {

    /**
     * How to explain. Immutable: each method gives a changed copy.
     *
     * <pre>{@code
     * new TableExplanation.Options().measure("mae").repeats(10)
     * }</pre>
     */
    @CheckReturnValue
    public static final class Options extends beras.config.Options<Options> {

        /** At most so many rows are looked at by default. */
        public static final int MOST_ROWS = 10_000;
        /** The default maximum of bytes for the rows. */
        public static final long MOST_BYTES = TableDefaults.SHUFFLE_BYTES;
        /** How often each column is shuffled by default. */
        public static final int REPEATS = 5;

        private String measure; // null: the target's own
        private int repeats = REPEATS;
        long seed = TableDefaults.SEED;
        private OptionalInt most = OptionalInt.empty();
        LongPredicate rows = any -> true;
        Consumer<TableReader> atEnd = reader -> { };

        /** The defaults. */
        public Options() {}

        /** The measure of the importance of columns; default {@link PermutationImportance#defaultMeasure}. */
        public Options measure(String name) {
            return with(copy -> copy.measure = Objects.requireNonNull(name));
        }

        /**
         * How often each column is shuffled; default {@link #REPEATS}.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Options repeats(int times) {
            return with(copy -> copy.repeats = Arguments.atLeast(1, "repeats", times));
        }

        /** The seed of shuffles, and of the sample of rows if they are too many; default 1. */
        public Options seed(long newSeed) {
            return with(copy -> copy.seed = newSeed);
        }

        /**
         * How many rows are looked at, at most; of more, so many are chosen at random. Default {@link #MOST_ROWS}, or fewer,
         * which fit into {@link #MOST_BYTES}.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Options most(int number) {
            return with(copy -> copy.most = OptionalInt.of(Arguments.atLeast(1, "The number of rows", number)));
        }

        /** Which rows to look at, counted from 0; default all. */
        public Options rows(LongPredicate which) {
            return with(copy -> copy.rows = Objects.requireNonNull(which));
        }

        /** Receives the reader of the table with its counts, such as missing values; default none. */
        public Options atEnd(Consumer<TableReader> listener) {
            return with(copy -> copy.atEnd = Objects.requireNonNull(listener));
        }

        /** The maximum of rows used, of which each needs so many outputs to be explained. */
        int most(TableSchema schema, int usual, long outputs) {
            int array = Integer.MAX_VALUE - 8;
            long room = Math.min(TableSample.rowsIn((long) Float.BYTES * array, schema), array / Math.max(1, outputs));
            if (most.orElse(0) > room) {
                throw new SettingException("mostRows", "it must be at most " + room + " where a row has " + schema.width()
                        + " features, as those of all rows are one array, and so is what the model gives. Received: " + most.getAsInt());
            }
            return most.orElse(usual);
        }
    }

    private final Model model;
    private final TableSample sample;
    private final Options options;

    /** Reads the rows. */
    static TableExplanation of(Model model, TableSchema schema, TableFile file, Options options) throws DataException {
        if (options.measure != null) {
            PermutationImportance.requireMeasure(options.measure, schema.target());
        }
        int usual = Math.min(Options.MOST_ROWS, TableSample.rowsIn(Options.MOST_BYTES, schema));
        return new TableExplanation(model, TableSample.of(file, schema, true, options.most(schema, usual, schema.targetWidth()), options), options);
    }

    private TableExplanation(Model model, TableSample sample, Options options) {
        this.model = model;
        this.options = options;
        this.sample = sample;
    }

    /**
     * An explanation on all rows of two tensors.
     *
     * @param inputs  the inputs of the model, {@code (n, features)}
     * @param targets the truth, {@code (n, width of the target)}
     * @throws IllegalArgumentException if there are no rows, or the shapes do not match the schema
     */
    public static TableExplanation of(Model model, TableSchema schema, Tensor inputs, Tensor targets, Options options) {
        return new TableExplanation(model, TableSample.of(schema, inputs, targets), options);
    }

    /** How many rows are looked at. */
    public int rows() {
        return sample.count;
    }

    /** How many rows there are, of which {@link #rows} are looked at. */
    public long allRows() {
        return sample.all;
    }

    /**
     * How much the model needs each column. Each shuffle predicts all rows again, several at a time.
     *
     * @throws IllegalArgumentException if the measure is not defined for the outputs of the model, or an output is not finite
     */
    public PermutationImportance importance() {
        String measure = Optional.ofNullable(options.measure)
                .orElseGet(() -> PermutationImportance.defaultMeasure(sample.schema.target()));
        return PermutationImportance.of(model, sample, measure, options.repeats, options.seed);
    }

    /**
     * Partial dependence: the average prediction of the model by value of a column.
     *
     * @throws IllegalArgumentException if the model uses no column of this name
     */
    public PartialDependence dependence(String column) {
        return PartialDependence.of(model, sample, column);
    }
}
