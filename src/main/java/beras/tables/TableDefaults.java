package beras.tables;

import beras.config.ConfigText;
import beras.data.table.SequenceColumn;
import beras.data.table.TableColumn;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Task;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * The defaults for training a network on a table. There are three sizes of tables, by their rows to train on; each choice was
 * kept because it lessened the error on the development tables of {@code results/tables.md}.
 *
 * <ul>
 * <li>Up to {@value #FEW_ROWS} rows initial weights and the choice of rows matter much, and networks train fast:
 *     {@value #ENSEMBLE} networks are averaged, each of which holds out another tenth of the rows, so that together they learn
 *     from all. Batches are small, so that there are enough of them, and so are networks: wider ones are better on some tables
 *     and worse on others, and take twice the time. Early stopping ends training, so the rate follows no schedule, whose length
 *     would have to be known.
 * <li>Up to {@value #MANY_ROWS} rows {@value #ENSEMBLE_OF_MANY} networks are trained longer, with larger batches and a rate
 * that falls to 0 along a cosine.
 * <li>For more rows there is one smaller network, trained for a few epochs.
 * </ul>
 */
public final class TableDefaults {

    /** The layers before the output. */
    public static final String LAYERS = "64:relu,32:relu";
    /** The layers before the output of networks for many rows. */
    public static final String LAYERS_OF_MANY = "128:relu,64:relu,32:relu";
    /** The layers that read the words of a sequence, after their embedding. */
    public static final String LAYERS_OF_TEXTS = "spatial_dropout1d(0.3), bidirectional(gru(64))";
    /** The width of the embedding of a word. */
    public static final int EMBEDDING = 64;
    /** The layers after those, before the output. */
    public static final String LAYERS_OF_SEQUENCES = "dropout:0.3";
    /** The most epochs of a table with sequences. */
    public static final int EPOCHS_OF_SEQUENCES = 20;
    /** The share of the rows that is held out for validation. */
    public static final double VALIDATION_SPLIT = 0.1;
    /** The share of examples of arrays that all networks hold out. */
    public static final double VALIDATION_SPLIT_OF_ARRAYS = 0.2;
    /** How the held-out rows are chosen. */
    public static final String SPLIT = "stratified";
    /** The seed of all random choices, once in the split, once in training. */
    public static final long SEED = 1;
    /** The weight decay, which keeps a network from memorizing few rows. */
    public static final double WEIGHT_DECAY = 0.1;
    /** How steps are made, except for their size. */
    public static final String OPTIMIZER = "adamw(weightDecay=" + WEIGHT_DECAY + ")";
    /** The most rows that are few. */
    public static final int FEW_ROWS = 10_000;
    /** The most rows that are many; there may be more. */
    public static final int MANY_ROWS = 100_000;
    /** The number of networks of an ensemble for few rows. */
    public static final int ENSEMBLE = 10;
    /** The number of networks of an ensemble for many rows. */
    public static final int ENSEMBLE_OF_MANY = 3;
    /** The loss of numbers of {@link beras.data.table.TableTarget.Distribution#POISSON}. */
    public static final String LOSS_OF_POISSON = "poisson";
    /** The size of a batch of few rows. */
    public static final int SMALL_BATCH = 64;
    /** The size of a batch of few examples that are no rows of a table. */
    public static final int SMALL_BATCH_OF_OTHERS = 32;
    /** The size of a batch of many rows, or of more. */
    public static final int LARGE_BATCH = 128;
    /** The size of a step on a small batch. */
    public static final float SMALL_RATE = 0.0008f;
    /** The size of a step on a large batch. */
    public static final float LARGE_RATE = 0.002f;
    /** How the rate changes in training on many rows. */
    public static final String SCHEDULE_OF_MANY = "cosine";
    /** How many steps are made at most, in whole epochs, within the limits below. */
    public static final int STEPS = 5000;
    /** As {@link #STEPS}, of many rows. */
    public static final int STEPS_OF_MANY = 8000;
    /** The least number of epochs. */
    public static final int LEAST_EPOCHS = 5;
    /** The largest number of epochs. */
    public static final int MOST_EPOCHS = 100;
    /** After so many steps without a better validation loss training ends, in whole epochs, within the limits below. */
    public static final int PATIENCE_STEPS = 600;
    /** As {@link #PATIENCE_STEPS}, of many rows: while the rate is high, the loss goes up and down. */
    public static final int PATIENCE_STEPS_OF_MANY = 3000;
    /** The least number of epochs without a better validation loss. */
    public static final int LEAST_PATIENCE = 5;
    /** The largest number of epochs without a better validation loss. */
    public static final int MOST_PATIENCE = 20;
    /** Rows are shuffled among as many as fit into so many bytes. */
    public static final long SHUFFLE_BYTES = 64L << 20;

    private static boolean areMany(long rows) {
        return rows > FEW_ROWS && rows <= MANY_ROWS;
    }

    /** The layers before the output for so many rows to train on. */
    public static String layers(long rows) {
        return areMany(rows) ? LAYERS_OF_MANY : LAYERS;
    }

    /** As {@link #layers(long)}, behind those that read sequences, if there are such. */
    static String layers(TableSchema schema) {
        return sequences(schema).isEmpty() ? layers(schema.rows()) : LAYERS_OF_SEQUENCES;
    }

    /** The size of a batch for so many rows to train on. */
    public static int batchSize(long rows) {
        return rows <= FEW_ROWS ? SMALL_BATCH : LARGE_BATCH;
    }

    /** The size of a step for so many rows to train on. */
    public static float learningRate(long rows) {
        return rows <= FEW_ROWS ? SMALL_RATE : LARGE_RATE;
    }

    /** The number of networks for so many rows. */
    public static int ensemble(long rows) {
        return rows <= FEW_ROWS ? ENSEMBLE : areMany(rows) ? ENSEMBLE_OF_MANY : 1;
    }

    /** How often to go through so many rows at most. */
    public static int epochs(long rows, int batchSize) {
        return epochsOf(areMany(rows) ? STEPS_OF_MANY : STEPS, rows, batchSize, LEAST_EPOCHS, MOST_EPOCHS);
    }

    /** After how many epochs without a better validation loss training ends. */
    public static int patience(long rows, int batchSize) {
        return epochsOf(areMany(rows) ? PATIENCE_STEPS_OF_MANY : PATIENCE_STEPS, rows, batchSize, LEAST_PATIENCE, MOST_PATIENCE);
    }

    private static int epochsOf(long steps, long rows, int batchSize, int least, int most) {
        long ofEpoch = (rows - 1) / batchSize + 1;
        return (int) Math.max(least, Math.min(most, (steps + ofEpoch - 1) / ofEpoch));
    }

    /** The layer that a target needs at the end: a softmax over its labels, or one unit, linear or for numbers of at least 0. */
    public static String output(TableTarget target) {
        return target.width() + ":" + (target.isNotNegative() ? "exponential" : target.isRegression() ? "linear" : "softmax");
    }

    /**
     * The metrics reported by epoch: the accuracy, or errors in units of the data.
     *
     * @param unit the size of an error of 1 in training, in these units
     */
    public static List<Metric> metrics(Task task, double unit) {
        return task == Task.CLASSIFICATION ? List.of(Metrics.of("accuracy"))
                : List.of(new InUnits(Metrics.of("mae"), unit), new InUnits(Metrics.of("rmse"), unit));
    }

    /** Batch size and epochs for so many examples that are no rows of a table, where a recipe does not give them. */
    public static Recipe lengths(Recipe given, long examples) {
        Recipe sized = new Recipe().batchSize(examples <= FEW_ROWS ? SMALL_BATCH_OF_OTHERS : LARGE_BATCH);
        return sized.epochs(epochsOf(STEPS, examples, given.or(sized).batchSize(), LEAST_EPOCHS, MOST_EPOCHS));
    }

    /** All of it for one table. */
    public static Recipe recipe(TableSchema schema) {
        return complete(new Recipe().seed(SEED), schema);
    }

    /**
     * Completes a recipe for one table: given settings stay. Layers get the output that the target needs, unless they end in
     * one.
     *
     * @throws beras.config.SettingException if the given settings do not fit the table
     */
    public static Recipe complete(Recipe given, TableSchema schema) {
        String output = output(schema.target());
        long rows = schema.rows();
        String sequences = sequences(schema);
        boolean reads = !sequences.isEmpty();
        Recipe defaults = new Recipe().layers((reads ? sequences + "," : "") + layers(schema) + "," + output)
                .batchSize(batchSize(rows)).ensemble(reads ? Math.min(ENSEMBLE_OF_MANY, ensemble(rows)) : ensemble(rows))
                .with("optimizer", ConfigText.parse(OPTIMIZER).with("learningRate", learningRate(rows)));
        defaults = defaults.epochs(reads ? EPOCHS_OF_SEQUENCES : epochs(rows, given.or(defaults).batchSize()));
        defaults = areMany(rows) && !reads && !given.gives("optimizer") ? defaults.schedule(SCHEDULE_OF_MANY) : defaults;
        defaults = schema.target().isNotNegative() ? defaults.loss(LOSS_OF_POISSON) : defaults;
        return reading(given.output(output), schema).complete(defaults, schema.target());
    }

    /** A recipe with the layers that read the sequences of a table, if it has such and the recipe has layers without. */
    static Recipe reading(Recipe recipe, TableSchema schema) {
        String sequences = sequences(schema);
        return sequences.isEmpty() ? recipe : recipe.input(sequences);
    }

    /** The layers that read the sequences of a table, the last column first, as its output moves to the end; empty without sequences. */
    private static String sequences(TableSchema schema) {
        List<String> layers = new ArrayList<>();
        int place = 0;
        for (TableColumn column : schema.columns()) {
            if (column instanceof SequenceColumn sequence) {
                layers.add(0, "columns(" + place + ", " + sequence.steps() + ", [embedding(" + sequence.vocabulary() + ", " + EMBEDDING
                        + ", mask_zero=true), " + LAYERS_OF_TEXTS + "])");
            }
            place += column.width();
        }
        return String.join(",", layers);
    }

    private TableDefaults() {}
}
