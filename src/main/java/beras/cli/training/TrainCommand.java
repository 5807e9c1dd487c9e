package beras.cli.training;

import beras.cli.models.Predictions;
import beras.cli.options.ConfigFile;
import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.StandardInput;
import beras.files.WholeFile;
import beras.runs.RunFolder;
import beras.runs.RunOrigin;
import beras.saving.SavedModel;
import beras.sources.ArrayFiles;
import beras.training.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** {@code train}: learns from images, pictures or a table, and saves the model. */
@Command(name = TrainCommand.NAME, showDefaultValues = true, sortOptions = false,
        description = {"Trains a net on a folder of images in the form of MNIST, on a folder of pictures for each class, or on a table, and"
                + " saves it.",
            "After each epoch it reports loss and accuracy on the examples for training and for validation, in a regression errors"
                + " in units of the table; at the end those on the test images. The same options and seed give the same"
                + " weights, bit by bit, on any machine, with any number of threads and any heap."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --epochs 10 --layers 256:relu,128:relu,10:softmax",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --loss mse --out mse.beras --force",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --json --validation-split 0.1 --threads 1",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --augment --layers 512:relu,dropout:0.3,10:softmax"
                + " \\",
            "      --validation-split 0.1 --early-stopping 3 --epochs 50 --lr-schedule cosine --run runs/digits",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --data houses.csv --target price",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --data churn.csv.gz --target left --run runs/churn"
                + " \\",
            "      --types zip=category,id=ignored --class-weight balanced --layers 128:relu,dropout:0.2 --early-stopping 5",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --config runs/churn/config.json --seed 2",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --resume runs/churn",
            "", "Ctrl-C ends training after the current batch, and the model as of then is saved; --resume continues."})
public final class TrainCommand implements Callable<Integer> {

    public static final String NAME = "train";

    /** What may be given together with --resume. */
    private static final Set<String> WITH_RESUME = Set.of("resume", "epochs", "threads", "json", "help", "data", "validation-data",
            "out", "force");

    @Mixin
    private final TrainOptions options = new TrainOptions();

    @Spec
    private CommandSpec spec;

    private final Console console;

    public TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (options.resume != null) {
            return resume(options.resume);
        }
        if (options.config != null) {
            ConfigFile.apply(options.config, spec);
        }
        try (RunFolder folder = options.run == null ? null : new RunFolder(options.run)) {
            return options.crossValidate == null ? new TrainRun(console, spec, options, folder).begin()
                    : new CrossValidationRun(console, spec, options, folder).begin();
        }
    }

    /** Takes over the options of a training from the file that it left. */
    private Integer resume(Path from) throws Exception {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = Usage.name(option);
            if (!WITH_RESUME.contains(name)) {
                throw Usage.invalid(spec, "--" + name, "it cannot be changed when a training is resumed. Remove it");
            }
        }
        if (!Files.exists(from)) {
            throw new Failure(Exit.BAD_DATA, from + ": there is no such file or folder. --resume takes the folder of --run, or a"
                    + " model file that an interrupted training left");
        }
        Path above = from.getParent() == null ? Path.of(".") : from.getParent();
        boolean isRun = Files.isDirectory(from);
        if (!isRun && WholeFile.place(new RunFolder(above).last()).equals(WholeFile.place(from))) {
            return resume(above); // the state of a run is not the place of its model
        }
        boolean isInRun = isRun || Files.exists(new RunFolder(above).last());
        try (RunFolder folder = isInRun ? new RunFolder(isRun ? from : above) : null) {
            if (folder != null) {
                folder.open(); // before its state is read, which another process might be writing
            }
            return resume(isRun ? RunPlaces.requireLast(folder) : from, folder);
        }
    }

    /** @param folder in which the file is; null: it is not in one */
    private Integer resume(Path file, RunFolder folder) throws Exception {
        SavedModel saved = Predictions.load(file);
        if (saved.trainingState().isEmpty() || !RunOrigin.isIn(saved)) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a file that `train` has left, with all that it needs to be resumed."
                    + " Received: a model alone. Give the folder of --run, or begin a new training, with --init for these"
                    + " weights");
        }
        RunOrigin recorded = RunOrigin.of(file, saved);
        boolean isState = folder != null && file.equals(folder.last());
        if (folder != null && !isState && !recorded.isOf(Predictions.load(folder.last()))) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a model of the training in its folder. Received: one of another"
                    + " training. Move it elsewhere to resume that");
        }
        if (folder == null && recorded.places().containsKey("run")) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a model of a training without --run. Received: one with --run "
                    + recorded.places().get("run") + ". Resume that folder, and add --out " + file);
        }
        ConfigFile.apply(recorded, spec);
        if (isState) {
            RunPlaces.requireOut(spec, file, recorded.places(), options.out);
        } else if (options.out == null) {
            options.out = file;
        }
        options.run = folder == null ? null : folder.path();
        TrainingState state = saved.trainingState().get();
        try {
            state.config().integer("epoch");
            state.config().integer("batch");
            state.config().flag("stopping");
            state.config().flag("stoppingAfterEpoch");
            state.history();
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.BAD_DATA, file + ": expected the state of a training. Received: " + e.getMessage());
        }
        return new TrainRun(console, spec, options, folder).resume(recorded, saved, state);
    }

    /** A file is a table; what is not there would be one if a target is named, or the name says so. */
    public static boolean isTable(TrainOptions options) {
        return !Files.isDirectory(options.data) && !ArrayFiles.isNamedSo(options.data)
                && (Files.exists(options.data) || StandardInput.isNamedBy(options.data) || options.table.target != null
                        || options.data.getFileName().toString().contains("."));
    }
}
