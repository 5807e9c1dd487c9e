package beras.cli.training;

import beras.cli.data.ColumnTable;
import beras.cli.models.Predictions;
import beras.cli.options.ConfigFile;
import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Interruption;
import beras.cli.terminal.Text;
import beras.feed.Batches;
import beras.files.FileFailure;
import beras.losses.Loss;
import beras.models.RecipeTraining;
import beras.models.TestEvaluation;
import beras.report.RunReports;
import beras.report.RunningReport;
import beras.runs.ModelPlace;
import beras.runs.RunFolder;
import beras.runs.RunOrigin;
import beras.runs.RunRecord;
import beras.runs.RunSummary;
import beras.saving.BackupAndRestore;
import beras.saving.ModelCheckpoint;
import beras.saving.ModelFile;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.tables.PreparedTable;
import beras.training.Callback;
import beras.training.DivergedException;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.LastState;
import beras.training.Objective;
import beras.training.Outcome;
import beras.training.Recipe;
import beras.training.Trainer;
import beras.training.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** One training, from its options to its model: begun or resumed. */
final class TrainRun {

    private static final double NANOSECONDS = 1e9;
    /** The notes on the beginning that a run keeps. */
    private static final Set<String> KEPT_NOTES = Set.of(RunOrigin.INIT, RunOrigin.INIT_HASH, RunRecord.FIRST_EPOCHS);

    private final Console console;
    private final CommandSpec spec;
    private final TrainOptions options;
    private final RunFolder folder; // null: none
    private final LastState lastState = new LastState();
    private final Map<String, String> notes = new LinkedHashMap<>(); // for the provenance
    private final TrainSetup setup;
    private Path out; // where the model is in the end
    private final ModelPlace modelPlace;
    private BackupAndRestore backup; // null: none
    private TrainingState resumed; // null: not resumed
    private Path resumedFrom; // null likewise
    private TrainReport report;
    private SavedModel savedModel; // null: no model was saved yet

    /** @param folder of the run; null: none */
    TrainRun(Console console, CommandSpec spec, TrainOptions options, RunFolder folder) {
        this.console = console;
        this.spec = spec;
        this.options = options;
        this.folder = folder;
        this.setup = new TrainSetup(console, spec, options);
        this.out = options.place.out();
        this.modelPlace = new ModelPlace(out, options.place.force);
    }

    // ------------------------------------------------------------------------------------------ from the beginning

    Integer begin() throws Exception {
        Optional<SavedModel> first = options.init == null ? Optional.empty() : Optional.of(Predictions.load(options.init));
        first.ifPresent(setup::distribution);
        setup.begin();
        backup();
        if (RunPlaces.areReady(folder, options)) {
            RunPlaces.require(spec, modelPlace, "this training", folder, options);
        }
        setup.read(() -> RunPlaces.requireName(spec, out)); // which loads the classes of all formats
        if (options.place.out == null && !out.endsWith(RunFolder.MODEL)) {
            console.err().println(RunFolder.MODEL + " exists already, so the model goes to " + out);
        }
        setup.recipe = setup.data.complete(setup.given);
        setup.makeNet(first);
        if (options.init != null) {
            notes.put(RunOrigin.INIT, options.init.toString());
            notes.put(RunOrigin.INIT_HASH, ModelFile.weightsSha256(first.get().model()));
        }
        open();
        List<List<String>> columns = setup.data instanceof PreparedTable table ? ColumnTable.of(table.schema()).rows() : List.of();
        return train(folder == null ? List.of() : folder.begin(settings(), columns, options.place.force));
    }

    /** The options, with the distribution of the target that was chosen: with more epochs another one might be. */
    private Map<String, Object> settings() {
        Map<String, Object> settings = TrainOptions.settings(spec);
        if (options.table.distribution != null) {
            settings.put("distribution", options.table.distribution);
        }
        return settings;
    }

    /** Rejects a network that the format of the model's file cannot describe, before it is trained in vain. */
    private void open() throws IOException {
        if (!ModelFile.isOwn(out)) { // which describes whatever has a name
            Usage.check(spec, "--out", () -> ModelFile.leavesOut(new SavedModel(setup.model), out));
        }
        setup.open();
    }

    // ---------------------------------------------------------------------------------------------------- resumed

    /** Resumes the training run of a file, whose recorded options were taken over, with the model and the state in it. */
    Integer resume(RunOrigin recorded, SavedModel saved, TrainingState state) throws Exception {
        Path file = recorded.file();
        Recipe recipe = saved.recipe().orElseThrow(() -> new Failure(Exit.BAD_DATA, file + ": the file does not record how its"
                + " model was trained"));
        if (saved.provenance().containsKey("diverged")) {
            throw new Failure(Exit.DIVERGED, file + ": this training diverged, so it cannot be resumed: "
                    + saved.provenance().get("diverged") + ". Begin a new one, with --init for these weights");
        }
        resumed = state;
        resumedFrom = file;
        saved.provenance().forEach((note, value) -> {
            if (KEPT_NOTES.contains(note)) {
                notes.put(note, value);
            }
        });
        if (options.epochs != null && options.epochs != recipe.epochs()) {
            if (recipe.hasScheduleOverAll()) {
                throw new Failure(Exit.USAGE, file + ": its learning rate falls over all of its " + recipe.epochs()
                        + " epochs, so that the training run cannot be resumed for another number. Received: --epochs " + options.epochs
                        + ". Resume it without --epochs, or begin a new training with --epochs " + options.epochs);
            }
            notes.putIfAbsent(RunRecord.FIRST_EPOCHS, Integer.toString(recipe.epochs()));
            recipe = recipe.epochs(options.epochs);
        }
        setup.recipe = recipe;
        setup.model = saved.model();
        int most = Math.max(recipe.epochs(), state.config().integer("epoch"));
        modelPlace.find(other -> recorded.isOf(other) && epochsMade(other) <= most); // else it would be lost
        RunPlaces.require(spec, modelPlace, "this training", folder, options);
        RunPlaces.requireData(options, recorded, file + " was trained on");
        setup.distribution(saved);
        setup.begin();
        setup.read(() -> RunPlaces.requireName(spec, out)); // which loads the classes of all formats
        setup.requireSameData(file, saved, ". Begin a new training, with --init for these weights");
        open();
        int epochs = state.config().integer("epoch");
        int batches = state.config().integer("batch");
        console.err().println("Resuming from " + file + ", after " + Text.count(epochs, "epoch")
                + (batches == 0 ? "" : " and " + batches + (batches == 1 ? " batch" : " batches") + " of the next")
                + (epochs < recipe.epochs() ? "" : ", which are all. To extend the training run, give more --epochs"));
        return train(folder == null ? List.of() : folder.resume(settings(), state.history()));
    }

    /** After how many epochs a model was saved. */
    private static int epochsMade(SavedModel saved) {
        return saved.trainingState().map(state -> state.config().integer("epoch"))
                .orElseGet(() -> Integer.valueOf(saved.provenance().getOrDefault(ModelCheckpoint.EPOCH, "0")));
    }

    // ---------------------------------------------------------------------------------------------------- training

    private int train(List<Callback> loggers) throws Exception {
        List<Callback> deciding = setup.callbacks();
        RecipeTraining training = setup.training;
        report = new TrainReport(console, setup, options);
        FitOptions fitOptions = training.fitOptions().callbacks(callbacks(deciding, loggers).toArray(Callback[]::new))
                .onWarning(warning -> {
                    report.progress.clear();
                    console.err().println("Warning: " + warning);
                });
        fitOptions = resumed == null ? fitOptions : fitOptions.resume(resumed);
        try (Interruption interruption = new Interruption(console, "this batch", lastState::interrupt)) {
            History history;
            Map<String, Double> values = Map.of(); // of the weights that training ended with
            try {
                history = training.fit(fitOptions);
                if (history.outcome().kind() != Outcome.Kind.INTERRUPTED) {
                    values = setup.numbers.atEnd(history.epochs().get(training.keptEpoch(history)).values(),
                            setup.patience == 0 && options.ema != null);
                }
            } catch (DivergedException | TestEvaluation.NotFiniteException e) {
                report.end();
                String where = kept(e);
                conclude(Outcome.Kind.DIVERGED, "Diverged: " + e.getMessage() + ".", OptionalInt.empty(), Map.of());
                throw new Failure(Exit.DIVERGED, e.getMessage() + ". " + where);
            } catch (TrainingState.NotFittingException e) {
                throw new Failure(Exit.BAD_DATA, resumedFrom + ": expected the state of a training run with the options in the file. "
                        + e.getMessage());
            } catch (RuntimeException | Error e) {
                report.end();
                console.err().println(kept(e));
                conclude(Outcome.Kind.FAILED, "Failed: " + FileFailure.message(e) + ".", OptionalInt.empty(), Map.of());
                throw e;
            }
            report.end();
            if (history.outcome().kind() == Outcome.Kind.INTERRUPTED) {
                return interrupted(history);
            }
            finish(history, values);
            if (backup != null && backup.problem().isPresent()) {
                console.err().println("beras: The model is saved, but not what --resume needs: " + backup.problem().get());
                return Exit.FAILED;
            }
            return Exit.DONE;
        }
    }

    private List<Callback> callbacks(List<Callback> deciding, List<Callback> loggers) {
        List<Callback> callbacks = new ArrayList<>(deciding);
        callbacks.add(report);
        callbacks.addAll(loggers);
        if (folder != null && !options.noReport) {
            // after the log that it shows
            callbacks.add(new RunningReport(folder, RunCommands.INSTANCE, setup.data.examples(), System::nanoTime));
        }
        if (folder != null) {
            callbacks.add(new ModelCheckpoint(folder.best().toString()).saveBestOnly(true)
                    .monitor(setup.training.validation().isEmpty() ? "loss" : setup.monitored()).overwrite(true)
                    .parts(saved -> finite(folder.best(), saved)));
            backup = backup().parts(saved -> finite(folder.last(), saved));
            callbacks.add(backup);
        }
        callbacks.add(lastState);
        return callbacks;
    }

    /** The callback that keeps the state of a run. */
    private BackupAndRestore backup() {
        return Usage.check(spec, "--checkpoint-every", () -> {
            BackupAndRestore made = new BackupAndRestore(folder == null ? Path.of("none") : folder.last());
            String every = options.checkpointEvery == null ? "1epoch" : options.checkpointEvery;
            try {
                if (every.endsWith("epoch")) {
                    return made.everyEpochs(Integer.parseInt(every.substring(0, every.length() - "epoch".length()).strip()));
                }
                return every.endsWith("s") ? made.everySeconds(Double.parseDouble(every.substring(0, every.length() - 1)))
                        : made.everyBatches(Integer.parseInt(every));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("it is a number of steps, or of seconds or epochs with s or epoch behind it, such"
                        + " as 50, 30s, 1epoch. Received: \"" + every + "\"", e);
            }
        });
    }

    // ---------------------------------------------------------------------------------------------------- endings

    /** A checkpoint must not replace good weights by weights that cannot be loaded. */
    private SavedModel finite(Path file, SavedModel saved) {
        saved.requireFinite();
        try {
            return withParts(file, saved, setup.data.provenance());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SavedModel withParts(Path file, SavedModel saved, Map<String, String> ofData) throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>(ofData);
        RunOrigin.put(ConfigFile.given(spec), RunPlaces.of(options.place.run, options.place.out), provenance);
        provenance.putAll(notes);
        // BERAS's own files describe by recipe and state how a model is compiled, and need not repeat it.
        return setup.described(ModelFile.isOwn(file) ? saved.uncompiled() : saved, provenance);
    }

    /** Saves the model, under another name if its own was taken meanwhile: training is not lost for a name. */
    private void save() throws IOException {
        Map<String, String> ofData = Map.of();
        try {
            ofData = setup.data.provenance();
        } catch (IOException e) { // the model is worth more than its origin
            console.err().println("The model does not record which data it was trained on, as these cannot be read once more: "
                    + FileFailure.message(e));
        }
        SavedModel saved = setup.fitted(withParts(out, new SavedModel(setup.model), ofData));
        Optional<TrainingState> state = lastState.last().or(() -> Optional.ofNullable(resumed));
        saved = state.isEmpty() ? saved : saved.trainingState(state.get());
        out = modelPlace.save(saved, console.err()::println);
        savedModel = saved;
    }

    private String weights() {
        return setup.training.bestEpoch().isPresent() ? "The weights of epoch " + (setup.training.bestEpoch().getAsInt() + 1)
                + ", the best so far, are"
                : options.ema != null ? "The averaged weights as of then are" : "The model as of then is";
    }

    private int interrupted(History history) {
        Outcome outcome = history.outcome();
        String place = TrainSetup.place(outcome);
        notes.put(RunRecord.INTERRUPTED, place);
        try {
            save();
        } catch (IOException e) {
            throw notSaved("Interrupted at " + place, e);
        }
        console.err().println("Interrupted at " + place + ". " + weights() + " saved in " + out);
        if (lastState.last().isPresent()) {
            console.err().println(toResume(options.place.run == null ? out : options.place.run));
        }
        OptionalInt best = setup.training.bestEpoch();
        conclude(Outcome.Kind.INTERRUPTED, "Interrupted at " + place + ". " + weights() + " kept.",
                best.isPresent() ? OptionalInt.of(best.getAsInt() + 1) : best,
                best.isPresent() ? TestEvaluation.inOrder(history.epochs().get(best.getAsInt()).values()) : Map.of());
        return Exit.INTERRUPTED;
    }

    /** Saves the useful part after a failure, and returns its place. */
    private String kept(Throwable failure) {
        boolean diverged = failure instanceof DivergedException || failure instanceof TestEvaluation.NotFiniteException;
        boolean hasLearnt = setup.model.optimizer().orElseThrow().steps() > 0; // also before training was resumed
        boolean isGood = setup.training.bestEpoch().isPresent() || options.ema != null; // however training ended
        String what = hasLearnt ? "No model is saved" : "No model is saved, as no step was made";
        if (hasLearnt && (isGood || !diverged)) {
            try {
                new SavedModel(setup.model).requireFinite();
                notes.put(diverged ? "diverged" : "failed", diverged ? failure.getMessage() : FileFailure.message(failure));
                save();
                what = weights() + " saved in " + out;
            } catch (IOException | RuntimeException | Error e) { // the failure to report is the one of the training
                what += ": " + e.getMessage();
            }
        }
        return what + lastKept() + (diverged || lastKept().isEmpty() ? "" : ". " + toResume(options.place.run));
    }

    /** Where the state of a run is; empty if there is none. */
    private String lastKept() {
        return folder != null && Files.exists(folder.last()) ? ". What training had kept last is in " + folder.last() : "";
    }

    private String toResume(Path from) {
        boolean isElsewhere = options.place.run != null && !out.equals(folder.model());
        return "To resume it: " + RunPlaces.resume(from) + (isElsewhere ? " --out " + Text.quote(out) : "");
    }

    private Failure notSaved(String how, IOException e) {
        conclude(Outcome.Kind.FAILED, how + ", and the model could not be saved.", OptionalInt.empty(), Map.of());
        return new Failure(Exit.FAILED, how + ", and the model could not be saved: " + FileFailure.message(e)
                + (lastKept().isEmpty() ? "" : lastKept() + ". " + toResume(options.place.run)));
    }

    /** With the cross-entropy of the saved model's answers on the test, as {@code evaluate} reports it: without smoothed targets. */
    private Map<String, Double> ofAnswers(Map<String, Double> values) {
        String name = TestEvaluation.TEST + "loss";
        Optional<Loss> loss = savedModel.lossOfAnswers();
        if (!values.containsKey(name) || loss.isEmpty()) {
            return values;
        }
        Map<String, Double> answered = new LinkedHashMap<>(values);
        Trainer trainer = new Trainer(savedModel.probabilities(), List.of(new Objective(loss.get())));
        answered.put(name, trainer.evaluate(Batches.of(setup.data.test().orElseThrow(),
                Predictor.batchSize(setup.data.inputShape()))).loss());
        return answered;
    }

    /** @param measured of the weights that training ended with */
    private void finish(History history, Map<String, Double> measured) throws IOException {
        report.describeEnding(history);
        try {
            save();
        } catch (IOException e) {
            throw notSaved("Training is done", e);
        }
        Map<String, Double> values = ofAnswers(measured);
        report.printSummary(values, history, out, DataReport.next(setup.source, options, Text.quote(out)));
        conclude(history.outcome().kind(), report.ending(history) + ".",
                OptionalInt.of(setup.training.keptEpoch(history) + 1), values);
    }

    // ---------------------------------------------------------------------------------------------------- report

    /**
     * Records in the folder of the run how training ended, and makes its report. The model is safe by then: a failure here is
     * reported and costs nothing else.
     *
     * @param epoch  of the model's weights, from 1; empty if of none
     * @param values of these weights; none if not measured
     */
    private void conclude(Outcome.Kind kind, String outcome, OptionalInt epoch, Map<String, Double> values) {
        if (folder == null) {
            return;
        }
        long start = System.nanoTime();
        try {
            Optional<SavedModel> saved = Optional.ofNullable(savedModel);
            SavedModel described = saved.isPresent() ? savedModel : withParts(out, new SavedModel(setup.model), setup.data.provenance());
            RunSummary.write(folder, kind, outcome, epoch, values, described, saved.map(model -> out),
                    RunCommands.INSTANCE.repeat(folder, settings(), RunSummary.provenance(described)));
            if (!options.noReport) {
                RunReports.write(folder, RunCommands.INSTANCE, saved,
                        saved.map(model -> DataReport.heldOut(setup.data, setup.set, setup.model)),
                        saved.isPresent() ? List.of() : List.of("No model was kept, so none is judged."));
                console.err().println("The report is in " + folder.report() + ", made in "
                        + Text.time((System.nanoTime() - start) / NANOSECONDS));
            }
        } catch (IOException | RuntimeException | Error e) { // also of a Java that cannot draw
            console.err().println("The report of " + folder + " could not be made, which changes nothing else: "
                    + FileFailure.message(e));
        }
    }
}
