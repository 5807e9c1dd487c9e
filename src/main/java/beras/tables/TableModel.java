package beras.tables;

import beras.data.DataException;
import beras.data.table.CellCounts;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.feed.Preprocessor;
import beras.models.Model;
import beras.models.RecipeTraining;
import beras.prediction.ConformalSets;
import beras.prediction.Prediction;
import beras.saving.ModelFile;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.training.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A model that predicts one column of a table from the others. Any number of threads may predict with it.
 *
 * <pre>{@code
 * TableModel model = TableModel.load(Path.of("houses.beras"));
 * double price = model.predict(Map.of("rooms", 4, "city", "Bern")).value();
 * }</pre>
 */
public final class TableModel {

    private final SavedModel saved;
    private final TableSchema schema;
    private final Predictor predictor;
    private final Optional<TableHistory> history;

    private TableModel(SavedModel saved, Optional<TableHistory> history) {
        this.saved = saved;
        this.schema = schema(saved.preprocessor());
        this.predictor = saved.predictor();
        this.history = history;
    }

    private static TableSchema schema(Optional<Preprocessor> preprocessor) {
        if (preprocessor.isPresent() && preprocessor.get() instanceof TablePreprocessor table) {
            return table.schema();
        }
        throw new IllegalArgumentException("A model of a table is needed, saved with the schema of its columns. Received: one with "
                + preprocessor.map(other -> other.config().type()).orElse("none"));
    }

    /** A model that was just trained. */
    static TableModel of(PreparedTable table, RecipeTraining training, History history, Map<String, String> provenance) {
        SavedModel trained = new SavedModel(training.model()).uncompiled().recipe(training.recipe()) // with how it is compiled
                .preprocessor(table.preprocessor()).provenance(provenance);
        SavedModel saved = training.validation().flatMap(rows -> table.conformalScores(trained.model(), trained::probabilities, rows))
                .map(trained::conformalScores).orElse(trained);
        return new TableModel(saved, Optional.of(new TableHistory(history, training.keptEpoch(history))));
    }

    /**
     * A model with all that belongs to it.
     *
     * @throws IllegalArgumentException if the model was not trained on a table
     */
    public static TableModel of(SavedModel saved) {
        return new TableModel(saved, Optional.empty());
    }

    /**
     * Reads a model that {@link #save} or the command line has saved.
     *
     * @throws IOException if the file cannot be read, or is no model
     * @throws IllegalArgumentException if the model was not trained on a table
     */
    public static TableModel load(Path file) throws IOException {
        return of(ModelFile.load(file));
    }

    /**
     * Saves the model with all that it takes to predict and to train it again.
     *
     * @throws IOException if the file is there already, or cannot be written; then there is none
     */
    public void save(Path file) throws IOException {
        ModelFile.save(saved, file);
    }

    /** The contents of the model file: the network, its recipe, its provenance. */
    public SavedModel saved() {
        return saved;
    }

    /** The network. */
    public Model model() {
        return saved.model();
    }

    /** The schema: the target, and the encoding of the columns. */
    public TableSchema schema() {
        return schema;
    }

    /** How it was trained; empty if it was read from a file. */
    public Optional<TableHistory> history() {
        return history;
    }

    /** Predicts from rows in memory. */
    public Predictor predictor() {
        return predictor;
    }

    /**
     * The prediction for one row, its values by the names of the columns. A column that is left out is missing; {@link #counts}
     * counts values that training did not have.
     *
     * @throws IllegalArgumentException if a value is wrong, naming the column, or if a column is left out and a key is no column
     */
    public Prediction predict(Map<String, ?> row) {
        return predictor.predict(row);
    }

    /**
     * How many values of rows in memory are missing, unknown categories or clipped to the range of training, by column.
     *
     * <pre>{@code
     * model.counts(List.of(Map.of("rooms", 400, "city", "Bern"))).clipped(); // {rooms=1}
     * }</pre>
     *
     * @param rows maps, records or lists, as {@link TablePreprocessor} takes them
     * @throws IllegalArgumentException if one is wrong
     */
    public CellCounts counts(List<?> rows) {
        TablePreprocessor preprocessor = new TablePreprocessor(schema);
        CellCounts counts = new CellCounts(schema);
        float[] features = new float[schema.width()];
        rows.forEach(row -> preprocessor.encode(row, features, 0, counts));
        return counts;
    }

    /**
     * The predictions for each row of a table, with or without the target.
     *
     * @throws DataException if the file is no table, or a column is missing
     */
    public TablePredictions predict(TableFile file) throws IOException {
        return new TablePredictions(predictor, schema, Objects.requireNonNull(file));
    }

    /**
     * Conformal predictions with a coverage: intervals around numbers, sets of labels.
     *
     * <pre>{@code
     * ConformalSets sets = model.sets(0.9);
     * ConformalSets.Interval price = sets.interval(model.predict(row)); // in 90 of 100 rows the price is within
     * }</pre>
     *
     * @param coverage above 0 and below 1, such as 0.9
     * @throws IllegalArgumentException if the model was trained without validation rows, or they are too few to guarantee this
     *     coverage
     */
    public ConformalSets sets(double coverage) {
        return saved.sets(coverage);
    }

    /**
     * The measured coverage of {@link #sets} on the rows of a table, which must be others than the training and validation rows
     * of the model.
     *
     * @param coverage that is promised
     * @throws DataException if the file is no table, a column is missing, or it has no row with a target
     * @throws IllegalArgumentException as {@link #sets}
     */
    public Coverage coverage(TableFile file, double coverage) throws IOException {
        return TableEvaluation.coverage(sets(coverage), saved.probabilities(), schema,
                new TableDataset(Objects.requireNonNull(file), schema, any -> true));
    }

    /**
     * How good the model is on the rows of a table.
     *
     * @throws DataException if the file is no table, a column is missing, or it has no row with a target
     */
    public TableEvaluation evaluate(TableFile file) throws IOException {
        return TableEvaluation.of(saved.probabilities(), schema, new TableDataset(Objects.requireNonNull(file), schema, any -> true));
    }

    /**
     * The use that the model makes of the columns of a table, on as many rows as {@link TableExplanation.Options} allow.
     *
     * @throws DataException if the file is no table, a column is missing, or it has no row with a target
     */
    public TableExplanation explain(TableFile file) throws IOException {
        return explain(file, new TableExplanation.Options());
    }

    /**
     * As {@link #explain(TableFile)}, with other options.
     *
     * @throws IllegalArgumentException if the options name a measure that there is not for the target
     */
    public TableExplanation explain(TableFile file, TableExplanation.Options options) throws IOException {
        return TableExplanation.of(saved.probabilities(), schema, Objects.requireNonNull(file), options);
    }
}
