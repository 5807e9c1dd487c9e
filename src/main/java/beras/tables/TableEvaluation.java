package beras.tables;

import beras.data.TableSchema;
import beras.feed.Batches;
import beras.feed.Dataset;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.training.Evaluation;
import beras.training.Objective;
import beras.training.Trainer;
import java.util.List;
import java.util.Map;

/** Measures a net on rows of a table. */
final class TableEvaluation {

    private static final int BATCH = 256;

    static Map<String, Double> of(Model model, TableSchema schema, Dataset rows) {
        Batches batches = rows.batch(BATCH).prefetch(2);
        Evaluation evaluation = new Trainer(model, List.of(new Objective(new MeanSquaredError()))).evaluate(batches);
        return evaluation.values();
    }

    private TableEvaluation() {}
}
