package beras.cli.training;

import beras.cli.options.ConfigFile;
import beras.cli.options.DataKind;
import beras.cli.options.FolderOptions;
import beras.cli.options.HelpPage;
import beras.cli.options.OptionRules;
import beras.cli.options.TableDataOptions;
import beras.cli.options.TableTypes;
import beras.cli.terminal.Text;
import beras.config.Config;
import beras.config.Names;
import beras.config.SettingException;
import beras.data.image.ImageAugmentation;
import beras.data.image.ImageAugmentation.Flip;
import beras.data.table.NamedValues;
import beras.runs.RunOrigin;
import beras.sources.ImageNet;
import beras.sources.ImageOptions;
import beras.sources.TextNet;
import beras.sources.TextSource;
import beras.tables.TableDefaults;
import beras.training.Recipe;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The options of {@code train} as they were given. Null: not given, without a default or with one that depends on the data.
 */
public final class TrainOptions {

    private static final String NETS = ImageNet.DENSE + ", the default; " + ImageNet.LENET + ", LeCun's of 1998 with relu and maxima; "
            + ImageNet.SMALL_CNN + ", whitened patches and two convolutions with batch normalization; " + ImageNet.LARGE_CNN
            + ", the same with five, at twice the resolution";

    /** On images of ten classes. */
    static final String LAYERS = ImageNet.HIDDEN + ",10:softmax";

    /** The option that names a model to begin with, which the provenance keeps. */
    static final String INIT = RunOrigin.INIT;

    private static final String FLIP = "flip";
    private static final String ERASE = "erase";
    private static final String UNCHANGED = "unchanged";
    private static final List<String> AUGMENTATIONS = List.of("shift", "rotate", "zoom", "shear", FLIP, ERASE, UNCHANGED);

    /** Options that change neither the weights nor the metrics. */
    private static final Set<String> NO_SETTINGS = Set.of("no-report", "checkpoint-every", "sample");

    @HelpPage.Begins("Data")
    @HelpPage.Common("Images, pictures, a table or a text to learn from.")
    @Option(names = "--data", paramLabel = "FOLDER|TABLE|FILE.npz|FILE.txt", defaultValue = FolderOptions.DATA,
            description = "Folder with the four IDX files of images, folder with a folder of pictures for each class (or with"
                + " such in train, test and validation), or of texts (.txt), as a table of the columns file, class and text, NumPy's .npz with x_train,"
                + " y_train, x_test and y_test, whose bytes are images, or with the numbers x and y, of shape (examples, features)"
                + " or (examples, steps, features),"
                + " a plain text whose name ends in .txt, of which a network learns to write more,"
                + " or a table with names of its columns: CSV, JSON lines, Parquet, .xlsx, or a .zip of one."
                + " All but .npz plain or gzip. - is a table from standard input, which is kept in memory or a temporary file"
                + " meanwhile.")
    public Path data;

    @Mixin
    public TableDataOptions table = new TableDataOptions();

    @Mixin
    FolderOptions folder = new FolderOptions();

    @DataKind.For(DataKind.TEXT)
    @HelpPage.Begins("Texts")
    @Option(names = "--tokens", paramLabel = "KIND",
            description = "Texts: what the network sees and writes: characters, words or byte-pairs (pieces of words that are learned from"
                + " the text), of the latter two also with how many at most, such as words=5000. Default: " + TextSource.CHARACTERS
                + "; at most " + TextSource.WORDS + " words, " + TextSource.BYTE_PAIRS + " byte pairs.")
    String tokens;

    @DataKind.For(DataKind.TEXT)
    @Option(names = "--context", paramLabel = "N",
            description = "Texts: how many tokens the network sees. Default: " + TextSource.CONTEXT + ".")
    Integer context;

    @HelpPage.Begins("Network")
    @OptionRules.Sets(Recipe.class)
    @HelpPage.Common("The network, such as 128:relu,10:softmax.")
    @Option(names = "--layers", paramLabel = "LAYER,...",
            description = "The network, any layers with their settings, such as dense(128, relu), dropout(0.3), or in short"
                + " units:activation, conv:FILTERSxSIZE:activation, max_pool:size, dropout:rate, noise:deviation, batch_norm,"
                + " layer_norm. Images get their sides and rows where layers need them. Default: "
                + LAYERS + " for images, " + TableDefaults.LAYERS
                + " for arrays and tables, " + TableDefaults.LAYERS_OF_MANY + " for tables of " + TableDefaults.FEW_ROWS + " to "
                + TableDefaults.MANY_ROWS + " rows to train on. Texts get an embedding before and an output behind these layers. For images the last is the output; for tables one is added, of softmax, or one unit, linear or, of the"
                + " --distribution poisson, exponential, unless the last is softmax, sigmoid or linear. A name that does not exist lists those there are.")
    String layers;

    @DataKind.For({DataKind.PICTURES, DataKind.IMAGES, DataKind.TEXT})
    @OptionRules.Excludes("--layers")
    @HelpPage.Common("A known network by its name.")
    @Option(names = "--net", paramLabel = "NAME",
            description = "Images and texts: a network by its name instead of --layers, with the optimizer, epochs, schedule and loss that suit"
                + " it: " + NETS + "; for texts transformer, the default, of four blocks; lstm or gru, of two layers.")
    String net;

    @OptionRules.Sets(Recipe.class)
    @HelpPage.Common("How many such networks to average.")
    @Option(names = "--ensemble", paramLabel = "N",
            description = "How many such networks to train side by side, each with other initial weights; predictions are"
                + " averaged. For tables with random held-out rows, each holds out other rows. Default: " + TableDefaults.ENSEMBLE
                + " for tables of up to " + TableDefaults.FEW_ROWS + " rows to train on, " + TableDefaults.ENSEMBLE_OF_MANY + " of up to "
                + TableDefaults.MANY_ROWS + ", else 1.")
    Integer ensemble;

    @DataKind.For({DataKind.PICTURES, DataKind.IMAGES})
    @OptionRules.Sets(Recipe.class)
    @Option(names = "--views", paramLabel = "flip,shift=N",
            description = "Images: test-time augmentation. The network predicts, is validated and tested by the average of its outputs for an"
                + " image and its mirror image, and for these moved by N pixels, up to the left and down to the right. The"
                + " model file keeps it, and predicting takes 2, 3 or 6 times as long. Default: the image alone.")
    String views;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--initializer", paramLabel = "NAME", defaultValue = "glorot_uniform",
            description = "Initializer of dense and convolutional layers, such as glorot_uniform, he_normal, orthogonal, zeros.")
    String initializer;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--l2", paramLabel = "WEIGHT", description = "Adds this times the sum of squared weights, without biases,"
            + " to the loss.")
    Double l2;

    @HelpPage.Begins("Loss")
    @OptionRules.Sets(Recipe.class)
    @Option(names = "--loss", paramLabel = "NAME",
            description = "Loss to minimize: cross-entropy, mse, mae, huber(2), quantile(0.9) or any other loss. Default: "
                + Recipe.LABEL_LOSS + ", for sigmoid outputs bce, for regression " + Recipe.NUMBER_LOSS + ".")
    String loss;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--metrics", paramLabel = "NAME,...",
            description = "Further metrics to report, such as auc, top_k_categorical_accuracy(k=3).")
    String metrics;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--label-smoothing", paramLabel = "SHARE",
            description = "Label smoothing: the share of each target, 0 to 1, that is spread over all classes; for cross-entropy.")
    Double labelSmoothing;

    @DataKind.For({DataKind.TABLE, DataKind.ARRAYS, DataKind.PICTURES, DataKind.IMAGES})
    @OptionRules.Sets(value = Recipe.class, by = "classWeight")
    @Option(names = "--class-weight", paramLabel = "balanced|LABEL=W,...",
            description = "Tables, arrays and images: weight of each class in the loss; balanced: inversely proportional to its"
                + " frequency; other labels have weight 1.")
    String classWeight;

    @HelpPage.Begins("Training steps")
    @OptionRules.Sets(Recipe.class)
    @Option(names = "--optimizer", paramLabel = "NAME",
            description = "adam, adamw, nadam, adamax, adagrad, adadelta, rmsprop, lion or sgd, with settings if wanted, such as"
                + " sgd(0.1, momentum=0.9). Default: " + ImageNet.OPTIMIZER + " for images, " + TableDefaults.OPTIMIZER
                + " for tables, " + TextNet.OPTIMIZER + " for texts.")
    String optimizer;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--learning-rate", paramLabel = "RATE",
            description = "Learning rate of the optimizer. Default: " + Recipe.ADAM_RATE + " for adam, " + Recipe.SGD_RATE
                + " for sgd, " + Recipe.OTHER_RATE + " for others; for tables " + TableDefaults.SMALL_RATE + ", or "
                + TableDefaults.LARGE_RATE + " of more than " + TableDefaults.FEW_ROWS + " rows, unless --optimizer is given.")
    Float learningRate;

    @OptionRules.Sets(value = Recipe.class, as = "schedule")
    @OptionRules.Excludes("--reduce-lr")
    @Option(names = "--lr-schedule", paramLabel = "SCHEDULE",
            description = "Learning rate schedule, by epochs: cosine(warmup=1, end=0.01) over the whole training run,"
                + " polynomial(end=0, power=1) likewise, exponential(factor=0.9, every=1), inverse_time(factor=1, every=1),"
                + " cosine_restarts(first=1, longer=2, lower=1, end=0), piecewise(3=0.001, 6=0.0001),"
                + " one_cycle(warmup=0.25, start=0.1, end=0) up to the rate and down over the whole training run. Default: "
                + TableDefaults.SCHEDULE_OF_MANY + " for tables of " + TableDefaults.FEW_ROWS + " to " + TableDefaults.MANY_ROWS
                + " rows, " + TextNet.SCHEDULE + " for texts, unless --optimizer or --reduce-lr is given; else the rate stays.")
    String lrSchedule;

    @Option(names = "--reduce-lr", paramLabel = "PATIENCE",
            description = "Divides the learning rate by 10 after so many epochs in which the validation loss, or what --monitor"
                + " names, did not improve.")
    Integer reduceLr;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--weight-decay", paramLabel = "DECAY",
            description = "Decoupled weight decay: each step subtracts this times the learning rate from the weights. Default: 0.004 for adamw,"
                + " else 0.")
    Double weightDecay;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--clip-norm", paramLabel = "NORM", description = "Clips the gradient of each weight to this norm.")
    Float clipNorm;

    @OptionRules.Sets(Recipe.class)
    @OptionRules.Excludes("--early-stopping")
    @Option(names = "--ema", paramLabel = "MOMENTUM", arity = "0..1", fallbackValue = "0.99",
            description = "Save an exponential moving average of the weights instead of the last ones (decay; without a value 0.99).")
    Double ema;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--batch-size", paramLabel = "N",
            description = "Examples per step. Default: " + ImageNet.BATCH_SIZE + " images, "
                + TableDefaults.SMALL_BATCH + " rows of a table, " + TableDefaults.SMALL_BATCH_OF_OTHERS + " pictures of a folder or rows of arrays, or " + TableDefaults.LARGE_BATCH + " of more than "
                + TableDefaults.FEW_ROWS + ", " + TextNet.BATCH_SIZE + " windows of a text.")
    Integer batchSize;

    @OptionRules.Sets(Recipe.class)
    @HelpPage.Common("Passes over the training examples.")
    @Option(names = "--epochs", paramLabel = "N",
            description = "Passes over the training examples. Default: " + ImageNet.EPOCHS
                + " for images, or what suits the --net; for tables and folders of pictures as often as makes "
                + TableDefaults.STEPS + " steps, from " + TableDefaults.LEAST_EPOCHS + " to " + TableDefaults.MOST_EPOCHS + "; for tables of "
                + TableDefaults.FEW_ROWS + " to " + TableDefaults.MANY_ROWS + " rows " + TableDefaults.STEPS_OF_MANY + " steps; for texts as often as makes "
                + TextNet.STEPS + " steps, up to " + TextNet.MOST_EPOCHS + ".")
    Integer epochs;

    @DataKind.For({DataKind.PICTURES, DataKind.IMAGES})
    @Option(names = "--test-every-epoch",
            description = "Images: measures the test after each epoch, too. Who then chooses a network by it has no test"
                + " any more: choose by --validation-split. By default it is measured once, at the end.")
    boolean testEveryEpoch;

    @DataKind.For(DataKind.TEXT)
    @Option(names = "--sample", paramLabel = "N", description = "Texts: after each epoch, shows N tokens that the network writes.")
    Integer sample;

    @OptionRules.Sets(as = "patience")
    @Option(names = "--early-stopping", paramLabel = "PATIENCE",
            description = "Ends after so many epochs in which the validation loss, or what --monitor names, did not improve, and"
                + " keeps the weights of the best epoch; 0: neither. Default: 0 for images; of texts, and of folders of pictures with some to"
                + " validate, all epochs are made, and the weights of the best are kept; for tables with validation rows as many"
                + " as make "
                + TableDefaults.PATIENCE_STEPS + " steps, or " + TableDefaults.PATIENCE_STEPS_OF_MANY + " of "
                + TableDefaults.FEW_ROWS + " to " + TableDefaults.MANY_ROWS + " rows, from " + TableDefaults.LEAST_PATIENCE + " to "
                + TableDefaults.MOST_PATIENCE + ".")
    Integer earlyStopping;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--monitor", paramLabel = "NAME",
            description = "Validation metric that selects the best epoch: loss, or a metric such as accuracy, auc."
                + " Default: loss; for folders of pictures without --early-stopping and --reduce-lr accuracy.")
    String monitor;

    @DataKind.For({DataKind.PICTURES, DataKind.IMAGES})
    @OptionRules.Sets(value = ImageOptions.class, as = "augmentation", by = "augmentation")
    @HelpPage.Common("Changes images a little in each epoch.")
    @Option(names = "--augment", paramLabel = "shift=2,rotate=12,zoom=0.1,shear=0.1", arity = "0..1",
            fallbackValue = "shift=2,rotate=12,zoom=0.1,shear=0.1",
            description = "Images: changes each a little, differently in each epoch: pixels, degrees, shares; by default as"
                + " shown, else what is named alone. flip=horizontal mirrors each in every other epoch, which is not for"
                + " digits; erase=N covers a square of N x N pixels; unchanged=SHARE leaves a share of the images as they are,"
                + " others in each epoch.")
    String augment;

    @DataKind.For(DataKind.IMAGES)
    @OptionRules.Sets(ImageOptions.class)
    @OptionRules.Excludes(value = "--class-weight", why = "an outlier is of no class")
    @Option(names = "--outliers", paramLabel = "SHARE",
            description = "Images in MNIST's form: trains on so many pictures that are no digits for each image, such as 0.3, so that the"
                + " network is confident on digits alone, as `relay` needs it: parts of digits, two that touch, strokes, blots, made again in"
                + " each epoch. No class is right for them, and the training accuracy counts that as wrong."
                + " With --validation-split the model keeps a rejection threshold, below which `predict` prints: no"
                + " digit.")
    Double outliers;

    @HelpPage.Begins("Seed and validation")
    @OptionRules.Sets({Recipe.class, ImageOptions.class})
    @HelpPage.Common("Seed of all that is random.")
    @Option(names = "--seed", paramLabel = "N", defaultValue = "" + TableDefaults.SEED,
            description = "Seed of the initial weights, the order of the examples, and all else that is random.")
    long seed;

    @OptionRules.Sets(ImageOptions.class)
    @HelpPage.Common("Share that is held out for validation.")
    @Option(names = "--validation-split", paramLabel = "SHARE",
            description = "Share of the examples that is held out for validation: of each class of images or pictures, and each"
                + " label of arrays, in proportion; of rows by --split. Default: " + (int) ImageOptions.VALIDATION_SPLIT
                + " for images, " + ImageOptions.VALIDATION_SPLIT_OF_PICTURES + " for folders of pictures if that is "
                + ImageOptions.FEWEST_VALIDATED + " pictures or more, " + TableDefaults.VALIDATION_SPLIT + " for tables, "
                + TableDefaults.VALIDATION_SPLIT_OF_ARRAYS + " for arrays, " + TextSource.VALIDATION_SPLIT
                + ", the end, for texts. Held-out images also calibrate the probabilities of the"
                + " model, by temperature scaling.")
    Double validationSplit;

    @DataKind.For(DataKind.TABLE)
    @OptionRules.Excludes(value = {"--out", "--checkpoint-every", "--" + INIT, "--no-report", "--reduce-lr", "--validation-data"},
            why = "it makes several training runs")
    @Option(names = "--cross-validate", paramLabel = "K", description = "Tables: trains K models, each on the rows but one of K"
            + " parts, and reports how good they are on that part, mean and spread; of each model's rows --validation-split are"
            + " held out to choose its epoch. Models are kept in the folder of --run if given.")
    public Integer crossValidate;

    @Mixin
    public RunOptions place = new RunOptions();

    @OptionRules.Needs("--run")
    @Option(names = "--no-report", description = "With --run: leave out report.html.")
    boolean noReport;

    @OptionRules.Needs("--run")
    @Option(names = "--checkpoint-every", paramLabel = "N|Ns|Nepoch",
            description = "With --run: how often to keep all that --resume needs, in steps, seconds or epochs, such as 50, 30s,"
                + " 1epoch. Default: 1epoch.")
    String checkpointEvery;

    @Option(names = "--" + INIT, paramLabel = "FILE",
            description = "Begins with the weights of this model, which must have the same layers, and with nothing"
                + " else of it.")
    Path init;

    @OptionRules.Excludes("--json")
    @Option(names = "--log-every", paramLabel = "N",
            description = "Prints a row for every so many epochs, and for the first, the last and the best one. Default: on a terminal so"
                + " many that there are about ten rows, else 1. The log.csv of --run has all.")
    Integer logEvery;

    @Option(names = "--json", description = "Print one JSON object a line: one per epoch, then a summary.")
    boolean json;

    // ------------------------------------------------------------------------------------------------- as a whole

    /** The files of data that are read. */
    List<Path> read() {
        return table.validationData == null ? List.of(data) : List.of(data, table.validationData);
    }

    /** The given options that affect the weights, by name, in their order. */
    static Map<String, Object> settings(CommandSpec spec) {
        Map<String, Object> settings = ConfigFile.given(spec);
        settings.keySet().removeAll(NO_SETTINGS);
        return settings;
    }

    /** The given settings of the recipe. */
    Recipe recipe(CommandSpec spec) {
        requirePositive("epochs", epochs);
        requirePositive("logEvery", logEvery);
        requirePositive("sample", sample);
        Recipe given = OptionRules.set(spec, new Recipe());
        return reduceLr == null ? given : given.with("schedule", null);
    }

    /** @param value null: not given */
    static void requirePositive(String setting, Integer value) {
        if (value != null) {
            SettingException.requireAtLeast(setting, 1, value);
        }
    }

    static Config classWeight(String text) {
        Map<String, Double> weights = new LinkedHashMap<>();
        if (!text.equals("balanced")) {
            NamedValues.parse(text).forEach((label, weight) -> weights.put(label, Text.number(label, weight)));
        }
        return weights.isEmpty() ? Config.of("balanced") : Config.of("labels", weights);
    }

    static ImageAugmentation augmentation(String text) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        Map<String, String> given = NamedValues.parse(text);
        AUGMENTATIONS.forEach(name -> numbers.put(name, name.equals(FLIP) || !given.containsKey(name) ? 0
                : Text.number(name, given.get(name))));
        for (String name : given.keySet()) {
            if (!AUGMENTATIONS.contains(name)) {
                throw new IllegalArgumentException("there is no " + name + " here, only " + String.join(", ", AUGMENTATIONS)
                        + Names.didYouMean(name, AUGMENTATIONS));
            }
        }
        double erase = numbers.get(ERASE);
        if (erase != Math.rint(erase)) {
            throw new IllegalArgumentException(ERASE + " is the side of a square in whole pixels. Received: " + given.get(ERASE));
        }
        if (given.keySet().equals(Set.of(UNCHANGED))) {
            throw new IllegalArgumentException(UNCHANGED + " leaves images as they are, and nothing changes the others. Add what does,"
                    + " such as shift=2,rotate=12");
        }
        return new ImageAugmentation(numbers.get("shift"), numbers.get("rotate"), numbers.get("zoom"), numbers.get("shear"),
                given.containsKey(FLIP) ? TableTypes.valueOf(Flip.class, FLIP, given.get(FLIP)) : Flip.NONE, (int) erase, numbers.get(UNCHANGED));
    }
}
