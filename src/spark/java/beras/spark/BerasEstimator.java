package beras.spark;

import beras.config.Arguments;
import beras.data.table.NamedValues;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget.Task;
import beras.saving.SavedModel;
import beras.tables.TableDefaults;
import beras.training.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a network on the rows of a DataFrame, which no machine need hold, as a stage of Spark ML.
 *
 * <p><b>Features.</b> The columns of {@link #setInputCols}, or the numbers of the vectors of {@link #setFeaturesCol}; if
 * neither is set, all columns but those of the label, the weights and the indicator of validation rows. Their types are
 * inferred from the values by the rules for files, see {@link TableSchema}. Unless columns are set, those that repeat the label
 * are left out, such as the text from which a {@code StringIndexer} made the label, or the index that it made of it for an
 * evaluator; the log and the model's file list them. Rows without a label are left out. Other settings default to
 * {@link TableDefaults} for the number of training rows.
 *
 * <p><b>The same weights, whatever the cluster.</b> The rows are spread over a fixed number of shards, by the hash of their
 * contents and the seed. In each step each shard computes the gradients of its part of the batch, and they are summed in one
 * fixed tree over the shards. So the weights are bit-identical for any number of executors, cores and partitions, and if
 * executors are lost on the way; they depend on the data, the settings, the seed, {@code shards} and {@code syncEvery} alone.
 * The DataFrame must give the same rows whenever it is computed.
 *
 * <p>All bounds of settings are in the params: a setter, a {@code ParamMap}, a {@code ParamGridBuilder} and a saved stage
 * reject the same values, by an {@code IllegalArgumentException}.
 *
 * @param <E> the class itself
 */
public abstract class BerasEstimator<E extends BerasEstimator<E>> extends Estimator<BerasModel> implements MLWritable {

    private static final long serialVersionUID = 1;
    private static final int DEFAULT_SHARDS = 8;
    private static final int MOST_SHARDS = 1 << 20;
    /** The defaults of params without a fixed default. */
    private static final Map<String, String> OTHERWISE = otherwise();

    private final String uid;
    private final Task task;
    private final Param<String> labelCol;
    private final Param<String> featuresCol;
    private final StringArrayParam inputCols;
    private final Param<String> weightCol;
    private final Param<String> validationIndicatorCol;
    private final Param<String> columnTypes;
    private final Param<String> layers;
    private final IntParam ensemble;
    private final Param<String> loss;
    private final Param<String> optimizer;
    private final Param<String> schedule;
    private final IntParam epochs;
    private final IntParam batchSize;
    private final IntParam patience;
    private final LongParam seed;
    private final IntParam shards;
    private final IntParam syncEvery;
    private final Param<String> checkpointDir;
    private final IntParam checkpointEvery;
    private final Param<String> predictionCol;

    BerasEstimator(String uid, Task task) {
        this.uid = uid;
        this.task = task;
        this.labelCol = CheckedParams.text(this, "labelCol", "the column to predict",
                name -> requireText("labelCol", name));
        this.featuresCol = CheckedParams.column(this, "featuresCol", "the column of vectors or arrays to learn from");
        this.inputCols = CheckedParams.texts(this, "inputCols", "the columns to learn from", BerasEstimator::requireNames);
        this.weightCol = CheckedParams.column(this, "weightCol", "the column of numbers that say how much each row counts");
        this.validationIndicatorCol = CheckedParams.column(this, "validationIndicatorCol",
                "the column that is true for validation rows, which are not trained on, and false for the others");
        this.columnTypes = CheckedParams.text(this, "columnTypes", "types of columns, such as zip=category,id=ignored",
                BerasEstimator::types);
        this.layers = CheckedParams.readable(this, "layers", "the layers before the output, such as 128:relu,dropout:0.2",
                text -> new Recipe().layers(text));
        this.ensemble = CheckedParams.whole(this, "ensemble", "how many such nets are trained, whose predictions are averaged",
                nets -> Arguments.atLeast(1, "ensemble", nets));
        this.loss = CheckedParams.readable(this, "loss", "what to minimize", text -> new Recipe().loss(text));
        this.optimizer = CheckedParams.readable(this, "optimizer", "how steps are made, such as adam(0.001)",
                text -> new Recipe().optimizer(text));
        this.schedule = CheckedParams.readable(this, "schedule", "how the learning rate changes, such as cosine(warmup=1)",
                text -> new Recipe().schedule(text));
        this.epochs = CheckedParams.whole(this, "epochs", "how often to go through the rows, at most",
                count -> Arguments.atLeast(0, "epochs", count));
        this.batchSize = CheckedParams.whole(this, "batchSize", "rows of a step, over all shards",
                rows -> Arguments.atLeast(1, "batchSize", rows));
        this.patience = CheckedParams.whole(this, "patience", "after how many epochs without a smaller validation loss to stop,"
                + " with the weights of the best epoch; 0: never, and the weights are those of the last",
                count -> Arguments.atLeast(0, "patience", count));
        this.seed = new LongParam(uid, "seed", "what decides the first weights, the shards and all noise");
        this.shards = CheckedParams.whole(this, "shards", "into how many parts the rows are divided, a power of two: at most so"
                + " many tasks work at a time", BerasEstimator::requirePowerOfTwo);
        this.syncEvery = CheckedParams.whole(this, "syncEvery", "after how many steps the shards meet; with more than 1 each makes"
                + " steps by itself, and the weights are averaged", steps -> Arguments.atLeast(1, "syncEvery", steps));
        this.checkpointDir = CheckedParams.text(this, "checkpointDir", "a folder for checkpoints, from which the same training"
                + " is resumed", name -> requireText("checkpointDir", name));
        this.checkpointEvery = CheckedParams.whole(this, "checkpointEvery", "after how many epochs a checkpoint is written",
                count -> Arguments.atLeast(1, "checkpointEvery", count));
        this.predictionCol = OutputColumn.PREDICTION.param(this);
        setDefaults();
    }

    private void setDefaults() {
        setDefault(labelCol, "label");
        setDefault(loss, task == Task.REGRESSION ? Recipe.NUMBER_LOSS : Recipe.LABEL_LOSS);
        setDefault(seed, (Object) TableDefaults.SEED);
        setDefault(shards, (Object) DEFAULT_SHARDS);
        setDefault(syncEvery, (Object) 1);
        setDefault(checkpointEvery, (Object) 1);
        setDefault(predictionCol, OutputColumn.PREDICTION.byDefault());
    }

    private static Map<String, String> otherwise() {
        Map<String, String> otherwise = new LinkedHashMap<>();
        String few = " for up to " + TableDefaults.FEW_ROWS + " rows to train on, else ";
        otherwise.put("featuresCol", "none");
        otherwise.put("inputCols", "all columns but those that other params name, if there is no featuresCol");
        otherwise.put("weightCol", "none: all rows count the same");
        otherwise.put("validationIndicatorCol", "none: all rows are trained on");
        otherwise.put("columnTypes", "none: the values tell");
        otherwise.put("ensemble", TableDefaults.ENSEMBLE + few + TableDefaults.ENSEMBLE_OF_MANY + " for up to " + TableDefaults.MANY_ROWS
                + ", else 1");
        otherwise.put("optimizer", TableDefaults.OPTIMIZER + " with a learningRate of " + TableDefaults.SMALL_RATE + few
                + TableDefaults.LARGE_RATE);
        String many = " for " + TableDefaults.FEW_ROWS + " to " + TableDefaults.MANY_ROWS + " rows to train on, else ";
        otherwise.put("layers", TableDefaults.LAYERS_OF_MANY + many + TableDefaults.LAYERS);
        otherwise.put("schedule", TableDefaults.SCHEDULE_OF_MANY + many + "none: the learning rate stays");
        otherwise.put("epochs", "as many as make " + TableDefaults.STEPS_OF_MANY + " steps" + many + TableDefaults.STEPS + ", from "
                + TableDefaults.LEAST_EPOCHS + " to " + TableDefaults.MOST_EPOCHS);
        otherwise.put("batchSize", TableDefaults.SMALL_BATCH + few + TableDefaults.LARGE_BATCH);
        otherwise.put("patience", "as many as make " + TableDefaults.PATIENCE_STEPS_OF_MANY + " steps" + many
                + TableDefaults.PATIENCE_STEPS + ", from "
                + TableDefaults.LEAST_PATIENCE + " to " + TableDefaults.MOST_PATIENCE);
        otherwise.put("checkpointDir", "none: no checkpoints are written");
        return otherwise;
    }

    // ------------------------------------------------------------------------------------------------------ bounds

    private static void requireText(String param, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(param + " must not be blank. Received: \"" + text + "\"");
        }
    }

    private static void requireNames(String[] names) {
        if (names.length == 0 || Arrays.asList(names).contains(null) || Arrays.stream(names).distinct().count() < names.length) {
            throw new IllegalArgumentException("inputCols must name at least one column, and none twice. Received: "
                    + Arrays.toString(names));
        }
    }

    private static void requirePowerOfTwo(int count) {
        if (count < 1 || Integer.bitCount(count) != 1 || count > MOST_SHARDS) {
            throw new IllegalArgumentException("shards must be a power of two from 1 to " + MOST_SHARDS + ". Received: " + count);
        }
    }

    /** The types that a text gives to columns, by their names. */
    private static Map<String, Type> types(String text) {
        Map<String, Type> types = new LinkedHashMap<>();
        if (!text.isBlank()) {
            try {
                NamedValues.parse(text).forEach((name, type) -> types.put(name, type(type)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("columnTypes: " + e.getMessage(), e);
            }
        }
        return types;
    }

    private static Type type(String text) {
        for (Type type : Type.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                return type;
            }
        }
        throw new IllegalArgumentException("A type must be one of " + Arrays.toString(Type.values()).toLowerCase(Locale.ROOT)
                + ". Received: " + text);
    }

    // ------------------------------------------------------------------------------------------------- parameters

    static String newUid(String prefix) {
        return Identifiable$.MODULE$.randomUID(prefix);
    }

    abstract E self();

    final <T> E with(Param<T> param, T value) {
        set(param, value);
        return self();
    }

    /** A param with its default, also where that follows from the rows. */
    @Override
    public final String explainParam(Param<?> param) {
        String value = OTHERWISE.get(param.name());
        return value == null || isDefined(param) ? super.explainParam(param)
                : param.name() + ": " + param.doc() + " (default: " + value + ")";
    }

    @Override
    public final String uid() {
        return uid;
    }

    /** See {@link #setLabelCol}. */
    public final Param<String> labelCol() {
        return labelCol;
    }

    /** See {@link #setFeaturesCol}. */
    public final Param<String> featuresCol() {
        return featuresCol;
    }

    /** See {@link #setInputCols}. */
    public final StringArrayParam inputCols() {
        return inputCols;
    }

    /** See {@link #setWeightCol}. */
    public final Param<String> weightCol() {
        return weightCol;
    }

    /** See {@link #setValidationIndicatorCol}. */
    public final Param<String> validationIndicatorCol() {
        return validationIndicatorCol;
    }

    /** See {@link #setColumnTypes}. */
    public final Param<String> columnTypes() {
        return columnTypes;
    }

    /** See {@link #setLayers}. */
    public final Param<String> layers() {
        return layers;
    }

    /** See {@link #setLoss}. */
    public final Param<String> loss() {
        return loss;
    }

    /** See {@link #setEnsemble}. */
    public final IntParam ensemble() {
        return ensemble;
    }

    /** See {@link #setOptimizer}. */
    public final Param<String> optimizer() {
        return optimizer;
    }

    /** See {@link #setSchedule}. */
    public final Param<String> schedule() {
        return schedule;
    }

    /** See {@link #setEpochs}. */
    public final IntParam epochs() {
        return epochs;
    }

    /** See {@link #setBatchSize}. */
    public final IntParam batchSize() {
        return batchSize;
    }

    /** See {@link #setPatience}. */
    public final IntParam patience() {
        return patience;
    }

    /** See {@link #setSeed}. */
    public final LongParam seed() {
        return seed;
    }

    /** See {@link #setShards}. */
    public final IntParam shards() {
        return shards;
    }

    /** See {@link #setSyncEvery}. */
    public final IntParam syncEvery() {
        return syncEvery;
    }

    /** See {@link #setCheckpointDir}. */
    public final Param<String> checkpointDir() {
        return checkpointDir;
    }

    /** See {@link #setCheckpointEvery}. */
    public final IntParam checkpointEvery() {
        return checkpointEvery;
    }

    /** See {@link BerasModel#setPredictionCol}. */
    public final Param<String> predictionCol() {
        return predictionCol;
    }

    /** The column to predict; default {@code label}. */
    public final E setLabelCol(String name) {
        return with(labelCol, name);
    }

    /**
     * The column of vectors, or arrays of floats or doubles, to learn from, such as a {@code VectorAssembler} makes it; NaN is a
     * missing value. Each number becomes a column of the model's table, named as in the column's metadata, else
     * {@code features[0]} and so on.
     */
    public final E setFeaturesCol(String name) {
        return with(featuresCol, name);
    }

    /**
     * The columns to learn from, of numbers, text, booleans or dates. Default: all columns except those of other params and
     * those that repeat the label.
     */
    public final E setInputCols(String... names) {
        return with(inputCols, names.clone());
    }

    /**
     * The column of row weights, numbers of at least 0, in training and validation, as weights of examples in {@code fit};
     * default: all 1. Means and standard deviations of columns ignore it.
     */
    public final E setWeightCol(String name) {
        return with(weightCol, name);
    }

    /**
     * The column of booleans that are true for validation rows and false for rows to train on. Their loss selects the best
     * epoch, whose weights the model has, and stops training early, see {@link #setPatience}. Default: all rows are trained on,
     * in all epochs.
     */
    public final E setValidationIndicatorCol(String name) {
        return with(validationIndicatorCol, name);
    }

    /** Types that columns are to have whatever their values suggest, such as {@code zip=category,id=ignored}; default: none. */
    public final E setColumnTypes(String types) {
        return with(columnTypes, types);
    }

    /** The layers before the output, such as {@code 128:relu, dropout:0.2}; default {@link TableDefaults#layers}. */
    public final E setLayers(String text) {
        return with(layers, text);
    }

    /** The loss, such as {@code cross-entropy} or {@code huber(2)}. */
    public final E setLoss(String text) {
        return with(loss, text);
    }

    /** How many networks are trained and averaged; default {@link TableDefaults#ensemble}. */
    public final E setEnsemble(int nets) {
        return with(ensemble, (Object) nets);
    }

    /** How steps are made, such as {@code sgd(0.1, momentum=0.9)}; default as of {@link TableDefaults#recipe}. */
    public final E setOptimizer(String text) {
        return with(optimizer, text);
    }

    /** How the learning rate changes, such as {@code cosine(warmup=1)}; default: it stays. */
    public final E setSchedule(String text) {
        return with(schedule, text);
    }

    /** How often to go through the rows, at most; default {@link TableDefaults#epochs}. */
    public final E setEpochs(int count) {
        return with(epochs, (Object) count);
    }

    /** Rows of a step, over all shards together, at least as many as shards; default {@link TableDefaults#batchSize}. */
    public final E setBatchSize(int rows) {
        return with(batchSize, (Object) rows);
    }

    /**
     * After how many epochs without a smaller validation loss training stops, with the weights of the best epoch; with 0 it never
     * does, and the model has the weights of the last. Default {@link TableDefaults#patience}. It needs
     * {@link #setValidationIndicatorCol validation rows}.
     */
    public final E setPatience(int count) {
        return with(patience, (Object) count);
    }

    /** The seed of the initial weights, the shards and all noise; default {@link TableDefaults#SEED}. */
    public final E setSeed(long value) {
        return with(seed, (Object) value);
    }

    /**
     * Into how many parts the rows are divided, a power of two, which decides the weights; default 8. At most so many tasks work
     * at a time.
     */
    public final E setShards(int count) {
        return with(shards, (Object) count);
    }

    /**
     * After how many steps the shards meet; default 1: the gradients of each step are summed, as if one machine had made it. With
     * more, each shard makes steps by itself, of its part of the batch, and the weights are averaged: less is sent, and other
     * weights come of it.
     */
    public final E setSyncEvery(int steps) {
        return with(syncEvery, (Object) steps);
    }

    /**
     * A folder for checkpoints, in any file system that Spark supports. A checkpoint of the same training run in it is resumed,
     * with bit-identical results. Concurrent runs need a folder each. Default: none are written.
     */
    public final E setCheckpointDir(String folder) {
        return with(checkpointDir, folder);
    }

    /** After how many epochs a checkpoint is written; default 1. */
    public final E setCheckpointEvery(int count) {
        return with(checkpointEvery, (Object) count);
    }

    /** See {@link BerasModel#setPredictionCol}. */
    public final E setPredictionCol(String name) {
        return with(predictionCol, name);
    }

    @Override
    public MLWriter write() {
        return new DefaultParamsWriter(this);
    }

    @Override
    public final E copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    // --------------------------------------------------------------------------------------------------- training

    /**
     * Trains.
     *
     * @throws IllegalArgumentException if a column is missing or of a type that has no place in a table, settings do not fit each
     *     other or the rows, or there is a checkpoint of another training
     * @throws beras.training.DivergedException if the loss becomes NaN or infinite
     * @throws UncheckedIOException if nothing can be learnt of the rows ({@link beras.data.DataException}), or a checkpoint
     *     cannot be written
     */
    @Override
    public BerasModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        try {
            return train(dataset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BerasModel train(Dataset<?> dataset) throws IOException {
        ColumnRoles roles = roles();
        List<String> numbers = roles.numbers(dataset);
        TableColumns columns = roles.columns(dataset.schema(), numbers);
        Dataset<?> read = roles.selected(dataset, columns);
        Cells cells = roles.cells(read, columns, numbers.size());
        try (ShardedTable table = new ShardedTable(read, columns, cells, number(shards), (Long) getOrDefault(seed))) {
            table.describe(text -> tell(System.Logger.Level.INFO, text), text -> tell(System.Logger.Level.WARNING, text));
            if (columns.validation() != null && table.validationRows() == 0) {
                throw new IllegalArgumentException("Expected validation rows, for which column "
                        + Columns.quoted(columns.validation()) + " is true. Received: none with a label");
            }
            Recipe recipe = recipe(table.schema());
            ShardedTraining training = new ShardedTraining(JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext()),
                    table, recipe, number(syncEvery), isSet(patience) ? number(patience)
                            : TableDefaults.patience(table.schema().rows(), recipe.batchSize()),
                    text -> tell(System.Logger.Level.INFO, text));
            BerasModel model = new BerasModel(uid, trained(training, dataset));
            return copyValues(model, ParamMap.empty()).setParent(this);
        }
    }

    private SavedModel trained(ShardedTraining training, Dataset<?> dataset) throws IOException {
        if (!isSet(checkpointDir)) {
            return training.run();
        }
        try (CheckpointFile checkpoint = new CheckpointFile(dataset.sparkSession(), getOrDefault(checkpointDir))) {
            training.resume(checkpoint, number(checkpointEvery));
            return training.run();
        }
    }

    private int number(IntParam param) {
        return (Integer) getOrDefault(param);
    }

    private void tell(System.Logger.Level level, String sentence) {
        System.getLogger(getClass().getName()).log(level, sentence);
    }

    private Recipe recipe(TableSchema schema) {
        Recipe recipe = TableDefaults.recipe(schema).seed((Long) getOrDefault(seed)).loss(getOrDefault(loss))
                .layers((isSet(layers) ? getOrDefault(layers) : TableDefaults.layers(schema.rows())) + "," + TableDefaults.output(schema.target()));
        recipe = isSet(ensemble) ? recipe.ensemble(number(ensemble)) : recipe;
        recipe = isSet(optimizer) ? recipe.optimizer(getOrDefault(optimizer)) : recipe;
        recipe = isSet(schedule) ? recipe.schedule(getOrDefault(schedule)) : recipe;
        recipe = isSet(batchSize) ? recipe.batchSize(number(batchSize)) : recipe;
        return isSet(epochs) ? recipe.epochs(number(epochs)) : recipe;
    }

    private ColumnRoles roles() {
        return new ColumnRoles(task, getOrDefault(labelCol), given(featuresCol),
                isSet(inputCols) ? Optional.of(List.of(getOrDefault(inputCols))) : Optional.empty(), given(weightCol),
                given(validationIndicatorCol), isSet(columnTypes) ? types(getOrDefault(columnTypes)) : Map.of());
    }

    private Optional<String> given(Param<String> column) {
        return isSet(column) ? Optional.of(getOrDefault(column)).filter(name -> !name.isEmpty()) : Optional.empty();
    }

    /**
     * The columns of rows with predictions, as far as defined before training.
     *
     * @throws IllegalArgumentException as {@link #fit}, as far as columns and settings show
     */
    @Override
    public StructType transformSchema(StructType schema) {
        roles().columns(schema, List.of());
        if (isSet(patience) && given(validationIndicatorCol).isEmpty()) {
            throw new IllegalArgumentException("patience needs validation rows. Received: a patience of " + number(patience)
                    + " without a validationIndicatorCol. Set that, or clear patience");
        }
        if (isSet(checkpointEvery) && !isSet(checkpointDir)) {
            throw new IllegalArgumentException("checkpointEvery needs a folder. Received: " + number(checkpointEvery)
                    + " without a checkpointDir. Set that, or clear checkpointEvery");
        }
        if (isSet(batchSize)) {
            Plan.requireRoom(number(batchSize), number(shards));
        }
        return addOutputs(OutputColumn.PREDICTION.appendTo(schema, getOrDefault(predictionCol), Metadata.empty()));
    }

    /** Adds further columns to a schema. */
    abstract StructType addOutputs(StructType predicted);
}
