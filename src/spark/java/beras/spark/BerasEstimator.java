package beras.spark;

import beras.config.Arguments;
import beras.data.table.NamedValues;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget.Task;
import beras.files.Excerpt;
import beras.saving.SavedModel;
import beras.tables.TableDefaults;
import beras.training.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a net on the rows of a DataFrame, which no machine need hold, as a stage of Spark ML.
 *
 * <p>All columns but the label's are learnt from; what they are, the values tell by the rules for files, see {@link TableSchema}.
 * Rows without a label are left out. What is not set here is as {@link TableDefaults} say for so many rows.
 *
 * <p><b>The same weights, whatever the cluster.</b> The rows are spread over a fixed number of shards, by the hash of their
 * contents and the seed. In each step each shard gives the gradients of its part of the batch, and they are summed in one fixed
 * tree over the shards. So the weights are the same bits for any number of executors, cores and partitions, and if executors are
 * lost on the way; they depend on the data, the settings, the seed, {@code shards} and {@code syncEvery} alone. The DataFrame
 * must give the same rows whenever it is computed.
 *
 * @param <E> the class itself
 */
public abstract class BerasEstimator<E extends BerasEstimator<E>> extends Estimator<BerasModel> implements MLWritable {

    private static final long serialVersionUID = 1;
    private static final int DEFAULT_SHARDS = 8;
    private static final int SHOWN = 60;

    private final String uid;
    private final Task task;
    private final Param<String> labelCol;
    private final Param<String> columnTypes;
    private final Param<String> layers;
    private final IntParam ensemble;
    private final Param<String> loss;
    private final Param<String> optimizer;
    private final Param<String> schedule;
    private final IntParam epochs;
    private final IntParam batchSize;
    private final LongParam seed;
    private final IntParam shards;
    private final IntParam syncEvery;
    private final Param<String> checkpointDir;
    private final IntParam checkpointEvery;
    private final Param<String> predictionCol;
    private final Param<String> probabilityCol;
    private final Param<String> predictedLabelCol;

    BerasEstimator(String uid, Task task) {
        this.uid = uid;
        this.task = task;
        this.labelCol = new Param<>(this, "labelCol", "the column to predict");
        this.columnTypes = new Param<>(this, "columnTypes", "types of columns, such as zip=category,id=ignored");
        this.layers = new Param<>(this, "layers", "the layers before the output, such as 128:relu,dropout:0.2");
        this.ensemble = new IntParam(uid, "ensemble", "how many such nets are trained, whose predictions are averaged");
        this.loss = new Param<>(this, "loss", "what to make small");
        this.optimizer = new Param<>(this, "optimizer", "how steps are made, such as adam(0.001)");
        this.schedule = new Param<>(this, "schedule", "how the learning rate changes, such as cosine(warmup=1)");
        this.epochs = new IntParam(uid, "epochs", "how often to go through the rows");
        this.batchSize = new IntParam(uid, "batchSize", "rows per step, over all shards");
        this.seed = new LongParam(uid, "seed", "what decides the first weights, the shards and all noise");
        this.shards = new IntParam(uid, "shards",
                "into how many parts the rows are divided, a power of two: at most so many tasks work"
                + " at a time");
        this.syncEvery = new IntParam(uid, "syncEvery",
                "after how many steps the shards meet; with more than 1 each makes steps of its"
                + " own, and the weights are averaged");
        this.checkpointDir = new Param<>(this, "checkpointDir", "a folder for checkpoints, from which the same training goes on");
        this.checkpointEvery = new IntParam(uid, "checkpointEvery", "after how many epochs a checkpoint is written");
        this.predictionCol = new Param<>(this, "predictionCol", "of the model");
        this.probabilityCol = new Param<>(this, "probabilityCol", "of the model");
        this.predictedLabelCol = new Param<>(this, "predictedLabelCol", "of the model");
        setDefault(labelCol, "label");
        setDefault(seed, (Object) TableDefaults.SEED);
        setDefault(shards, (Object) DEFAULT_SHARDS);
        setDefault(syncEvery, (Object) 1);
        setDefault(checkpointEvery, (Object) 1);
        setDefault(predictionCol, BerasModel.Names.PREDICTION);
        setDefault(probabilityCol, BerasModel.Names.PROBABILITY);
        setDefault(predictedLabelCol, BerasModel.Names.PREDICTED_LABEL);
    }

    static String newUid(String prefix) {
        return Identifiable$.MODULE$.randomUID(prefix);
    }

    abstract E self();

    private <T> E with(Param<T> param, T value) {
        set(param, value);
        return self();
    }

    // ------------------------------------------------------------------------------------------------- parameters

    @Override
    public final String uid() {
        return uid;
    }

    /** See {@link #setLabelCol}. */
    public final Param<String> labelCol() {
        return labelCol;
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

    /** See {@link #setOptimizer}. */
    public final Param<String> optimizer() {
        return optimizer;
    }

    /** See {@link #setEnsemble}. */
    public final IntParam ensemble() {
        return ensemble;
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

    /** See {@link BerasModel#setProbabilityCol}. */
    public final Param<String> probabilityCol() {
        return probabilityCol;
    }

    /** See {@link BerasModel#setPredictedLabelCol}. */
    public final Param<String> predictedLabelCol() {
        return predictedLabelCol;
    }

    /** The column to predict; default {@code label}. */
    public final E setLabelCol(String name) {
        return with(labelCol, name);
    }

    /** Types that columns are to have whatever their values suggest, such as {@code zip=category,id=ignored}; default: none. */
    public final E setColumnTypes(String types) {
        return with(columnTypes, types);
    }

    /** The layers before the output, such as {@code 128:relu, dropout:0.2}; default {@link TableDefaults#LAYERS}. */
    public final E setLayers(String text) {
        return with(layers, text);
    }

    /** What to make small, such as {@code cross-entropy} or {@code huber(2)}. */
    public final E setLoss(String text) {
        return with(loss, text);
    }

    /** How many such nets are trained, whose predictions are averaged; default {@link TableDefaults#ensemble}. */
    public final E setEnsemble(int nets) {
        return with(ensemble, (Object) Arguments.atLeast(1, "ensemble", nets));
    }

    /** How steps are made, such as {@code sgd(0.1, momentum=0.9)}; default as of {@link TableDefaults#recipe}. */
    public final E setOptimizer(String text) {
        return with(optimizer, text);
    }

    /** How the learning rate changes, such as {@code cosine(warmup=1)}; default: it stays. */
    public final E setSchedule(String text) {
        return with(schedule, text);
    }

    /** How often to go through the rows. */
    public final E setEpochs(int count) {
        return with(epochs, (Object) Arguments.atLeast(0, "epochs", count));
    }

    /** Rows per step, over all shards together. */
    public final E setBatchSize(int rows) {
        return with(batchSize, (Object) Arguments.atLeast(1, "batchSize", rows));
    }

    /** What decides the first weights, the shards and all noise; default {@link TableDefaults#SEED}. */
    public final E setSeed(long value) {
        return with(seed, (Object) value);
    }

    /**
     * Into how many parts the rows are divided, which decides the weights; default 8. At most so many tasks work at a time.
     *
     * @throws IllegalArgumentException if it is no power of two
     */
    public final E setShards(int count) {
        if (count < 1 || Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException("shards must be a power of two. Received: " + count);
        }
        return with(shards, (Object) count);
    }

    /**
     * After how many steps the shards meet; default 1: the gradients of each step are summed, as if one machine had made it. With
     * more, each shard makes steps of its own, of its part of the batch, and the weights are averaged: less is sent, and other
     * weights come of it.
     */
    public final E setSyncEvery(int steps) {
        return with(syncEvery, (Object) Arguments.atLeast(1, "syncEvery", steps));
    }

    /**
     * A folder for checkpoints, in any file system that Spark knows. If it has one of the same training, that goes on from there,
     * to the bits of one that was not broken off. Default: none are written.
     */
    public final E setCheckpointDir(String folder) {
        return with(checkpointDir, folder);
    }

    /** After how many epochs a checkpoint is written; default 1. */
    public final E setCheckpointEvery(int count) {
        return with(checkpointEvery, (Object) Arguments.atLeast(1, "checkpointEvery", count));
    }

    /** See {@link BerasModel#setPredictionCol}. */
    public final E setPredictionCol(String name) {
        return with(predictionCol, name);
    }

    /** See {@link BerasModel#setProbabilityCol}. */
    public final E setProbabilityCol(String name) {
        return with(probabilityCol, name);
    }

    /** See {@link BerasModel#setPredictedLabelCol}. */
    public final E setPredictedLabelCol(String name) {
        return with(predictedLabelCol, name);
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
     * @throws IllegalArgumentException if a column lacks or is of a type that has no place in a table, settings do not fit each
     *     other or the rows, or there is a checkpoint of another training
     * @throws beras.training.DivergedException if the loss becomes NaN or infinite
     * @throws UncheckedIOException if nothing can be learnt of the rows ({@link beras.data.DataException}), or a checkpoint
     *     cannot be written
     */
    @Override
    public BerasModel fit(Dataset<?> dataset) {
        TableColumns columns = columns(dataset.schema());
        Cells cells = new Cells(dataset.schema(), columns.names(), dataset.sparkSession().conf()
                .get("spark.sql.session.timeZone"));
        int parts = (Integer) getOrDefault(shards);
        try (ShardedTable table = new ShardedTable(dataset, columns, cells, parts, (Long) getOrDefault(seed))) {
            table.describe(this::tell);
            Recipe recipe = recipe(table.schema());
            SavedModel saved = new ShardedTraining(JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext()),
                    table,
                    recipe, (Integer) getOrDefault(syncEvery), isSet(checkpointDir) ? Optional.of(getOrDefault(checkpointDir))
                            : Optional.empty(), (Integer) getOrDefault(checkpointEvery), this::tell).run();
            return new BerasModel(uid, saved).setPredictionCol(getOrDefault(predictionCol))
                    .setProbabilityCol(getOrDefault(probabilityCol)).setPredictedLabelCol(getOrDefault(predictedLabelCol))
                    .setParent(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(String sentence) {
        System.getLogger(getClass().getName()).log(System.Logger.Level.INFO, sentence);
    }

    private Recipe recipe(TableSchema schema) {
        Recipe recipe = TableDefaults.recipe(schema).seed((Long) getOrDefault(seed));
        if (isSet(layers)) {
            recipe = recipe.layers(getOrDefault(layers) + "," + TableDefaults.output(schema.target()));
        }
        recipe = isSet(ensemble) ? recipe.ensemble((Integer) getOrDefault(ensemble)) : recipe;
        recipe = isSet(loss) ? recipe.loss(getOrDefault(loss)) : recipe;
        recipe = isSet(optimizer) ? recipe.optimizer(getOrDefault(optimizer)) : recipe;
        recipe = isSet(schedule) ? recipe.schedule(getOrDefault(schedule)) : recipe;
        recipe = isSet(epochs) ? recipe.epochs((Integer) getOrDefault(epochs)) : recipe;
        return isSet(batchSize) ? recipe.batchSize((Integer) getOrDefault(batchSize)) : recipe;
    }

    private TableColumns columns(StructType schema) {
        String label = getOrDefault(labelCol);
        BerasModel.required(schema, label, "the label");
        Map<String, Type> types = new LinkedHashMap<>();
        if (isSet(columnTypes)) {
            NamedValues.parse(getOrDefault(columnTypes)).forEach((name, type) -> {
                BerasModel.required(schema, name, "whose type is given");
                types.put(name, type(type));
            });
        }
        List<String> names = new ArrayList<>();
        boolean[] numbers = new boolean[schema.length()];
        for (StructField field : schema.fields()) {
            Cells.Kind kind = Cells.Kind.of(field.dataType());
            if (kind == null) {
                throw new IllegalArgumentException("Column " + Excerpt.quoted(field.name(), SHOWN)
                        + ": expected numbers, text, booleans or dates. Received: " + field.dataType().simpleString()
                        + ". Drop it, or"
                        + " make such of it");
            }
            numbers[names.size()] = kind.isNumber();
            names.add(field.name());
        }
        return new TableColumns(names, numbers, label, task, types);
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

    @Override
    public StructType transformSchema(StructType schema) {
        columns(schema);
        StructType predicted = schema.add(getOrDefault(predictionCol), DataTypes.DoubleType, false);
        return task == Task.REGRESSION ? predicted : predicted.add(getOrDefault(probabilityCol), SQLDataTypes.VectorType())
                .add(getOrDefault(predictedLabelCol), DataTypes.StringType);
    }
}
