package beras.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The options of {@code train}. Those that are null were not given, and have no default or one that depends on the data;
 * whoever knows the data fills that in, so that afterwards all options say what is done.
 */
final class TrainOptions {

    /** What does not change the weights; {@link #settings} leaves it out. */
    private static final Set<String> AROUND =
            Set.of("threads", "out", "run", "checkpoint", "force", "json", "config", "help");

    // ---------------------------------------------------------------------------------------------------- data

    @Option(names = "--data", paramLabel = "FOLDER|TABLE", defaultValue = TrainDefaults.DATA,
            description = "Folder with the four IDX files of images, or a table: a CSV file whose first line names the columns."
                + " All plain or gzip.")
    Path data;

    @Option(names = "--target", paramLabel = "COLUMN", description = "Tables: the column to predict.")
    String target;

    @Option(names = "--task", paramLabel = "TASK", description = "Tables: classification or regression; by default what the"
            + " values of the target suggest.")
    String task;

    @Option(names = "--types", paramLabel = "COLUMN=TYPE,...", description = "Tables: how to read some columns: numeric,"
            + " category or ignored, such as zip=category,id=ignored; the values tell the others.")
    String types;

    // ----------------------------------------------------------------------------------------------------- net

    @Option(names = "--layers", paramLabel = "LAYER,...",
            description = "The net: units:activation, dropout:rate, noise:deviation, batch_norm, layer_norm. Default: "
                + TrainDefaults.LAYERS + " for images, " + TrainDefaults.TABLE_LAYERS
                + " for tables. For images the last is the output; for tables one is added, of softmax or of one linear unit,"
                + " unless the last is softmax, sigmoid or linear. Activations: relu, leaky_relu, elu, selu, gelu, silu, tanh,"
                + " sigmoid, hard_sigmoid, softplus, softsign, exponential, softmax, log_softmax, linear.")
    LayerStack layers;

    @Option(names = "--initializer", paramLabel = "NAME", defaultValue = TrainDefaults.INITIALIZER,
            description = "First weights: glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_uniform, lecun_normal,"
                + " orthogonal, random_uniform, random_normal, truncated_normal, normal (of deviation 1), zeros.")
    String initializer;

    @Option(names = "--l2", paramLabel = "WEIGHT", description = "Adds this times the sum of squared weights, without biases,"
            + " to the loss.")
    Double l2;

    // ----------------------------------------------------------------------------------------------------- loss

    @Option(names = "--loss", paramLabel = "NAME",
            description = "cross-entropy (or categorical_crossentropy), mse, mae or huber. Default: " + TrainDefaults.LOSS
                + ", for regression " + TrainDefaults.TABLE_AMOUNT_LOSS + ".")
    LossChoice loss;

    @Option(names = "--label-smoothing", paramLabel = "SHARE",
            description = "Share of each target, 0 to 1, that is spread over all classes; for cross-entropy.")
    Double labelSmoothing;

    @Option(names = "--class-weight", paramLabel = "balanced|LABEL=W,...",
            description = "How much examples of a class count: balanced makes up for classes with few; other labels count 1.")
    String classWeight;

    // ---------------------------------------------------------------------------------------------------- steps

    @Option(names = "--optimizer", paramLabel = "NAME", defaultValue = TrainDefaults.OPTIMIZER,
            description = "adam, adamw, nadam, adamax, adagrad, adadelta, rmsprop, lion or sgd.")
    OptimizerChoice optimizer;

    @Option(names = "--learning-rate", paramLabel = "RATE",
            description = "Size of a step. Default: " + TrainDefaults.ADAM_RATE + " for adam, " + TrainDefaults.SGD_RATE
                + " for sgd, " + TrainDefaults.OTHER_RATE + " for others.")
    Float learningRate;

    @Option(names = "--lr-schedule", paramLabel = "NAME[:SETTING=X,...]",
            description = "Changes the rate from step to step: cosine[:warmup=EPOCHS,end=SHARE] over the whole training,"
                + " polynomial[:end=SHARE,power=P] likewise, exponential[:factor=0.9,every=EPOCHS],"
                + " inverse_time[:factor=1,every=EPOCHS], cosine_restarts[:first=EPOCHS,longer=2,lower=1,end=SHARE],"
                + " piecewise:EPOCH=RATE,...")
    String lrSchedule;

    @Option(names = "--reduce-lr", paramLabel = "PATIENCE",
            description = "Divides the rate by 10 after so many epochs in which the validation loss did not improve.")
    Integer reduceLr;

    @Option(names = "--weight-decay", paramLabel = "DECAY",
            description = "Takes this times the learning rate off the weights in each step; the default is 0.004 for adamw,"
                + " else 0.")
    Double weightDecay;

    @Option(names = "--clip-norm", paramLabel = "NORM", description = "Clips the gradient of each weight to this norm.")
    Float clipNorm;

    @Option(names = "--ema", paramLabel = "MOMENTUM", arity = "0..1", fallbackValue = "0.99",
            description = "Saves a moving average of the weights instead of the last ones; without a value 0.99.")
    Double ema;

    @Option(names = "--batch-size", paramLabel = "N",
            description = "Examples per step. Default: " + TrainDefaults.BATCH_SIZE + " images, "
                + TrainDefaults.TABLE_SMALL_BATCH + " rows, or " + TrainDefaults.TABLE_LARGE_BATCH + " of more than "
                + TrainDefaults.TABLE_FEW_ROWS + " rows.")
    Integer batchSize;

    @Option(names = "--epochs", paramLabel = "N",
            description = "How often to go through the examples. Default: " + TrainDefaults.EPOCHS
                + " for images; for tables as often as makes " + TrainDefaults.TABLE_STEPS + " steps, from "
                + TrainDefaults.TABLE_LEAST_EPOCHS + " to " + TrainDefaults.TABLE_MOST_EPOCHS + ".")
    Integer epochs;

    @Option(names = "--early-stopping", paramLabel = "PATIENCE",
            description = "Ends after so many epochs in which the validation loss did not improve, and keeps the best weights.")
    Integer earlyStopping;

    @Option(names = "--augment", paramLabel = "shift=2,rotate=12,zoom=0.1,shear=0.1", arity = "0..1",
            fallbackValue = "shift=2,rotate=12,zoom=0.1,shear=0.1",
            description = "Images: changes each a little, anew in each epoch: pixels, degrees, shares; by default as shown.")
    String augment;

    @Option(names = "--seed", paramLabel = "N", defaultValue = TrainDefaults.SEED,
            description = "Decides the first weights, the order of the examples, and all else that is random.")
    long seed;

    @Option(names = "--validation-split", paramLabel = "SHARE",
            description = "Share of the examples that is kept apart for validation: of images the last, of rows any. Default: "
                + (int) TrainDefaults.VALIDATION_SPLIT + " for images, " + TrainDefaults.TABLE_VALIDATION_SPLIT
                + " for tables.")
    Double validationSplit;

    @Option(names = "--shuffle-buffer", paramLabel = "ROWS|all",
            description = "Tables: among how many rows to shuffle. Default: all, or as many as fit into "
                + (TrainDefaults.TABLE_SHUFFLE_BYTES >> 20) + " MB as numbers.")
    String shuffleBuffer;

    // --------------------------------------------------------------------------------------------------- around

    @Option(names = "--threads", paramLabel = "N", description = "Threads to use at most; one for each processor by default.")
    Integer threads;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the model goes. Default: " + TrainDefaults.MODEL
            + ", in the folder of --run if given.")
    Path out;

    @Option(names = "--run", paramLabel = "FOLDER",
            description = "Makes this folder and keeps all of the training there: config.json, log.csv, events for TensorBoard,"
                + " and the model.")
    Path run;

    @Option(names = "--checkpoint", paramLabel = "FILE",
            description = "Where to save the model after each epoch whose validation loss is the best so far.")
    Path checkpoint;

    @Option(names = "--force", description = "Replace files that exist.")
    boolean force;

    @Option(names = "--json", description = "Print one JSON object a line: one per epoch, then a summary.")
    boolean json;

    @Option(names = "--config", paramLabel = "FILE.json",
            description = "Takes options from this file, such as config.json of a run: names without dashes, such as"
                + " {\"batch-size\": 64}. Options given here come first.")
    Path config;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    // -------------------------------------------------------------------------------------------------- defaults

    /** The defaults that do not depend on rows. */
    void fill(double split) {
        learningRate = learningRate == null ? optimizer.defaultRate() : learningRate;
        validationSplit = validationSplit == null ? Double.valueOf(split) : validationSplit;
        out = out != null ? out : run != null ? run.resolve(TrainDefaults.MODEL) : Path.of(TrainDefaults.MODEL);
    }

    /** The defaults that depend on what is learnt from. */
    void fill(String net, String lossName, int batch, int times) {
        layers = layers == null ? LayerStack.parse(net) : layers;
        loss = loss == null ? LossChoice.of(lossName) : loss;
        batchSize = batchSize == null ? Integer.valueOf(batch) : batchSize;
        epochs = epochs == null ? Integer.valueOf(times) : epochs;
    }

    /** All that decides the weights, by the names of the options, in their order; what is not set is left out. */
    static Map<String, Object> settings(CommandSpec spec) {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (OptionSpec option : spec.options()) {
            String name = name(option);
            if (!AROUND.contains(name) && option.getValue() != null) {
                settings.put(name, option.getValue());
            }
        }
        return settings;
    }

    /** The name of an option without dashes. */
    static String name(OptionSpec option) {
        return option.longestName().substring(2);
    }
}
