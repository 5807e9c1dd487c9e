package beras.cli.training;

import beras.cli.options.HelpPage;
import beras.cli.options.OptionRules;
import beras.cli.options.TableDataOptions;
import beras.tables.SearchSpace;
import beras.tables.TableDefaults;
import beras.tables.Tuning;
import beras.training.Recipe;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code tune} as they were given. Null: not given. */
final class TuneOptions {

    @HelpPage.Begins("Data")
    @HelpPage.Common("The table.")
    @Option(names = "--data", paramLabel = "TABLE", description = "The table, as of train.")
    Path data;

    @Mixin
    final TableDataOptions table = new TableDataOptions();

    @HelpPage.Begins("Validation")
    @Option(names = "--validation-split", paramLabel = "SHARE", description = "Share of the rows that is held out for"
            + " validation, by --split. Default: " + TableDefaults.VALIDATION_SPLIT + ".")
    Double validationSplit;

    @HelpPage.Begins("Search")
    @OptionRules.Sets(Tuning.class)
    @HelpPage.Common("Number of trials.")
    @Option(names = "--trials", paramLabel = "N", defaultValue = "" + Tuning.TRIALS,
            description = "Number of trials, the defaults of train included, which are trial 0.")
    int trials;

    @OptionRules.Sets(Tuning.class)
    @Option(names = "--factor", paramLabel = "N", defaultValue = "" + Tuning.FACTOR,
            description = "One trial in so many continues, for so many times as many epochs.")
    int factor;

    @OptionRules.Sets(Tuning.class)
    @Option(names = "--least-epochs", paramLabel = "N", defaultValue = "" + Tuning.LEAST_EPOCHS,
            description = "No trial is judged before so many epochs.")
    int leastEpochs;

    @OptionRules.Sets(Recipe.class)
    @HelpPage.Common("How many the best trials get.")
    @Option(names = "--epochs", paramLabel = "N", description = "How many epochs the best trials make at most. Default: as of"
            + " train.")
    Integer epochs;

    @OptionRules.Sets(SearchSpace.class)
    @HelpPage.Common("The rates to try.")
    @Option(names = "--learning-rate", paramLabel = "NUMBERS", defaultValue = SearchSpace.LEARNING_RATE,
            description = "Learning rates to choose from: values and ranges with commas between them, such as 0.001,0.003..0.1. Each is"
                + " equally likely, in a range each power of ten.")
    String learningRate;

    @OptionRules.Sets(SearchSpace.class)
    @HelpPage.Common("The networks to try, such as 64:relu|32:relu.")
    @Option(names = "--layers", paramLabel = "LAYERS|LAYERS...", defaultValue = SearchSpace.LAYERS,
            description = "The layers before the output, without dropout, as of train: several networks with | between them.")
    String layers;

    @OptionRules.Sets(SearchSpace.class)
    @Option(names = "--dropout", paramLabel = "NUMBERS", defaultValue = SearchSpace.DROPOUT,
            description = "Dropout rate after each dense layer.")
    String dropout;

    @OptionRules.Sets(SearchSpace.class)
    @Option(names = "--weight-decay", paramLabel = "NUMBERS", defaultValue = SearchSpace.WEIGHT_DECAY,
            description = "Weight decay, as of train.")
    String weightDecay;

    @OptionRules.Sets(SearchSpace.class)
    @Option(names = "--batch-size", paramLabel = "NUMBERS", defaultValue = SearchSpace.BATCH_SIZE, description = "Rows per step.")
    String batchSize;

    @OptionRules.Sets(Recipe.class)
    @Option(names = "--monitor", paramLabel = "NAME", defaultValue = "loss",
            description = "Validation metric that the trials are compared by: loss, or a metric such as accuracy, auc.")
    String monitor;

    @OptionRules.Sets({Recipe.class, Tuning.class})
    @HelpPage.Common("Seed of all that is random.")
    @Option(names = "--seed", paramLabel = "N", defaultValue = "" + TableDefaults.SEED,
            description = "Seed of the settings that are tried and, as in train, of the initial weights and the order of the rows.")
    long seed;

    @Mixin
    final RunOptions place = new RunOptions();

    /** The options of the data, for {@code train}. */
    TrainOptions training() {
        TrainOptions options = new TrainOptions();
        options.data = data;
        options.table = table;
        options.place = place;
        options.validationSplit = validationSplit;
        return options;
    }
}
