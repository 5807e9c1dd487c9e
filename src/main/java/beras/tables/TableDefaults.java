package beras.tables;

import beras.config.ConfigText;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Task;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.training.PartialRecipe;
import beras.training.Recipe;
import java.util.List;

/** How a net is trained on a table if nothing else is said. */
public final class TableDefaults {

    /** The layers before the output. */
    public static final String LAYERS = "64:relu,32:relu";
    /** The share of the rows that is held out for validation. */
    public static final double VALIDATION_SPLIT = 0.1;
    /** How those rows are chosen. */
    public static final String SPLIT = "stratified";
    /** What decides all that is random, once in the split, once in training. */
    public static final long SEED = 1;
    /** The weight decay, which keeps a net from learning few rows by heart. */
    public static final double WEIGHT_DECAY = 0.1;
    /** How steps are made, but for their size. */
    public static final String OPTIMIZER = "adamw(weightDecay=" + WEIGHT_DECAY + ")";
    /** Up to so many rows, batches are small, so that there are enough of them, and several nets are trained. */
    public static final int FEW_ROWS = 10_000;
    /** How many nets are trained on few rows, whose predictions are averaged. */
    public static final int ENSEMBLE = 10;
    /** The size of a batch of few rows. */
    public static final int SMALL_BATCH = 32;
    /** The size of a batch of many rows. */
    public static final int LARGE_BATCH = 128;
    /** The size of a step on a small batch: as many times smaller as the batch is (Goyal et al., 2017: linear scaling). */
    public static final float SMALL_RATE = 0.0005f;
    /** The size of a step on a large batch. */
    public static final float LARGE_RATE = 0.002f;
    /** How many steps are made at most, in whole epochs, within the limits below. */
    public static final int STEPS = 5000;
    /** The least number of epochs. */
    public static final int LEAST_EPOCHS = 5;
    /** The largest number of epochs. */
    public static final int MOST_EPOCHS = 100;
    /** After so many steps without a better validation loss training ends, in whole epochs, within the limits below. */
    public static final int PATIENCE_STEPS = 600;
    /** The least number of epochs without a better validation loss. */
    public static final int LEAST_PATIENCE = 5;
    /** The largest number of epochs without a better validation loss. */
    public static final int MOST_PATIENCE = 20;
    /** Rows are shuffled among as many as fit into so many bytes. */
    public static final long SHUFFLE_BYTES = 64L << 20;

    /** The size of a batch for so many rows to train on. */
    public static int batchSize(long rows) {
        return rows <= FEW_ROWS ? SMALL_BATCH : LARGE_BATCH;
    }

    /** The size of a step for so many rows to train on. */
    public static float learningRate(long rows) {
        return rows <= FEW_ROWS ? SMALL_RATE : LARGE_RATE;
    }

    /** How many nets are trained on so many rows. */
    public static int ensemble(long rows) {
        return rows <= FEW_ROWS ? ENSEMBLE : 1;
    }

    /** How often to go through so many rows at most. */
    public static int epochs(long rows, int batchSize) {
        return epochsOf(STEPS, rows, batchSize, LEAST_EPOCHS, MOST_EPOCHS);
    }

    /** After how many epochs without a better validation loss training ends. */
    public static int patience(long rows, int batchSize) {
        return epochsOf(PATIENCE_STEPS, rows, batchSize, LEAST_PATIENCE, MOST_PATIENCE);
    }

    private static int epochsOf(long steps, long rows, int batchSize, int least, int most) {
        long ofEpoch = (rows - 1) / batchSize + 1;
        return (int) Math.max(least, Math.min(most, (steps + ofEpoch - 1) / ofEpoch));
    }

    /** The layer that a target needs at the end: a softmax over its labels, or one linear unit. */
    public static String output(TableTarget target) {
        return target.width() + ":" + (target.task() == Task.REGRESSION ? "linear" : "softmax");
    }

    /**
     * What is reported by epoch: the accuracy, or errors in units of the data.
     *
     * @param unit what an error of 1 in training is in these units
     */
    public static List<Metric> metrics(Task task, double unit) {
        return task == Task.CLASSIFICATION ? List.of(Metrics.of("accuracy"))
                : List.of(new InUnits(Metrics.of("mae"), unit), new InUnits(Metrics.of("rmse"), unit));
    }

    /** Batch size and epochs for so many examples, where a recipe does not give them. */
    public static Recipe lengths(Recipe given, long examples) {
        Recipe sized = new Recipe().batchSize(batchSize(examples));
        return sized.epochs(epochs(examples, given.or(sized).batchSize()));
    }

    /** All of it for one table. */
    public static Recipe recipe(TableSchema schema) {
        return complete(new PartialRecipe(new Recipe().seed(SEED)), schema);
    }

    /**
     * All of it for one table, but for what is given. Layers get the output that the target needs, unless they end in one.
     *
     * @throws beras.config.SettingException if what is given does not fit the table
     */
    public static Recipe complete(PartialRecipe given, TableSchema schema) {
        String output = output(schema.target());
        Recipe defaults = lengths(given.recipe(), schema.rows()).ensemble(ensemble(schema.rows()))
                .optimizer(ConfigText.parse(OPTIMIZER).with("learningRate", learningRate(schema.rows())));
        return given.output(output).complete(defaults, LAYERS + "," + output, schema.target());
    }

    private TableDefaults() {}
}
