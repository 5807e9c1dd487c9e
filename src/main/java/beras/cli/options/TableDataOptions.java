package beras.cli.options;

import beras.cli.terminal.Text;
import beras.data.table.TableOptions;
import beras.data.table.TableTarget.Task;
import beras.sources.ImageOptions;
import beras.tables.TableDefaults;
import beras.tables.TableTraining;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The table to train on, and its held-out rows, for the training commands. */
@DataKind.For(DataKind.TABLE)
public final class TableDataOptions {

    public static final String SPLIT_SEED = "--split-seed";

    @HelpPage.Begins("Tables")
    @HelpPage.Common("The column of a table to predict.")
    @Option(names = "--target", paramLabel = "COLUMN", description = "Tables: the column to predict.")
    public String target;

    @DataKind.For({DataKind.TABLE, DataKind.ARRAYS})
    @OptionRules.Sets(TableOptions.class)
    @Option(names = "--task", paramLabel = "TASK", description = "Tables and arrays x and y: classification or regression; by"
            + " default what the values of the target suggest.")
    public String task;

    @OptionRules.Sets(TableOptions.class)
    @Option(names = "--distribution", paramLabel = "NAME", description = "Tables: how a number that is predicted is distributed: normal"
            + " (squared errors), or poisson (counts and other numbers of at least 0, whose mean is predicted by its logarithm). Default: the"
            + " one that is better on held-out rows if the numbers are at least 0 and spread widely, else normal.")
    public String distribution;

    @Option(names = "--types", paramLabel = "COLUMN=TYPE,...", description = "Tables: how to read some columns: numeric,"
            + " category, date, dayfirst or monthfirst (dates such as 1/2/2024), list, text, sequence (of words) or ignored, such as"
            + " zip=category,id=ignored; the values decide the others. Put \"quotes\" around a name with a comma.")
    public String types;

    @OptionRules.Sets(TableOptions.class)
    @Option(names = "--max-categories", paramLabel = "N", description = "Tables: how many values of a category get a feature"
            + " each, the most frequent ones; the rest share one. Default: " + TableOptions.CATEGORIES_BESIDE_MEANS
            + ", besides which each value of a category of more than " + TableOptions.ALWAYS_LISTED
            + " has the mean of the target.")
    public Integer maxCategories;

    @OptionRules.Sets(TableOptions.class)
    @Option(names = "--bins", paramLabel = "N", description = "Tables: of how many bins the code of a number is, by which a network"
            + " sees steps and bends; 1: no code. Default: " + TableOptions.BINS + ", fewer if the table is very large.")
    public Integer bins;

    @OptionRules.Sets(TableOptions.class)
    @Option(names = "--spellings", paramLabel = "MODE", description = "Tables: which spellings of a label or category are one value:"
            + " words (Yes, YES and yes), all (also single letters, and codes such as aB3), or exact (none). Default: words.")
    public String spellings;

    @OptionRules.Sets(TableOptions.class)
    @Option(names = "--sample-weight", paramLabel = "COLUMN", description = "Tables: the column with the weight of each row,"
            + " relative to the mean: 2 as much as the row twice; 0: the row is left out. It is no feature.")
    public String sampleWeight;

    @Mixin
    public final TableFileOptions file = new TableFileOptions();

    @OptionRules.Excludes(value = {"--validation-split", "--split", SPLIT_SEED}, why = "all rows of --data are trained on then")
    @Option(names = "--validation-data", paramLabel = "TABLE", description = "Tables: validation rows in a file of their own;"
            + " then all rows of --data are trained on.")
    public Path validationData;

    @Option(names = "--split", paramLabel = "HOW", description = "Tables: how validation rows are chosen: stratified (at random,"
            + " each label in proportion), random, time:COLUMN (the last by it) or group:COLUMN (those of one value together)."
            + " Default: " + TableDefaults.SPLIT + ".")
    public String split;

    @DataKind.For({DataKind.TABLE, DataKind.ARRAYS, DataKind.PICTURES, DataKind.IMAGES})
    @OptionRules.Sets(ImageOptions.class)
    @Option(names = SPLIT_SEED, paramLabel = "N", description = "Tables, arrays and images: decides which of them are held out, so that"
            + " training runs of another --seed are judged by the same. Default: " + TableDefaults.SEED + ".")
    public Long splitSeed;

    @OptionRules.Sets(TableTraining.class)
    @Option(names = "--shuffle-buffer", paramLabel = "ROWS|all",
            description = "Tables: among how many rows to shuffle. Default: all, or as many as fit into "
                + (TableDefaults.SHUFFLE_BYTES >> 20) + " MB as numbers.")
    public String shuffleBuffer;

    /** The seed of the choice of held-out examples. */
    public long splitSeed() {
        return splitSeed == null ? TableDefaults.SEED : splitSeed;
    }

    /** The requested task; empty: as the values suggest. */
    public Optional<Task> task(CommandSpec spec) {
        return Optional.ofNullable(task)
                .map(given -> Usage.check(spec, "--task", () -> TableTypes.valueOf(Task.class, "it", given)));
    }

    /** The options that are given, for {@code inspect}: no model keeps the types and the marks of missing values for it. */
    public String saidToInspect() {
        return OptionRules.said(file) + (types == null ? "" : " --types " + Text.quote(types));
    }
}
