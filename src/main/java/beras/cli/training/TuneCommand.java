package beras.cli.training;

import beras.cli.options.BaseCommand;
import beras.cli.options.ConfigFile;
import beras.cli.options.OptionRules;
import beras.cli.options.TableTypes;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Interruption;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.compute.Compute;
import beras.config.InvalidDataException;
import beras.data.DataException;
import beras.data.table.TableTarget;
import beras.runs.Json;
import beras.runs.ModelPlace;
import beras.runs.RunFolder;
import beras.runs.RunOrigin;
import beras.runs.TuneState;
import beras.tables.PreparedTable;
import beras.tables.SearchSpace;
import beras.tables.TableModel;
import beras.tables.TableRows;
import beras.tables.TableTraining;
import beras.tables.Trial;
import beras.tables.TrialResult;
import beras.tables.TrialSettings;
import beras.tables.Tuning;
import beras.tables.TuningListener;
import beras.tables.TuningResult;
import beras.training.Recipe;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tune}: finds settings that suit a table. */
@Command(name = "tune", header = "Searches for settings that suit a table.", showDefaultValues = true, sortOptions = false,
        description = {"Searches for a learning rate, layers, dropout, weight decay and batch size that suit a table, and saves"
                + " the best network.",
            "All trials are trained for a few epochs; the best third continues for three times as many, and so on. Trial 0 has the"
                + " defaults of train and always continues, so the best network is not worse on the validation rows. The same options"
                + " and seed give the same result with any number of threads."},
        footer = {"", "Examples:",
            "  beras tune --data houses.csv --target price --run runs/tuning",
            "  beras tune --data houses.csv --target price --out best.beras \\",
            "      --trials 81 --learning-rate 1e-4..1e-2 --layers '64:relu,32:relu|128:relu' --dropout 0,0.2",
            "  beras tune --resume runs/tuning",
            "  beras train --config runs/tuning/config.json --seed 2",
            "", "Ctrl-C ends the search after the current batches; --resume continues."})
public final class TuneCommand extends BaseCommand implements TuningListener {

    /** Options that may be combined with --resume. */
    private static final Set<String> WITH_RESUME = Set.of("resume", "threads", "help", "data", "validation-data", "out", "force");
    private static final int SHOWN_TRIALS = 10;
    private static final int WIDEST_NET = 40;
    /** Options of the search, which {@code train} does not have. */
    private static final Set<String> OF_THE_SEARCH = Set.of("trials", "factor", "least-epochs", "epochs", "learning-rate",
            "layers", "dropout", "weight-decay", "batch-size");

    @Mixin
    private final TuneOptions options = new TuneOptions();

    private RunFolder run; // null: none
    private ModelPlace modelPlace;
    private final List<TrialResult> results = new ArrayList<>();
    private volatile boolean interrupted;
    private TableTraining source;
    private PreparedTable table;
    private TableRows rows;
    private Tuning tuning;
    private List<TrialSettings> settings;
    private int epochs; // of the longest runs
    private List<Integer> rungs;
    private long rungBegan;

    @Override
    public Integer call() throws Exception {
        if (options.place.resume != null) {
            return resume(options.place.resume);
        }
        if (options.place.config != null) {
            ConfigFile.apply(options.place.config, spec);
        }
        try (RunFolder folder = options.place.run == null ? null : new RunFolder(options.place.run)) {
            run = folder;
            return begin();
        }
    }

    private int begin() throws Exception {
        check();
        if (RunPlaces.areReady(run, options.training())) {
            requireOut();
        }
        load();
        if (run != null) {
            run.create(options.place.force);
            write(false, options.place.force);
            writeTrials(options.place.force, 0, epochs);
        }
        return search();
    }

    /** Takes over the options of a tuning from its folder. */
    private int resume(Path from) throws Exception {
        Usage.requireOnly(spec, WITH_RESUME, "a tuning");
        try (RunFolder folder = new RunFolder(from)) {
            run = folder;
            if (!Files.exists(run.state())) {
                throw new Failure(Exit.BAD_DATA, from + ": there is nothing to resume from: it has no " + run.state().getFileName()
                        + ", so it is no folder of tune --run. Check the name");
            }
            run.open(); // before its state is read, which another process might be writing
            TuneState state = read(run.state());
            RunOrigin recorded = RunOrigin.of(run.state(), state.options(), state.places(), state.data());
            ConfigFile.apply(recorded, spec);
            RunPlaces.requireOut(spec, recorded, options.place.out);
            options.place.run = from;
            check();
            boolean isMade = modelPlace.find(recorded::isOf).isPresent();
            if (state.finished() && isMade) {
                console.err().println("This tuning is finished. All its trials are in " + run.trials() + ", its model is in "
                        + modelPlace.path());
                return Exit.DONE;
            }
            requireOut();
            RunPlaces.requireData(options.training(), recorded, run + " was begun with");
            results.addAll(state.results());
            load();
            String difference = table.difference(state.data(), Optional.empty()).orElse(null);
            if (difference != null) { // or the result would be another
                throw new Failure(Exit.BAD_DATA, options.data + ": expected the data that " + run + " was begun with, of " + difference
                        + ". Begin a new tuning");
            }
            if (!results.isEmpty()) {
                console.err().println("Resuming " + run + ", after " + Text.count(results.size(), "training"));
            }
            return search();
        }
    }

    private static TuneState read(Path state) throws IOException {
        try {
            return TuneState.read(state);
        } catch (DataException e) {
            throw new Failure(Exit.BAD_DATA, e.getMessage() + ". Begin the tuning again, with --force");
        }
    }

    private void check() throws IOException {
        if (options.data == null) {
            throw Usage.invalid(spec, "--data", "a table is needed, such as --data houses.csv. Received: none");
        }
        modelPlace = new ModelPlace(options.place.out(), options.place.force);
        source = Sources.table(spec, options.training()).recipe(given());
        tuning = OptionRules.set(spec, Tuning.of(source)).space(OptionRules.set(spec, new SearchSpace())).listener(this);
        if (!source.holdsOut()) {
            throw Usage.invalid(spec, "--validation-split", "the trials are compared on rows held out, so it must be above 0."
                    + " Received: " + options.validationSplit);
        }
    }

    private void load() throws Exception {
        DataReport.Reading reading = new DataReport.Reading(source);
        console.start(options.place.threads);
        table = (PreparedTable) reading.get(console, options.training());
        tuning = tuning.threads(Compute.threads()).resume(results);
        Recipe defaults = table.complete(given());
        given().checkMetrics(defaults, table.metrics(), table.targetShape(), table.targetShape());
        epochs = defaults.epochs();
        rungs = tuning.rungs(epochs);
        settings = tuning.settings(table.schema());
        rows = table.open(console.progress());
        try {
            tuning.check(table, rows);
        } catch (InvalidDataException e) {
            throw new Failure(Exit.USAGE, e.getMessage());
        }
    }

    // -------------------------------------------------------------------------------------------- before long work

    private void requireOut() throws IOException {
        RunPlaces.require(spec, modelPlace, "this tuning", run, options.training());
        RunPlaces.requireName(spec, modelPlace.path());
    }

    /** The given settings of the recipe, except those that the trials choose. */
    private Recipe given() {
        TrainOptions.requirePositive("epochs", options.epochs);
        return OptionRules.set(spec, new Recipe());
    }

    // ------------------------------------------------------------------------------------------------------ searching

    private int search() throws Exception {
        console.err().println("Each of " + Text.count(settings.size(), "trial") + " makes " + Text.count(rungs.get(0), "epoch")
                + (rungs.size() == 1 ? "" : "; of these, one in " + options.factor + " continues to "
                    + String.join(", ", rungs.stream().skip(1).map(String::valueOf).toList())
                    + ", and trial 0, the defaults, always"));
        rungBegan = System.nanoTime();
        try (Interruption interruption = new Interruption(console, "these batches", () -> interrupted = true)) {
            TuningResult found = tuning.run(table, rows);
            int best = found.trials().isEmpty() ? 0 : found.trials().get(0).number();
            writeTrials(true, best, found.finished() ? found.trials().get(0).last().epochs() : epochs);
            if (!found.finished()) {
                return interrupted(found);
            }
            if (found.model().isEmpty()) {
                throw new Failure(Exit.DIVERGED, "All trials diverged, so there is no model. Try a smaller --learning-rate, and"
                        + " look for extreme values in the data");
            }
            Path out = save(found.model().get());
            write(true, true);
            print(found, out);
            return Exit.DONE;
        }
    }

    @Override
    public boolean interrupted() {
        return interrupted;
    }

    @Override
    public void onResult(TrialResult result) {
        results.add(result);
        write(false, true);
    }

    @Override
    public void onRung(int made, List<Trial> ranked) {
        long diverged = ranked.stream().filter(trial -> trial.last().diverged()).count();
        Trial best = ranked.get(0);
        console.out().println(Text.count(ranked.size(), "trial") + " after " + Text.count(made, "epoch") + ": "
                + (diverged == ranked.size() ? "" : "best validation " + options.monitor + " " + value(best) + " in trial "
                    + best.number() + (diverged == 0 ? "" : ", "))
                + (diverged == 0 ? "" : diverged + " diverged") + ", "
                + Text.time((System.nanoTime() - rungBegan) / 1e9));
        rungBegan = System.nanoTime();
        try {
            writeTrials(true, best.number(), epochs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---------------------------------------------------------------------------------------------------- what is kept

    private void write(boolean finished, boolean overwrite) {
        if (run == null) {
            return;
        }
        try {
            Map<String, String> said = new LinkedHashMap<>();
            ConfigFile.given(spec).forEach((name, value) -> said.put(name, value.toString()));
            new TuneState(said, RunPlaces.of(options.place.run, options.place.out), table.provenance(), finished, results)
                    .write(run.state(), overwrite);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes all trials, and the options with which {@code train} trains the network of the best one for so many epochs. */
    private void writeTrials(boolean overwrite, int best, int made) throws IOException {
        if (run != null) {
            TuneState.writeTrials(run.trials(), settings, rungs, Training.VALIDATION + options.monitor, results, overwrite);
            Json.write(run.config(), overwrite, config(best, made));
        }
    }

    private Map<String, Object> config(int trial, int made) {
        TrialSettings chosen = settings.get(trial);
        Map<String, Object> config = ConfigFile.given(spec);
        config.keySet().removeAll(OF_THE_SEARCH);
        if (table.schema().target() instanceof TableTarget.Regression regression) {
            config.put("distribution", TableTypes.word(regression.distribution()));
        }
        config.put("layers", chosen.net(table.schema().target()));
        config.put("learning-rate", chosen.learningRate());
        config.put("weight-decay", chosen.weightDecay());
        config.put("batch-size", chosen.batchSize());
        config.put("epochs", made);
        return config;
    }

    private Path save(TableModel model) throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>(model.saved().provenance());
        RunOrigin.put(ConfigFile.given(spec), Map.of(), provenance); // by which a resumed search recognises it
        return modelPlace.save(model.saved().provenance(provenance), console.err()::println);
    }

    // --------------------------------------------------------------------------------------------------------- endings

    private int interrupted(TuningResult found) throws IOException {
        String kept = "no model is saved";
        if (found.model().isPresent()) {
            kept = "the best model so far, of trial " + found.trials().get(0).number() + ", is saved in "
                    + save(found.model().get());
        }
        write(false, true);
        console.err().println("Interrupted: " + kept);
        console.err().println(run == null ? "Without --run it cannot be resumed" : "To resume it: "
                + Text.command("tune --resume " + Text.quote(options.place.run) + (options.place.out == null ? ""
                        : " --out " + Text.quote(options.place.out))));
        return Exit.INTERRUPTED;
    }

    private void print(TuningResult found, Path out) throws IOException {
        Result result = new Result().section("", "r", "  r").row("trial", "learning rate", "layers", "dropout", "weight decay", "batch",
                "epochs", "best epoch", "val " + options.monitor);
        for (Trial trial : found.trials().subList(0, Math.min(SHOWN_TRIALS, found.trials().size()))) {
            TrialSettings of = trial.settings();
            result.row("" + trial.number(), "" + of.learningRate(), Text.cut(of.layers(), WIDEST_NET), "" + of.dropout(),
                    "" + of.weightDecay(), "" + of.batchSize(), "" + trial.last().epochs(),
                    trial.last().diverged() ? "" : "" + (trial.last().bestEpoch() + 1), value(trial));
        }
        result.print(console, false);
        Trial best = found.trials().get(0);
        Trial defaults = found.trials().stream().filter(trial -> trial.number() == 0).findFirst().orElseThrow();
        console.out().println("Validation " + options.monitor + " " + value(best) + " in trial " + best.number()
                + (best.number() == 0 ? ", the defaults" : ", and " + value(defaults) + " with the defaults (trial 0)")
                + ". The model is in " + out);
        console.out().println("This score is optimistic: the validation rows chose the best of " + Text.count(found.trials().size(), "trial")
                + ". Evaluate the model on other rows");
        if (run != null) {
            console.out().println("All trials are in " + run.trials() + ", the best settings in " + run.config());
        }
        String model = " " + Text.quote(out);
        String file = options.table.file.said();
        console.suggest(List.of("evaluate" + model + " --data OTHER-ROWS" + file,
                "predict" + model + " --data " + Text.quote(options.data) + file + " --out predictions.csv"));
    }

    private static String value(Trial trial) {
        return trial.last().diverged() ? "diverged" : Text.decimals(trial.last().value(), 4);
    }
}
