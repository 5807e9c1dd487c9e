package beras.tables;

import beras.data.table.TableSchema;
import beras.metrics.Metric;
import beras.models.Model;
import beras.models.Models;
import beras.saving.SavedModel;
import beras.tensor.Shape;
import beras.training.Callback;
import beras.training.EarlyStopping;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One training on a prepared table, with a net of its own. The rows may be shared with other trainings. */
final class TableRun {

    private final PreparedTable table;
    private final TableRows rows;
    private final Recipe recipe;
    private final Model model;
    private final Optional<EarlyStopping> stopping;

    /**
     * @param monitor  by which number of the validation the best epoch is chosen
     * @param patience after how many epochs without improvement training ends; 0: never, and the last weights are kept
     * @throws IllegalArgumentException if the recipe does not fit the table
     */
    TableRun(PreparedTable table, TableRows rows, Recipe recipe, String monitor, int patience) {
        this.table = table;
        this.rows = rows;
        this.recipe = recipe;
        TableSchema schema = table.schema();
        model = Models.of(recipe, Shape.of(schema.width()));
        if (!model.outputShape().equals(Shape.of(schema.targetWidth()))) {
            throw new IllegalArgumentException("The target " + schema.target().name() + " needs a last layer of shape ("
                    + schema.targetWidth() + "). Received: " + model.outputShape());
        }
        Objective described = recipe.objective(model.outputShape());
        List<Metric> metrics = new ArrayList<>(table.metrics());
        Set<String> reported = metrics.stream().map(Metric::name).collect(Collectors.toSet()); // whether asked for or not
        described.metrics().stream().filter(asked -> !reported.contains(asked.name())).forEach(metrics::add);
        model.compile(recipe.makeOptimizer(schema.rows()),
                new Objective(described.loss()).metrics(metrics.toArray(Metric[]::new)));
        stopping = table.validationRows() == 0 || patience == 0 ? Optional.empty()
                : Optional.of(new EarlyStopping("val_" + monitor).patience(patience).restoreBestWeights(true));
    }

    /**
     * Trains. With rows to validate, the net has the weights of its best epoch in the end.
     *
     * @param epochs    after which to end
     * @param from      where a training by the same recipe ended, to go on from there; empty: from the beginning
     * @param callbacks who is told
     */
    History fit(int epochs, Optional<TrainingState> from, List<Callback> callbacks) {
        FitOptions options = recipe.fitOptions().validationSplit(0).epochs(epochs);
        List<Callback> told = new ArrayList<>();
        if (table.validationRows() > 0) {
            options = options.validationData(rows.validation(recipe.batchSize()).orElseThrow());
        }
        stopping.ifPresent(told::add);
        told.addAll(callbacks);
        options = options.callbacks(told.toArray(Callback[]::new));
        return model.fit(rows.training(recipe.batchSize(), recipe.seed()), from.isEmpty() ? options : options.resume(from.get()));
    }

    /** The best value of what is monitored; NaN if there is none. */
    double best() {
        return stopping.map(EarlyStopping::best).orElse(Double.NaN);
    }

    /** The epoch whose weights the net has after a training of this history. */
    int bestEpoch(History history) {
        return stopping.map(EarlyStopping::bestEpoch).orElse(history.epochs().size() - 1);
    }

    /** The net with all that belongs to it. */
    TableModel model(History history, Map<String, String> provenance) {
        SavedModel saved = new SavedModel(model).uncompiled().recipe(recipe); // which says how it is compiled
        return TableModel.trained(saved.preprocessor(table.preprocessor()).provenance(provenance),
                new TableHistory(history, bestEpoch(history)));
    }
}
