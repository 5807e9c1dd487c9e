package beras.tables;

import beras.data.table.TableDataset;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.evaluation.ClassificationReport;
import beras.evaluation.RegressionReport;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.prediction.ConformalSets;
import beras.saving.Predictor;
import beras.tensor.Tensor;
import beras.training.Collect;
import beras.training.Evaluation;
import beras.training.Objective;
import beras.training.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How good a model is on rows of a table. It keeps the outputs of the model for each row.
 *
 * @param rows       how many rows were measured
 * @param labels     the measures for labels; empty for numbers
 * @param regression the measures for numbers, in units of the table; empty for labels
 */
public record TableEvaluation(long rows, Optional<ClassificationReport> labels, Optional<RegressionReport> regression) {

    private static final int AHEAD = 2;

    /** Measures a network on rows. */
    static TableEvaluation of(Model model, TableSchema schema, TableDataset rows) throws IOException {
        Evaluation evaluation = evaluation(model, rows);
        return of(schema, evaluation.predictions().get(0), evaluation.targets().get(0));
    }

    static Coverage coverage(ConformalSets sets, Model model, TableSchema schema, TableDataset rows) throws IOException {
        Evaluation evaluation = evaluation(model, rows);
        return Coverage.of(sets, schema.target(), evaluation.predictions().get(0), evaluation.targets().get(0));
    }

    private static Evaluation evaluation(Model model, TableDataset rows) throws IOException {
        try {
            // Any loss will do: only the outputs count.
            return new Trainer(model, List.of(new Objective(new MeanSquaredError())))
                    .evaluate(rows.batch(Predictor.batchSize(rows.spec().inputs().get(0))).prefetch(AHEAD), Collect.PREDICTIONS, Collect.TARGETS);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Compares the outputs of a network with the truth, both {@code (n, targetWidth)}. */
    static TableEvaluation of(TableSchema schema, Tensor outputs, Tensor targets) {
        if (schema.target() instanceof TableTarget.Regression regression) {
            return new TableEvaluation(outputs.dim(0), Optional.empty(),
                    Optional.of(RegressionReport.of(RegressionReport.numbers(outputs, regression::predicted),
                    RegressionReport.numbers(targets, regression::restore), regression.mean())));
        }
        return new TableEvaluation(outputs.dim(0), Optional.of(ClassificationReport.of(schema.target().labels(), outputs,
                targets, new ClassificationReport.Options().trainingCounts(schema.target().counts()))), Optional.empty());
    }

    /** All measures by name, see {@link ClassificationReport#values} and {@link RegressionReport#values}. */
    public Map<String, Double> values() {
        return labels.isPresent() ? labels.get().values() : regression.orElseThrow().values();
    }

    /** The values by name. */
    @Override
    public String toString() {
        return values().toString();
    }
}
