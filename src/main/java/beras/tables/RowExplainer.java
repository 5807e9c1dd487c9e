package beras.tables;

import beras.config.CheckReturnValue;
import beras.config.InvalidDataException;
import beras.config.Names;
import beras.data.DataException;
import beras.data.table.TableFile;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.models.Model;
import beras.saving.Predictor;
import beras.tables.TableSample.Used;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Explains the prediction for one row relative to other rows of a table, which need no target.
 *
 * <pre>{@code
 * RowExplainer explainer = RowExplainer.of(model, TableFile.of(Path.of("houses.csv")));
 * explainer.explain(Map.of("rooms", 4, "city", "Bern")).shares().forEach(System.out::println);
 * }</pre>
 *
 * <p>A share is the Shapley value of a column. The worth of a set of columns is the mean prediction for the other rows if their
 * values in these columns are replaced by the row's (Štrumbelj and Kononenko, 2014; Lundberg and Lee, 2017). In each other row
 * the columns take their values from the row one after the other, in a random order and in its reverse; the change in a step is
 * the contribution of its column. So the shares add up for any number of rows. They are exact for a model that is a sum of
 * functions of one column or of two, as an order and its reverse have each of two columns first once, and estimates for others.
 * As other columns keep their values, rows may come about that do not exist, if columns are correlated. With the same seed the
 * numbers are the same, whatever the number of threads.
 */
public final class RowExplainer {

    /** The default maximum of rows that a row is compared with. */
    public static final int MOST_ROWS = 500;
    /** And with so many at least, however many columns there are. */
    public static final int FEWEST_ROWS = 10;

    /** About so many multiplications are made by default: half a second on a processor of today. */
    private static final double MOST_WORK = 5e9;
    /** The cost of an output besides its layer, in multiplications. */
    private static final int PER_OUTPUT = 100;
    private static final int ORDERS = 2; // a random one and its reverse

    private final Model model;
    private final TablePreprocessor preprocessor;
    private final TableSample others;
    private final long seed;
    private final List<Used> used;
    private final Optional<String> label; // empty: the predicted one

    private RowExplainer(Model model, TablePreprocessor preprocessor, TableSample others, long seed, Optional<String> label) {
        this.model = model;
        this.preprocessor = preprocessor;
        this.others = others;
        this.seed = seed;
        this.used = TableSample.used(preprocessor.schema());
        this.label = label;
    }

    /**
     * Reads rows to compare others with: at most {@link #MOST_ROWS}, or fewer if there are very many columns, chosen at random.
     *
     * @throws DataException if the file is no table, a column is missing, or it has no rows
     */
    public static RowExplainer of(TableModel model, TableFile others) throws IOException {
        return of(model, others, new TableExplanation.Options());
    }

    /**
     * As {@link #of(TableModel, TableFile)}, with other options, of which {@link TableExplanation.Options#most},
     * {@link TableExplanation.Options#seed}, {@link TableExplanation.Options#rows} and {@link TableExplanation.Options#atEnd} count.
     */
    public static RowExplainer of(TableModel model, TableFile others, TableExplanation.Options options) throws IOException {
        Model net = model.saved().probabilities();
        TableSchema schema = model.schema();
        int used = TableSample.used(schema).size();
        double perRow = ORDERS * (double) used
                * (net.multiplyAdds(net.inputShapes()) + PER_OUTPUT * (long) schema.targetWidth());
        int usual = (int) Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, MOST_WORK / perRow));
        int most = options.most(schema, usual, ORDERS * (used - 1L) * schema.targetWidth());
        return new RowExplainer(net, new TablePreprocessor(schema), TableSample.of(others, schema, false, most, options), options.seed,
                Optional.empty());
    }

    /**
     * Explains the probability of this label; default: the predicted label of the row.
     *
     * @throws IllegalArgumentException if the model has no such label
     */
    @CheckReturnValue
    public RowExplainer label(String newLabel) {
        List<String> labels = schema().target().labels();
        if (!labels.contains(newLabel)) {
            throw new IllegalArgumentException(labels.isEmpty()
                    ? "A label is explained of a model that predicts one. Received: " + newLabel
                            + ", and a model that predicts a number"
                    : "The label must be one of " + String.join(", ", labels) + ". Received: " + newLabel
                            + Names.didYouMean(newLabel, labels));
        }
        return new RowExplainer(model, preprocessor, others, seed, Optional.of(newLabel));
    }

    private TableSchema schema() {
        return preprocessor.schema();
    }

    /** How many rows a row is compared with. */
    public int rows() {
        return others.count;
    }

    /**
     * Explains a row in memory, as {@link TablePreprocessor} takes it: a map of values by column, a record, or a list of values.
     *
     * @throws IllegalArgumentException if a column is missing, a value is wrong, or an output of the model is not finite
     */
    public RowExplanation explain(Object row) {
        float[] features = new float[schema().width()];
        preprocessor.encode(row, features, 0);
        List<String> values = new ArrayList<>();
        for (Used each : used) {
            Object value = preprocessor.value(each.place(), row);
            values.add(preprocessor.isMissing(value) ? "" : String.valueOf(value));
        }
        return explain(features, values);
    }

    /**
     * Explains a row of a table, which need not have the target.
     *
     * @param number of the row, from 1, as {@link TablePredictions.Row#number}
     * @throws DataException if the file is no table, a column is missing, or it has no such row
     * @throws IllegalArgumentException if the number is less than 1, or an output of the model is not finite
     */
    public RowExplanation explain(TableFile file, long number) throws IOException {
        if (number < 1) {
            throw new IllegalArgumentException("Rows are counted from 1. Received: " + number);
        }
        float[] features = new float[schema().width()];
        try (TableReader reader = TableReader.withoutTargets(file, schema())) {
            long rows = 0;
            while (rows < number) {
                if (!reader.next(features, 0)) {
                    throw new DataException(file + ": expected a row " + number + ". Received: " + rows
                            + (rows == 1 ? " row" : " rows"));
                }
                rows++;
            }
            List<String> values = new ArrayList<>();
            for (Used each : used) {
                String cell = reader.cell(reader.column(each.column().name()));
                values.add(preprocessor.isMissing(cell) ? "" : cell);
            }
            return explain(features, values);
        }
    }

    // ---------------------------------------------------------------------------------------------------- shares

    private RowExplanation explain(float[] row, List<String> values) {
        Tensor own = Predictor.outputs(model, Tensor.wrap(row, 1, row.length));
        int output = schema().target().labels().isEmpty() ? 0
                : label.map(schema().target().labels()::indexOf).orElseGet(() -> largest(own.toArray()));
        double prediction = worth(own, 0, output);
        Tensor before = others.outputs(model);
        int columns = used.size();
        int steps = Math.max(0, columns - 1); // after the last one it is the row
        int[][] orders = new int[others.count * ORDERS][];
        for (int other = 0; other < others.count; other++) {
            int[] order = new Rng(seed, "explained columns", other).permutation(columns);
            orders[other * ORDERS] = order;
            orders[other * ORDERS + 1] = IntStream.range(0, columns).map(i -> order[columns - 1 - i]).toArray();
        }
        // The outputs of the model after each step but the last, of each order beside each other row; options limit the rows so
        // that it fits.
        Tensor between = others.outputs(model, orders.length * steps, (at, to, place) -> {
            others.copy(at / (ORDERS * steps), to, place);
            for (int step = 0; step <= at % steps; step++) {
                used.get(orders[at / steps][step]).copy(row, 0, to, place);
            }
        });
        double baseline = 0;
        double[] shares = new double[columns];
        for (int order = 0; order < orders.length; order++) {
            double worth = worth(before, order / ORDERS, output);
            baseline += order % ORDERS == 0 ? worth : 0;
            for (int step = 0; step < columns; step++) {
                double next = step == steps ? prediction : worth(between, order * steps + step, output);
                shares[orders[order][step]] += next - worth;
                worth = next;
            }
        }
        List<RowExplanation.Share> all = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            all.add(new RowExplanation.Share(used.get(i).column().name(), values.get(i), shares[i] / orders.length));
        }
        all.sort(Comparator.comparingDouble(share -> -Math.abs(share.share())));
        return new RowExplanation(schema().target().labels().isEmpty() ? Optional.empty()
                : Optional.of(schema().target().labels().get(output)), baseline / others.count, prediction, all, others.count);
    }

    private static int largest(float[] scores) {
        return IntStream.range(1, scores.length).reduce(0, (largest, i) -> scores[i] > scores[largest] ? i : largest);
    }

    /** The explained value: the number in the unit of the table, or the probability of a label. */
    private double worth(Tensor outputs, int row, int output) {
        float number = outputs.data()[outputs.offset() + row * schema().targetWidth() + output];
        double worth = schema().target() instanceof TableTarget.Regression regression ? regression.predicted(number) : number;
        if (!Double.isFinite(worth)) {
            throw new InvalidDataException("What a model gives must be finite to be explained. Received: " + worth
                    + ". Take rows like those that were trained on");
        }
        return worth;
    }
}
