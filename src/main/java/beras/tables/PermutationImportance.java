package beras.tables;

import beras.compute.Compute;
import beras.config.InvalidDataException;
import beras.data.table.TableTarget;
import beras.evaluation.ClassificationReport;
import beras.evaluation.RegressionReport;
import beras.models.Model;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much a model needs each column of a table: by how much a measure gets worse if the values of the column, all features of it
 * together, are shuffled among the rows (Breiman, 2001; Fisher, Rudin and Dominici, 2019). About 0: the model does not use it.
 *
 * <p>Columns with the same information share their importance: if one is shuffled, the model still has the other. It describes
 * this model, not the world; on training rows, also what the model has memorized.
 *
 * @param measure by its name in {@link TableEvaluation#values}
 * @param value   of the measure on the rows as they are
 * @param columns the ones that become features, the most important first
 */
public record PermutationImportance(String measure, double value, List<Column> columns) {

    /** Measures of which less is better; of all others more is. */
    private static final Set<String> ERRORS = Set.of("log_loss", "brier_score", "calibration_error", "mse", "mae", "rmse",
            "median_absolute_error", "max_error");
    /** Measures that depend on no column. */
    private static final String BASELINE = "baseline_";
    private static final String LOG_LOSS = "log_loss";
    private static final String RMSE = "rmse";

    public PermutationImportance {
        columns = List.copyOf(columns);
    }

    /**
     * The importance of one column.
     *
     * @param worse by how much the measure got worse in each shuffle, in the measure's units; below 0: it got better
     */
    public record Column(String name, List<Double> worse) {

        public Column {
            worse = List.copyOf(worse);
        }

        /** The mean over the shuffles. */
        public double mean() {
            double sum = 0;
            for (double each : worse) {
                sum += each;
            }
            return sum / worse.size();
        }

        /** The standard deviation of the shuffles, dividing by their number. */
        public double deviation() {
            double mean = mean();
            double squares = 0;
            for (double each : worse) {
                squares += (each - mean) * (each - mean);
            }
            return Math.sqrt(squares / worse.size());
        }
    }

    /** The measures for a target: the ones of its report that depend on the model. */
    public static List<String> measures(TableTarget target) {
        Map<String, Double> any = target.labels().isEmpty() ? RegressionReport.of(new double[1], new double[1]).values()
                : ClassificationReport.of(List.of("a", "b"), Tensor.zeros(1, 2), Tensor.zeros(1)).values();
        return any.keySet().stream().filter(name -> !name.startsWith(BASELINE)).toList();
    }

    /** The measure that is taken if none is given: log loss for labels, the root of the mean squared error for numbers. */
    public static String defaultMeasure(TableTarget target) {
        return target.labels().isEmpty() ? RMSE : LOG_LOSS;
    }

    /**
     * Rejects a name that is no measure for a target.
     *
     * @throws IllegalArgumentException if it is so
     */
    public static String requireMeasure(String name, TableTarget target) {
        if (!measures(target).contains(name)) {
            throw new IllegalArgumentException("the measure must be one of " + String.join(", ", measures(target))
                    + ". Received: " + name);
        }
        return name;
    }

    /** Measures a model on a sample. The result depends on the sample and the seed alone, whatever the threads do. */
    static PermutationImportance of(Model model, TableSample sample, String measure, int repeats, long seed) {
        requireMeasure(measure, sample.schema.target());
        double value = value(measure, sample, sample.outputs(model));
        if (!Double.isFinite(value)) {
            throw new InvalidDataException("The measure " + measure
                    + " is not defined for what the model gives for these rows, or too large: " + value
                    + ". Take another measure, or rows like those that were trained on");
        }
        List<TableSample.Used> used = TableSample.used(sample.schema);
        double[] worse = new double[used.size() * repeats];
        double sign = ERRORS.contains(measure) ? 1 : -1;
        TableSample.inParallel(Compute.threads(), worse.length, task -> {
            TableSample.Used column = used.get(task / repeats);
            // The seed depends on the name, so that other columns do not change the shuffle of this one.
            int[] order = new Rng(seed, "shuffle " + column.column().name(), task % repeats).permutation(sample.count);
            worse[task] = sign * (value(measure, sample, sample.shuffled(model, column, order)) - value);
        });
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            columns.add(new Column(used.get(i).column().name(),
                    Arrays.stream(worse, i * repeats, (i + 1) * repeats).boxed().toList()));
        }
        columns.sort(Comparator.comparingDouble(Column::mean).reversed());
        return new PermutationImportance(measure, value, columns);
    }

    private static double value(String measure, TableSample sample, Tensor outputs) {
        TableEvaluation evaluation = TableEvaluation.of(sample.schema, outputs, sample.targets());
        return measure.equals(LOG_LOSS) ? evaluation.labels().orElseThrow().logLoss() // without areas, for which rows are sorted
                : evaluation.values().get(measure);
    }
}
