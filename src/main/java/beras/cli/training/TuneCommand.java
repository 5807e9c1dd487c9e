package beras.cli.training;

import beras.cli.options.BaseCommand;
import beras.cli.options.ConfigFile;
import beras.cli.options.HelpPage;
import beras.cli.options.OptionRules;
import beras.cli.options.TableDataOptions;
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
import beras.tables.TableDefaults;
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
import picocli.CommandLine.Option;

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

    private RunFolder run; // null: none
    private ModelPlace modelPlace;
    private final List<TrialResult> results = new ArrayList<>();
    private volatile boolean interrupted;
    private TableTraining source;
    private PreparedTable prepared;
    private TableRows rows;
    private Tuning tuning;
    private List<TrialSettings> settings;
    private int most; // epochs, of the longest runs
    private List<Integer> rungs;
    private long rungBegan;

    @Override
    public Integer call() throws Exception {
        if (place.resume != null) {
            return resume(place.resume);
        }
        if (place.config != null) {
            ConfigFile.apply(place.config, spec);
        }
        try (RunFolder folder = place.run == null ? null : new RunFolder(place.run)) {
            run = folder;
            return begin();
        }
    }

    private int begin() throws Exception {
        check();
        if (RunPlaces.areReady(run, training())) {
            requireOut();
        }
        load();
        if (run != null) {
            run.create(place.force);
            write(false, place.force);
            writeTrials(place.force, 0, most);
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
            RunPlaces.requireOut(spec, recorded, place.out);
            place.run = from;
            check();
            boolean isMade = modelPlace.find(recorded::isOf).isPresent();
            if (state.finished() && isMade) {
                console.err().println("This tuning is finished. All its trials are in " + run.trials() + ", its model is in "
                        + modelPlace.path());
                return Exit.DONE;
            }
            requireOut();
            RunPlaces.requireData(training(), recorded, run + " was begun with");
            results.addAll(state.results());
            load();
            String difference = prepared.difference(state.data(), Optional.empty()).orElse(null);
            if (difference != null) { // or the result would be another
                throw new Failure(Exit.BAD_DATA, data + ": expected the data that " + run + " was begun with, of " + difference
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
        if (data == null) {
            throw Usage.invalid(spec, "--data", "a table is needed, such as --data houses.csv. Received: none");
        }
        modelPlace = new ModelPlace(place.out(), place.force);
        source = Sources.table(spec, training()).recipe(given());
        tuning = OptionRules.set(spec, Tuning.of(source)).space(OptionRules.set(spec, new SearchSpace())).listener(this);
        if (!source.holdsOut()) {
            throw Usage.invalid(spec, "--validation-split", "the trials are compared on rows held out, so it must be above 0."
                    + " Received: " + validationSplit);
        }
    }

    private void load() throws Exception {
        prepared = (PreparedTable) DataReport.read(source, training(), console, () -> { });
        tuning = tuning.threads(Compute.threads()).resume(results);
        Recipe defaults = prepared.complete(given());
        given().checkMetrics(defaults, prepared.metrics(), prepared.targetShape(), prepared.targetShape());
        most = defaults.epochs();
        rungs = tuning.rungs(most);
        settings = tuning.settings(prepared.schema());
        rows = prepared.open(console.progress());
        try {
            tuning.check(prepared, rows);
        } catch (InvalidDataException e) {
            throw new Failure(Exit.USAGE, e.getMessage());
        }
    }

    // -------------------------------------------------------------------------------------------- before long work

    private void requireOut() throws IOException {
        RunPlaces.require(spec, modelPlace, "this tuning", run, training());
        RunPlaces.requireName(spec, modelPlace.path());
    }

    /** The options of the data, for {@code train}. */
    private TrainOptions training() {
        TrainOptions options = new TrainOptions();
        options.data = data;
        options.table = table;
        options.place = place;
        options.validationSplit = validationSplit;
        return options;
    }

    /** The given settings of the recipe, except those that the trials choose. */
    private Recipe given() {
        TrainOptions.requirePositive("epochs", epochs);
        return OptionRules.set(spec, new Recipe());
    }

    // ------------------------------------------------------------------------------------------------------ searching

    private int search() throws Exception {
        console.err().println("Each of " + Text.count(settings.size(), "trial") + " makes " + Text.count(rungs.get(0), "epoch")
                + (rungs.size() == 1 ? "" : "; of these, one in " + factor + " continues to "
                    + String.join(", ", rungs.stream().skip(1).map(String::valueOf).toList())
                    + ", and trial 0, the defaults, always"));
        rungBegan = System.nanoTime();
        try (Interruption interruption = new Interruption(console, "these batches", () -> interrupted = true)) {
            TuningResult found = tuning.run(prepared, rows);
            int best = found.trials().isEmpty() ? 0 : found.trials().get(0).number();
            writeTrials(true, best, found.finished() ? found.trials().get(0).last().epochs() : most);
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
                + (diverged == ranked.size() ? "" : "best validation " + monitor + " " + value(best) + " in trial "
                    + best.number() + (diverged == 0 ? "" : ", "))
                + (diverged == 0 ? "" : diverged + " diverged") + ", "
                + Text.time((System.nanoTime() - rungBegan) / 1e9));
        rungBegan = System.nanoTime();
        try {
            writeTrials(true, best.number(), most);
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
            new TuneState(said, RunPlaces.of(place.run, place.out), prepared.provenance(), finished, results)
                    .write(run.state(), overwrite);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes all trials, and the options with which {@code train} trains the network of the best one for so many epochs. */
    private void writeTrials(boolean overwrite, int best, int made) throws IOException {
        if (run != null) {
            TuneState.writeTrials(run.trials(), settings, rungs, Training.VALIDATION + monitor, results, overwrite);
            Json.write(run.config(), overwrite, config(best, made));
        }
    }

    private Map<String, Object> config(int trial, int made) {
        TrialSettings chosen = settings.get(trial);
        Map<String, Object> config = ConfigFile.given(spec);
        config.keySet().removeAll(OF_THE_SEARCH);
        if (prepared.schema().target() instanceof TableTarget.Regression regression) {
            config.put("distribution", TableTypes.word(regression.distribution()));
        }
        config.put("layers", chosen.net(prepared.schema().target()));
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
                + Text.command("tune --resume " + Text.quote(place.run) + (place.out == null ? ""
                        : " --out " + Text.quote(place.out))));
        return Exit.INTERRUPTED;
    }

    private void print(TuningResult found, Path out) throws IOException {
        Result result = new Result().section("", "r", "  r").row("trial", "learning rate", "layers", "dropout", "weight decay", "batch",
                "epochs", "best epoch", "val " + monitor);
        for (Trial trial : found.trials().subList(0, Math.min(SHOWN_TRIALS, found.trials().size()))) {
            TrialSettings of = trial.settings();
            result.row("" + trial.number(), "" + of.learningRate(), Text.cut(of.layers(), WIDEST_NET), "" + of.dropout(),
                    "" + of.weightDecay(), "" + of.batchSize(), "" + trial.last().epochs(),
                    trial.last().diverged() ? "" : "" + (trial.last().bestEpoch() + 1), value(trial));
        }
        result.print(console, false);
        Trial best = found.trials().get(0);
        Trial defaults = found.trials().stream().filter(trial -> trial.number() == 0).findFirst().orElseThrow();
        console.out().println("Validation " + monitor + " " + value(best) + " in trial " + best.number()
                + (best.number() == 0 ? ", the defaults" : ", and " + value(defaults) + " with the defaults (trial 0)")
                + ". The model is in " + out);
        console.out().println("This score is optimistic: the validation rows chose the best of " + Text.count(found.trials().size(), "trial")
                + ". Evaluate the model on other rows");
        if (run != null) {
            console.out().println("All trials are in " + run.trials() + ", the best settings in " + run.config());
        }
        String model = " " + Text.quote(out);
        String file = table.file.said();
        console.suggest(List.of("evaluate" + model + " --data OTHER-ROWS" + file,
                "predict" + model + " --data " + Text.quote(data) + file + " --out predictions.csv"));
    }

    private static String value(Trial trial) {
        return trial.last().diverged() ? "diverged" : Text.decimals(trial.last().value(), 4);
    }
}
