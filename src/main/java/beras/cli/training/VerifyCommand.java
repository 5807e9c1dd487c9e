package beras.cli.training;

import beras.bits.TrainingTrace;
import beras.cli.models.Predictions;
import beras.cli.options.BaseCommand;
import beras.cli.options.ConfigFile;
import beras.cli.options.PathConverter;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Result;
import beras.config.Config;
import beras.config.InvalidDataException;
import beras.config.SettingException;
import beras.models.TestEvaluation;
import beras.models.TrainingData;
import beras.runs.RunFolder;
import beras.runs.RunOrigin;
import beras.runs.RunRecord;
import beras.saving.ModelCheckpoint;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.Verification;
import beras.saving.Version;
import beras.tables.TableOrigin;
import beras.training.Callback;
import beras.training.DivergedException;
import beras.training.LambdaCallback;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code verify}: repeats the training that a model file describes, and compares all bits. */
@Command(name = VerifyCommand.NAME, header = "Repeats a training run and compares the bits.", sortOptions = false,
        description = {"Repeats the training run that a model file describes, and compares: the SHA-256 of the data, the recipe,"
                + " the network, after each epoch the checksum of each weight and the numbers, in the end each weight and all else that"
                + " the file has, such as the state to resume from, temperature and scores of held-out rows. The last line lists what"
                + " is not compared. Nothing is written.",
            "Exit code 0: the same bits; 1: others, and the output names the epoch and the weight in which the two training runs"
                + " part; 3: other data, or a file whose training cannot be repeated."},
        footer = {"", "Examples:",
            "  beras verify model.beras --data data",
            "  beras verify churn.beras --data churn.csv --epochs 3"})
public final class VerifyCommand extends BaseCommand {

    public static final String NAME = "verify";

    /** Records of how a training run began and ended, which are not compared. */
    private static final Set<String> NOT_COMPARED = Set.of(RunOrigin.OPTIONS, RunOrigin.PLACES, RunOrigin.INIT, RunOrigin.INIT_HASH,
            RunRecord.FIRST_EPOCHS, RunRecord.INTERRUPTED, ModelCheckpoint.EPOCH);

    @Parameters(paramLabel = "FILE", description = "Model that `train` has saved, also one that was resumed or interrupted.")
    private Path file;

    @Option(names = "--data", paramLabel = "FOLDER|TABLE|FILE.npz", description = "The data that it was trained on. Default:"
            + " where they were then. They are known by their SHA-256.")
    private Path data;

    @Option(names = "--validation-data", paramLabel = "TABLE", description = "The table of the validation rows, if it had one."
            + " Default: where it was then.")
    private Path validationData;

    @Option(names = "--" + TrainOptions.INIT, paramLabel = "FILE", description = "The model whose weights it began with, if it"
            + " began with such. Default: where it was then.")
    private Path init;

    @Option(names = "--epochs", paramLabel = "N", description = "Repeats the first N epochs alone. Default: all, and the weights"
            + " of the file are compared, too.")
    private Integer epochs;

    @Option(names = "--trace", description = "Print the trace of the training run, the SHA-256 of intermediate results: the initial"
            + " weights, batch, gradients and step, and the weights after each epoch, as the page on the arithmetic specifies.")
    private boolean isTraced;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to use at most; one for each processor by default.")
    private Integer threads;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private TrainingTrace trace; // null: not requested, or training did not begin

    @Override
    public Integer call() throws Exception {
        if (Files.isDirectory(file)) {
            throw Usage.invalid(spec, "FILE", "a model file is verified. Received: a folder. Give the model of the run, "
                    + file.resolve(RunFolder.MODEL));
        }
        SavedModel saved = Predictions.load(file);
        Verification verification = verification(saved);
        String version = saved.version().orElse("an unknown version");
        boolean isOther = !version.equals(Version.get());
        if (isOther) {
            console.err().println(file + " was written by BERAS " + version + ", and this is " + Version.get() + ": another"
                    + " version may compute other bits, see its release notes");
        }
        RunOrigin recorded = RunOrigin.of(file, saved);
        CommandLine repeated = options(recorded);
        TrainOptions options = repeated.getCommand();
        RunPlaces.requireData(options, recorded, file + " was trained on");
        Verification.Result result = repeat(saved, repeated, first(saved, recorded, options), verification);
        List<String> lines = isTraced && trace != null ? trace.lines() : List.of();
        Result shown = new Result().put("file", file.toString(), "same", result.isSame(), "epochs", result.epochs(),
                "weights", result.weights(), "differences", result.differences(), "not_compared", result.notCompared(),
                "version", version).section().lines(lines).row(file + ": " + result + (result.isSame() || !isOther ? ""
                        : ". It was written by BERAS " + version + ", which may be why"));
        if (isTraced) {
            shown.put("trace", lines);
        }
        shown.print(console, json);
        return result.isSame() ? Exit.DONE : Exit.FAILED;
    }

    // ----------------------------------------------------------------------------------------------- what is repeated

    /** Makes the comparison; rejects a run that cannot be repeated before any work. */
    private Verification verification(SavedModel saved) {
        Map<String, String> provenance = saved.provenance();
        boolean isOnTheWay = provenance.containsKey(ModelCheckpoint.EPOCH);
        if (!RunOrigin.isIn(saved) || !provenance.containsKey(TableOrigin.DATA_HASH) || saved.recipe().isEmpty()
                || saved.trainingState().isEmpty() && !isOnTheWay) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a model of `train` in BERAS's own format, which records on which"
                    + " data and by which options it was trained, and where training ended. Received: one that does not, such"
                    + " as a model of another program, of `tune` or --cross-validate, or of a Java program, which repeats its"
                    + " training itself with beras.saving.Verification");
        }
        for (String ending : new String[] {"diverged", "failed"}) {
            if (provenance.containsKey(ending)) {
                throw new Failure(Exit.BAD_DATA, file + ": expected a model whose training ended or was interrupted. Received:"
                        + " one whose training " + ending + ", so that it is not known after which step the file was written: "
                        + provenance.get(ending));
            }
        }
        requireRecorded(TrainOptions.INIT, init, provenance.get(RunOrigin.INIT_HASH), "did not begin with the weights of another model");
        requireRecorded("validation-data", validationData, provenance.get(TableOrigin.VALIDATION_HASH),
                "was not validated on another table");
        Verification verification;
        try {
            firstEpochs(saved);
            verification = new Verification(saved);
        } catch (NumberFormatException | InvalidDataException e) {
            throw new Failure(Exit.BAD_DATA, file + ": expected the state of a training run. Received: " + e.getMessage());
        }
        return epochs == null ? verification : Usage.check(spec, "--epochs", () -> verification.epochs(epochs));
    }

    private void requireRecorded(String option, Path given, String hash, String problem) {
        if (given != null && hash == null) {
            throw Usage.invalid(spec, "--" + option, file + " " + problem + ". Remove it");
        }
    }

    /** The number of epochs at first, if it was raised when training was resumed. */
    private static OptionalInt firstEpochs(SavedModel saved) {
        String first = saved.provenance().get(RunRecord.FIRST_EPOCHS);
        return first == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(first));
    }

    private CommandLine options(RunOrigin recorded) {
        TrainOptions options = new TrainOptions();
        CommandLine repeated = new CommandLine(options).registerConverter(Path.class, new PathConverter());
        try {
            repeated.parseArgs();
            ConfigFile.apply(recorded, repeated.getCommandSpec());
        } catch (ParameterException e) {
            throw unusable(e);
        }
        options.data = data == null ? options.data : data;
        options.table.validationData = validationData == null ? options.table.validationData : validationData;
        options.place.threads = threads;
        options.place.out = file; // for messages; nothing is written
        return repeated;
    }

    private Failure unusable(RuntimeException e) {
        return new Failure(Exit.BAD_DATA, file + ": its training cannot be repeated, as its options cannot be used here: "
                + e.getMessage());
    }

    /** The model of the initial weights, checked by its hash. */
    private Optional<SavedModel> first(SavedModel saved, RunOrigin recorded, TrainOptions options) {
        String hash = recorded.hashes().get(RunOrigin.INIT_HASH);
        if (hash == null) {
            return Optional.empty();
        }
        String named = init != null ? init.toString() : saved.provenance().getOrDefault(RunOrigin.INIT, "");
        try {
            options.init = Path.of(named);
            if (Files.isRegularFile(options.init)) { // nor a pipe, for which one would wait
                SavedModel first = ModelFile.load(options.init);
                if (ModelFile.weightsSha256(first.model()).equals(hash)) {
                    return Optional.of(first);
                }
            }
        } catch (IOException | InvalidPathException e) {
            // Its reason might reveal contents.
        }
        throw new Failure(Exit.BAD_DATA, file + ": its training began with the weights of another model, of the SHA-256 " + hash
                + ". Received: " + (named.isEmpty() ? "none" : named + ", which has not these weights") + ". Give the file with --"
                + TrainOptions.INIT);
    }

    // ------------------------------------------------------------------------------------------------------ repeating

    private Verification.Result repeat(SavedModel saved, CommandLine repeated, Optional<SavedModel> first, Verification verification)
            throws Exception {
        TrainOptions options = repeated.getCommand();
        Recipe expected = saved.recipe().orElseThrow();
        TrainSetup setup = new TrainSetup(console, repeated.getCommandSpec(), options);
        try {
            if (firstEpochs(saved).isPresent()) {
                options.epochs = firstEpochs(saved).getAsInt();
            }
            setup.distribution(saved);
            setup.begin();
            setup.read(() -> { });
            setup.requireSameData(file, saved, "");
            setup.recipe = setup.data.complete(setup.given);
            if (firstEpochs(saved).isPresent()) {
                setup.recipe = setup.recipe.epochs(expected.epochs());
            }
            List<String> others = differences("the recipe", expected.config(), setup.recipe.config());
            if (others.isEmpty()) {
                setup.makeNet(first);
                others = differences("the net", saved.model().config(), setup.model.config());
            }
            if (!others.isEmpty()) {
                return new Verification.Result(0, 0, others, List.of());
            }
            setup.open();
        } catch (ParameterException | SettingException e) {
            boolean isOfThisCommand = threads != null && e instanceof SettingException setting && setting.setting().equals("threads");
            throw isOfThisCommand ? e : unusable(e);
        }
        Verification.Result trained = fit(setup, verification);
        return trained.isSame() ? whole(saved, setup, verification) : trained;
    }

    private static List<String> differences(String of, Config expected, Config received) {
        return Verification.differences(of, Optional.of(expected), Optional.of(received));
    }

    private Verification.Result fit(TrainSetup setup, Verification verification) {
        String of = verification.epochsToCompare().map(count -> "/" + count).orElse("");
        console.err().println("Repeating the training run of " + file);
        List<Callback> callbacks = setup.callbacks();
        callbacks.add(verification);
        if (isTraced) {
            trace = TrainingTrace.of(setup.model, setup.recipe, setup.set.training(setup.recipe.batchSize(), setup.recipe.seed(),
                    setup.recipe.ensemble()));
            callbacks.add(trace);
        }
        callbacks.add(new LambdaCallback().onEpochEnd((epoch, logs) -> console.err().println("Epoch " + (epoch + 1) + of)));
        try {
            setup.training.fit(setup.training.fitOptions().callbacks(callbacks.toArray(Callback[]::new)));
        } catch (DivergedException | TestEvaluation.NotFiniteException e) {
            // That of the file did not, so the result has it as a difference.
        }
        return verification.result();
    }

    /** Also compares the other parts that `train` saves, as far as training was repeated; the provenance of the data alone. */
    private Verification.Result whole(SavedModel saved, TrainSetup setup, Verification verification) throws IOException {
        boolean isWhole = verification.result().weights() > 0;
        if (isWhole && trace != null) {
            trace.end(setup.model);
        }
        List<String> notCompared = new ArrayList<>(List.of("names of files and folders, and how training was begun and ended"));
        Map<String, String> provenance = new LinkedHashMap<>(setup.data.provenance());
        provenance.keySet().removeAll(TrainingData.NAMES);
        saved.provenance().forEach((name, value) -> {
            if (NOT_COMPARED.contains(name) || TrainingData.NAMES.contains(name)) {
                provenance.put(name, value);
            }
        });
        SavedModel made = setup.described(new SavedModel(setup.model), provenance);
        if (!isWhole) {
            made = saved.conformalScores().map(made::conformalScores).orElse(made);
            made = saved.calibration().map(made::calibration).orElse(made);
        } else if (saved.provenance().containsKey(ModelCheckpoint.EPOCH)) {
            notCompared.add("temperature and scores of held-out rows, as a file kept during training has none");
        } else {
            made = setup.fitted(made);
        }
        Verification.Result result = verification.result(made);
        notCompared.addAll(0, result.notCompared());
        return new Verification.Result(result.epochs(), result.weights(), result.differences(), notCompared);
    }
}
