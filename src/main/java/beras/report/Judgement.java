package beras.report;

import beras.data.ArrayPreprocessor;
import beras.data.image.ImagePreprocessor;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.evaluation.ClassificationReport;
import beras.evaluation.RegressionReport;
import beras.feed.Preprocessor;
import beras.models.Model;
import beras.tables.PermutationImportance;
import beras.tables.TableExplanation;
import beras.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How good a model is on examples that it was not trained on.
 *
 * @param held       the examples
 * @param classes    of a classification
 * @param regression of a regression
 * @param importance of the columns of a table
 * @param images     the meaning of the inputs, if they are images
 * @param worst      rows of a table
 */
public record Judgement(HeldOut held, Optional<ClassificationReport> classes, Optional<Regression> regression,
        Optional<Importance> importance, Optional<ImagePreprocessor> images, Optional<WorstRows> worst) {

    /** At most so many multiplications are made to find out which columns decide: half a second on a processor of today. */
    private static final double MOST_WORK = 5e9;
    /** The cost of an output besides its layer, in multiplications: its probability and the metrics. */
    private static final int PER_OUTPUT = 100;
    /** Results on fewer rows are not reliable. */
    private static final int FEWEST_ROWS = 100;

    /** Predicted and true values, in units of the data. */
    public record Regression(String target, double[] predicted, double[] actual, RegressionReport report) {

        /**
         * The values of outputs and targets, as training has them, {@code (n, numbers)}.
         *
         * @param preprocessor restores their units; with none of a table or of arrays they are in units of the data
         */
        public static Regression of(Optional<Preprocessor> preprocessor, Tensor outputs, Tensor targets) {
            if (preprocessor.orElse(null) instanceof TablePreprocessor table) {
                TableTarget.Regression target = (TableTarget.Regression) table.schema().target();
                double[] predicted = RegressionReport.numbers(outputs, target::predicted);
                double[] actual = RegressionReport.numbers(targets, target::restore);
                return new Regression(target.name(), predicted, actual, RegressionReport.of(predicted, actual, target.mean()));
            }
            ArrayPreprocessor arrays = preprocessor.orElse(null) instanceof ArrayPreprocessor known ? known : null;
            double[] predicted = RegressionReport.numbers(arrays == null ? outputs : arrays.restore(outputs), number -> number);
            double[] actual = RegressionReport.numbers(arrays == null ? targets : arrays.restore(targets), number -> number);
            return new Regression("y", predicted, actual, arrays == null ? RegressionReport.of(predicted, actual)
                    : RegressionReport.of(predicted, actual, arrays.mean()));
        }

        double error(int example) {
            return predicted[example] - actual[example];
        }

        /** At most so many examples with the largest errors, the worst first. */
        List<Integer> worst(int most) {
            return IntStream.range(0, predicted.length).boxed().sorted(Comparator.comparingDouble(i -> -Math.abs(error(i))))
                    .limit(most).toList();
        }
    }

    /**
     * Which columns decide.
     *
     * @param columns empty if it would take too long to find out
     * @param rows    on how many rows
     */
    record Importance(Optional<PermutationImportance> columns, int rows) {}

    /**
     * Judges a model.
     *
     * @param preprocessor makes its inputs from data; empty if it takes them unchanged
     * @param labels       of the classes; empty for a regression
     */
    public static Judgement of(Model model, Optional<Preprocessor> preprocessor, List<String> labels, HeldOut held) {
        TableSchema schema = preprocessor.orElse(null) instanceof TablePreprocessor table ? table.schema() : null;
        Optional<ImagePreprocessor> images = preprocessor.filter(ImagePreprocessor.class::isInstance).map(ImagePreprocessor.class::cast);
        Optional<Importance> importance = Optional.ofNullable(schema).map(table -> importance(model, table, held));
        if (labels.isEmpty()) {
            return new Judgement(held, Optional.empty(),
                    Optional.of(Regression.of(preprocessor, held.outputs(), held.targets())), importance, images, Optional.empty());
        }
        ClassificationReport.Options options = new ClassificationReport.Options();
        options = schema == null ? options : options.trainingCounts(schema.target().counts());
        return new Judgement(held, Optional.of(ClassificationReport.of(labels, held.outputs(), held.targets(), options)),
                Optional.empty(), importance, images, Optional.empty());
    }

    /** With the rows that the model is most wrong about. */
    Judgement worst(WorstRows rows) {
        return new Judgement(held, classes, regression, importance, images, Optional.of(rows));
    }

    /** On as many rows as there is time for. */
    private static Importance importance(Model model, TableSchema schema, HeldOut held) {
        double perRow = (double) TableExplanation.Options.REPEATS * schema.columns().size()
                * (model.multiplyAdds(model.inputShapes()) + PER_OUTPUT * (long) schema.targetWidth());
        int rows = (int) Math.min(held.count(), MOST_WORK / perRow);
        if (rows < Math.min(FEWEST_ROWS, held.count())) {
            return new Importance(Optional.empty(), rows);
        }
        TableExplanation explanation = TableExplanation.of(model, schema, HeldOut.some(held.inputs(), rows),
                HeldOut.some(held.targets(), rows), new TableExplanation.Options());
        return new Importance(Optional.of(explanation.importance()), rows);
    }
}
