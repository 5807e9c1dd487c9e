package beras.cli;

import beras.data.table.TableOptions;
import beras.tables.TableDefaults;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a table to train on is, and which of its rows are kept apart, for the commands that train. */
final class TableDataOptions {

    @Option(names = "--target", paramLabel = "COLUMN", description = "Tables: the column to predict.")
    String target;

    @Option(names = "--task", paramLabel = "TASK", description = "Tables: classification or regression; by default what the"
            + " values of the target suggest.")
    String task;

    @Option(names = "--types", paramLabel = "COLUMN=TYPE,...", description = "Tables: how to read some columns: numeric,"
            + " category, date or ignored, such as zip=category,id=ignored; the values tell the others. Put"
            + " \"quotes\" around a name with a comma.")
    String types;

    @Option(names = "--max-categories", paramLabel = "N", description = "Tables: how many values of a category get a feature"
            + " each, the most frequent ones; the rest share one. Default: " + TableOptions.MOST_CATEGORIES + ".")
    Integer maxCategories;

    @Mixin
    final TableFileOptions file = new TableFileOptions();

    @Option(names = "--validation-data", paramLabel = "TABLE", description = "Tables: rows to validate in a file of their own;"
            + " then all rows of --data are trained on.")
    Path validationData;

    @Option(names = "--split", paramLabel = "HOW", description = "Tables: how rows to validate are chosen: stratified (at random,"
            + " each label in proportion), random, time:COLUMN (the last by it) or group:COLUMN (those of one value together)."
            + " Default: " + TableDefaults.SPLIT + ".")
    String split;

    @Option(names = "--split-seed", paramLabel = "N", description = "Tables and folders of pictures: decides which rows or"
            + " pictures are kept apart, so that trainings of another --seed are judged by the same. Default: "
            + TableDefaults.SEED + ".")
    Long splitSeed;

    @Option(names = "--shuffle-buffer", paramLabel = "ROWS|all",
            description = "Tables: among how many rows to shuffle. Default: all, or as many as fit into "
                + (TableDefaults.SHUFFLE_BYTES >> 20) + " MB as numbers.")
    String shuffleBuffer;

    /** The options that are given, for {@code inspect}: no model keeps the types and the marks of missing values for it. */
    String saidToInspect() {
        return file.said() + (file.na == null ? "" : " --na " + Text.quote(file.na))
                + (types == null ? "" : " --types " + Text.quote(types));
    }
}
