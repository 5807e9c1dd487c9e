package beras.cli.training;

import beras.cli.models.Predictions;
import beras.cli.options.BaseCommand;
import beras.cli.options.ConfigFile;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.StandardInput;
import beras.data.image.ImageSets;
import beras.data.rows.TextFolder;
import beras.runs.RunFolder;
import beras.runs.RunOrigin;
import beras.saving.SavedModel;
import beras.sources.ArrayFiles;
import beras.training.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code train}: learns from images, pictures or a table, and saves the model. */
@Command(name = TrainCommand.NAME, header = "Trains a network on images, pictures, a table or a text.", showDefaultValues = true, sortOptions = false,
        description = {"Trains a network on a folder of images in the form of MNIST, on a folder of pictures for each class, on a table, or on a text,"
                + " and saves it.",
            "After each epoch it reports loss and accuracy on the examples for training and for validation, in a regression errors"
                + " in units of the table, of a text its perplexity; at the end those on the test images. The same options and seed give the same"
                + " weights, bit by bit, on any machine, with any number of threads and any heap."},
        footer = {"", "Examples:",
            "  beras train",
            "  beras train --epochs 10 --layers 256:relu,128:relu,10:softmax",
            "  beras train --loss mse --out mse.beras --force",
            "  beras train --json --validation-split 0.1 --threads 1",
            "  beras train --augment --layers 512:relu,dropout:0.3,10:softmax"
                + " \\",
            "      --validation-split 0.1 --early-stopping 3 --epochs 50 --lr-schedule cosine --run runs/digits",
            "  beras train --data houses.csv --target price",
            "  beras train --data churn.csv.gz --target left --run runs/churn"
                + " \\",
            "      --types zip=category,id=ignored --class-weight balanced --layers 128:relu,dropout:0.2 --early-stopping 5",
            "  beras train --data book.txt --out book.beras",
            "  beras train --config runs/churn/config.json --seed 2",
            "  beras train --resume runs/churn",
            "", "Ctrl-C ends training after the current batch, and the model as of then is saved; --resume continues."})
public final class TrainCommand extends BaseCommand {

    public static final String NAME = "train";

    /** Options that may be combined with --resume. */
    private static final Set<String> WITH_RESUME = Set.of("resume", "epochs", "threads", "json", "help", "data", "validation-data",
            "out", "force", "sample", "log-every");

    @Mixin
    private final TrainOptions options = new TrainOptions();

    @Override
    public Integer call() throws Exception {
        if (options.place.resume != null) {
            return resume(options.place.resume);
        }
        if (options.place.config != null) {
            ConfigFile.apply(options.place.config, spec);
        }
        try (RunFolder folder = options.place.run == null ? null : new RunFolder(options.place.run)) {
            return options.crossValidate == null ? new TrainRun(console, spec, options, folder).begin()
                    : new CrossValidationRun(console, spec, options, folder).begin();
        }
    }

    /** Takes over the options of a training run from the folder of its run, or from its model. */
    private Integer resume(Path from) throws Exception {
        Usage.requireOnly(spec, WITH_RESUME, "a training run");
        boolean isRun = Files.isDirectory(from);
        RunFolder around = new RunFolder(isRun ? from : from.toAbsolutePath().getParent());
        if (!isRun && Files.exists(around.last())) {
            throw new Failure(Exit.BAD_DATA, from + ": expected the folder of a run, or a model of a training run without one. Received: a"
                    + " file in the folder of a run. Resume that: " + RunPlaces.resume(around.path()));
        }
        try (RunFolder folder = isRun ? around : null) {
            if (folder != null) {
                folder.open(); // before its state is read, which another process might be writing
            }
            return resume(isRun ? RunPlaces.requireLast(folder) : from, folder);
        }
    }

    /** @param folder of the run; null: there is none */
    private Integer resume(Path file, RunFolder folder) throws Exception {
        SavedModel saved = Predictions.load(file);
        if (saved.trainingState().isEmpty() || !RunOrigin.isIn(saved)) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a file that `train` has left, with all that it needs to be resumed."
                    + " Received: a model alone. Give the folder of --run, or begin a new training, with --init for these"
                    + " weights");
        }
        RunOrigin recorded = RunOrigin.of(file, saved);
        if (folder == null && recorded.places().containsKey("run")) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a model of a training run without --run. Received: one with --run "
                    + recorded.places().get("run") + ". Resume that folder, and add --out " + file);
        }
        ConfigFile.apply(recorded, spec);
        if (folder != null) {
            RunPlaces.requireOut(spec, recorded, options.place.out);
        } else if (options.place.out == null) {
            options.place.out = file;
        }
        options.place.run = folder == null ? null : folder.path();
        TrainingState state = saved.trainingState().get();
        Failure.blaming(file + ": expected the state of a training run. Received", () -> {
            state.requireTraining();
            return state;
        });
        return new TrainRun(console, spec, options, folder).resume(recorded, saved, state);
    }

    /** Plain text by the end of its name, unless a column of it is to be predicted. */
    static boolean isText(TrainOptions options) {
        String name = options.data.toString().toLowerCase(Locale.ROOT);
        return (name.endsWith(".txt") || name.endsWith(".txt.gz")) && options.table.target == null && !Files.isDirectory(options.data);
    }

    /** A file is a table, and so is a folder of texts for each class; a missing file would be one if a target or the name indicates it. */
    public static boolean isTable(TrainOptions options) {
        if (Files.isDirectory(options.data)) {
            return !ImageSets.isIn(options.data) && TextFolder.isOne(options.data);
        }
        return !ArrayFiles.isNamedSo(options.data) && !isText(options)
                && (Files.exists(options.data) || StandardInput.isNamedBy(options.data) || options.table.target != null
                        || options.data.getFileName().toString().contains("."));
    }
}
