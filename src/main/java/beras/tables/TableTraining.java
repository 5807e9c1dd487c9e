package beras.tables;

import beras.config.CheckReturnValue;
import beras.config.Options;
import beras.config.SettingException;
import beras.data.DataException;
import beras.data.table.Table;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableParts;
import beras.data.table.TableSchema;
import beras.data.table.TableSplit;
import beras.models.DataSource;
import beras.models.ReadListener;
import beras.models.RecipeTraining;
import beras.training.Callback;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Trains a model that predicts one column of a table from the others: split, network and early stopping. {@link TableDefaults}
 * has the defaults. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * TableModel model = TableTraining.of(Path.of("houses.csv"), "price").fit();
 * double price = model.predict(Map.of("rooms", 4, "city", "Bern")).value();
 * model.save(Path.of("houses.beras"));
 * }</pre>
 */
public final class TableTraining extends Options<TableTraining> implements DataSource {

    private final TableFile file;
    private final String target;
    private TableOptions options = new TableOptions();
    private TableSplit split = TableSplit.parse(TableDefaults.SPLIT, TableDefaults.VALIDATION_SPLIT).seed(TableDefaults.SEED);
    private Optional<TableFile> validation = Optional.empty();
    private Optional<String> buffer = Optional.empty();
    private Function<TableSchema, Recipe> recipe = TableDefaults::recipe;
    String monitor = "loss";
    private OptionalInt patience = OptionalInt.empty(); // as the table suggests
    List<Callback> callbacks = List.of();

    private TableTraining(TableFile file, String target) {
        this.file = Objects.requireNonNull(file, "file");
        this.target = Objects.requireNonNull(target, "target");
    }

    /** To predict the column of this name. */
    public static TableTraining of(Path path, String target) {
        return of(TableFile.of(path), target);
    }

    /** To predict the column of this name, from a file that is written in a certain way. */
    public static TableTraining of(TableFile file, String target) {
        return new TableTraining(file, target);
    }

    /**
     * How the table is looked at: types of columns, the task and so on. The split decides the training rows, not these options,
     * and {@link PreparedTable#remarks} has the remarks.
     */
    @CheckReturnValue
    public TableTraining options(TableOptions newOptions) {
        return with(copy -> copy.options = Objects.requireNonNull(newOptions));
    }

    /** Which rows are held out to validate; default {@link TableDefaults#VALIDATION_SPLIT} of them, each label in proportion. */
    @CheckReturnValue
    public TableTraining split(TableSplit newSplit) {
        return with(copy -> copy.split = Objects.requireNonNull(newSplit));
    }

    /** Validation rows in a separate file with the same columns; then no row of the other is held out. */
    @CheckReturnValue
    public TableTraining validationData(TableFile newFile) {
        return with(copy -> copy.validation = Optional.of(newFile));
    }

    /**
     * Among how many rows to shuffle, a number or {@code all}; default: all, or as many as fit into
     * {@link TableDefaults#SHUFFLE_BYTES}.
     *
     * @throws SettingException if it is none of that
     */
    @CheckReturnValue
    public TableTraining shuffleBuffer(String rows) {
        return with(copy -> copy.buffer = Optional.of(TableRows.requireBuffer(rows)));
    }

    /** The recipe, made from the schema; default {@link TableDefaults#recipe}. */
    @CheckReturnValue
    public TableTraining recipe(Function<TableSchema, Recipe> newRecipe) {
        return with(copy -> copy.recipe = Objects.requireNonNull(newRecipe));
    }

    /** A partial recipe, completed with the defaults of {@link TableDefaults}, and the number it
     * {@linkplain #monitor monitors}. */
    @CheckReturnValue
    public TableTraining recipe(Recipe given) {
        return recipe(schema -> TableDefaults.complete(given, schema)).monitor(given.monitor());
    }

    /**
     * Changes the recipe.
     *
     * <pre>{@code
     * training.change(recipe -> recipe.epochs(200).optimizer("adamw(0.001)").seed(7))
     * }</pre>
     */
    @CheckReturnValue
    public TableTraining change(UnaryOperator<Recipe> change) {
        Function<TableSchema, Recipe> before = recipe;
        return recipe(schema -> change.apply(before.apply(schema)));
    }

    /** The layers before the output, such as {@code 128:relu, dropout:0.2}; default {@link TableDefaults#LAYERS}. */
    @CheckReturnValue
    public TableTraining layers(String layers) {
        Function<TableSchema, Recipe> before = recipe;
        return recipe(schema -> before.apply(schema).layers(layers + "," + TableDefaults.output(schema.target())));
    }

    /**
     * After how many epochs without improvement training ends; default {@link TableDefaults#patience}. With 0 it never ends
     * early, and the model has the weights of the last epoch.
     *
     * @throws SettingException if it is negative
     */
    @CheckReturnValue
    public TableTraining patience(int epochs) {
        return with(copy -> copy.patience = OptionalInt.of(SettingException.requireAtLeast("patience", 0, epochs)));
    }

    /**
     * The validation number that chooses the best epoch: {@code loss}, which is the default, or a metric of the recipe or of
     * {@link PreparedTable#metrics}.
     */
    @CheckReturnValue
    public TableTraining monitor(String name) {
        return with(copy -> copy.monitor = Objects.requireNonNull(name));
    }

    /** Adds callbacks, which are called after earlier ones. */
    @CheckReturnValue
    public TableTraining callbacks(Callback... more) {
        return with(copy -> copy.callbacks = Stream.concat(callbacks.stream(), Arrays.stream(more)).toList());
    }

    // ------------------------------------------------------------------------------------------------ as a source

    @Override
    public boolean holdsOut() {
        return validation.isPresent() || split.share() > 0;
    }

    /** If rows are held out. */
    @Override
    public boolean stopsEarly() {
        return holdsOut();
    }

    /** Also refuses a target that is none of the columns. */
    @Override
    public void check(Recipe given) throws IOException {
        given.check(new Recipe().optimizer(TableDefaults.OPTIMIZER));
        if (file.isRereadable()) {
            try (Table named = Table.open(file)) {
                named.column(target, "the target");
            }
        }
    }

    /** As {@link #prepare}, without {@link #choose}, and with a hash that is computed in the background. */
    @Override
    public PreparedTable read(ReadListener listener) throws IOException {
        PreparedTable table = whole().hashing();
        table.remarks().forEach(listener::onRemark);
        return table;
    }

    // --------------------------------------------------------------------------------------------------- training

    /**
     * Splits the rows, learns the schema, and {@linkplain #choose chooses} the distribution of the target.
     *
     * @throws DataException if a file is no table, or does not fit; see {@link TableSchema#infer} and {@link TableSplit#parts}
     */
    public PreparedTable prepare() throws IOException {
        return chosen(whole());
    }

    /**
     * The table with the distribution of its target that is better on held-out rows. If the {@linkplain TableOptions#distribution options}
     * give one, or the target is not a number of at least 0 whose standard deviation is at least 0.7 times its mean, nothing is
     * chosen.
     *
     * @param table    that this training run has {@linkplain #read read}
     * @param onRemark receives a sentence on the finding and the choice
     * @throws DataException if the file has changed
     */
    public PreparedTable choose(PreparedTable table, Consumer<String> onRemark) throws DataException {
        return options.distribution().isPresent() ? table : DistributionChoice.of(this, table, onRemark);
    }

    /**
     * Whether {@link #choose} trains networks of each distribution to compare them, which takes up to as long as the training
     * run.
     */
    public boolean comparesDistributions(PreparedTable table) {
        return options.distribution().isEmpty() && DistributionChoice.compares(this, table);
    }

    private PreparedTable whole() throws IOException {
        return new PreparedTable(file, target, options, split, validation, buffer, Optional.empty(), "");
    }

    private PreparedTable chosen(PreparedTable table) throws DataException {
        List<String> remarks = new ArrayList<>();
        PreparedTable chosen = choose(table, remarks::add);
        remarks.forEach(chosen::remark);
        return chosen;
    }

    /**
     * Trains. With validation rows, the model has the weights of the best epoch on them; else of the last.
     *
     * @throws DataException if a file is no table, does not fit, or changes meanwhile
     * @throws IllegalArgumentException if the recipe does not fit the table
     * @throws beras.training.DivergedException if the loss becomes NaN or infinite
     */
    public TableModel fit() throws IOException {
        return fit(prepare());
    }

    TableModel fit(PreparedTable table) throws IOException {
        Recipe made = recipe(table.schema());
        RecipeTraining training = begin(table.open(), made);
        Map<String, String> provenance = table.provenance(); // before, so that no file is read again when something can be lost
        History history = training.fit(options(training, made.epochs(), Optional.empty(), callbacks));
        return TableModel.of(table, training, history, provenance);
    }

    Recipe recipe(TableSchema schema) {
        return recipe.apply(schema).validationSplit(validation.isPresent() ? 0 : split.share());
    }

    /** One training run by a recipe, with a new network. The rows may be shared with other training runs. */
    RecipeTraining begin(TableRows rows, Recipe made) {
        return new RecipeTraining(made, rows).stopEarly(monitor,
                patience.orElseGet(() -> TableDefaults.patience(rows.examples(), made.batchSize())));
    }

    /** The options of such a training run: from its beginning, or from the end of one by the same recipe. */
    static FitOptions options(RecipeTraining training, int epochs, Optional<TrainingState> from, List<Callback> callbacks) {
        FitOptions options = training.fitOptions().epochs(epochs).callbacks(callbacks.toArray(Callback[]::new));
        return from.isEmpty() ? options : options.resume(from.get());
    }

    /**
     * Trains as many models as there are folds, each on the rows of all others, and tests it on its own: rows that neither
     * decided the weights nor the epoch. Together they estimate the quality of such a model on new rows better than one does.
     *
     * @param folds how many, at least 2
     * @throws DataException as {@link #fit()}, or if there are too few rows for so many folds
     * @throws IllegalArgumentException if there are fewer than 2 folds, or validation data
     */
    public List<Fold> crossValidate(int folds) throws IOException {
        return crossValidate(folds, fold -> { });
    }

    /** As {@link #crossValidate(int)}; the listener takes each fold as soon as it is done. */
    public List<Fold> crossValidate(int folds, Consumer<Fold> listener) throws IOException {
        if (validation.isPresent()) {
            throw new IllegalArgumentException("Each fold has rows of the table itself to validate. Received: validation data, "
                    + validation.get() + ". Leave them out");
        }
        List<Fold> done = new ArrayList<>();
        TableFile rows = file.rereadable().keepRows();
        for (TableParts parts : split.folds(folds, rows, target, options)) {
            PreparedTable table = chosen(new PreparedTable(rows, target, options, split, Optional.empty(), buffer,
                    Optional.of(parts), TableOrigin.fold(done.size() + 1, folds)));
            TableModel model = fit(table);
            done.add(new Fold(model, TableEvaluation.of(model.saved().probabilities(), table.schema(),
                    new TableDataset(rows, table.schema(), parts.test())), table.remarks()));
            listener.accept(done.get(done.size() - 1));
        }
        return done;
    }

    /**
     * One part of a cross-validation.
     *
     * @param model    trained on the rows of the other folds
     * @param measured its measures on the rows of this one
     * @param remarks  remarks on the form of the file, and on parts left out; whole sentences without full stops
     */
    public record Fold(TableModel model, TableEvaluation measured, List<String> remarks) {

        public Fold {
            remarks = List.copyOf(remarks);
        }
    }
}
