package beras.cli;

import beras.data.TableSchema;
import beras.models.Model;
import beras.saving.SavedModel;
import java.nio.file.Path;

/** A model that was trained on a table, with what tells how rows become its inputs. */
record TableModel(Model model, TableSchema schema) {

    /** The name of the schema among what a model file tells of where the model comes from. */
    static final String SCHEMA = "table";

    /**
     * The table's part of a saved model; null if it was not trained on a table.
     *
     * @throws Failure if there is such a part, but it is damaged or does not fit the model
     */
    static TableModel of(SavedModel saved, Path file) {
        String json = saved.provenance().get(SCHEMA);
        if (json == null) {
            return null;
        }
        TableSchema schema;
        try {
            schema = TableSchema.fromJson(json);
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.BAD_DATA, file + ": " + e.getMessage());
        }
        Model model = saved.model();
        Predictions.requireOneRow(model, file);
        if (!model.inputShape().is(schema.width()) || !model.outputShape().is(schema.targetWidth())) {
            throw new Failure(Exit.BAD_DATA, file + ": the model must take " + schema.width() + " features and give "
                    + Text.count(schema.targetWidth(), "number") + ", as its table says. Received: a model from "
                    + model.inputShape() + " to " + model.outputShape());
        }
        return new TableModel(model, schema);
    }
}
