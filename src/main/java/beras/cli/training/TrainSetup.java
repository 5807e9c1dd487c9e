package beras.cli.training;

import beras.cli.options.TableTypes;
import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.config.SettingException;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Range;
import beras.files.FileFailure;
import beras.models.DataSource;
import beras.models.Model;
import beras.models.Models;
import beras.models.RecipeTraining;
import beras.models.TestEvaluation;
import beras.models.TrainingData;
import beras.models.TrainingSet;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.tables.TableTraining;
import beras.training.Callback;
import beras.training.Outcome;
import beras.training.Recipe;
import beras.training.ReduceLROnPlateau;
import beras.training.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The objects that the options of {@code train} describe: the data, the recipe, the network and its training. Everything that
 * affects a bit of the weights is made here, for {@code train} as for {@code verify}; each step needs those before it, and sets
 * the fields that follow.
 */
final class TrainSetup {

    /** Growth of the heap while the data are read, in bytes, from which on a collection saves memory, at some hundredths of a second. */
    private static final long WORTH_COLLECTING = 64 << 20;

    private final Console console;
    private final CommandSpec spec;
    private final TrainOptions options;
    Recipe given;
    DataSource source;
    TrainingData data;
    Recipe recipe; // the given one, completed for the data
    Model model;
    TrainingSet set;
    RecipeTraining training;
    TestEvaluation numbers; // measures the test, and checks that all numbers are finite
    int patience; // of early stopping; 0: none

    TrainSetup(Console console, CommandSpec spec, TrainOptions options) {
        this.console = console;
        this.spec = spec;
        this.options = options;
    }

    // ----------------------------------------------------------------------------------------------------- steps

    /**
     * Takes the distribution of the target that was chosen for a model, so that it is not chosen again; comes before {@link #begin}. A
     * target with values below 0 is always normal, and a given option has priority.
     */
    void distribution(SavedModel chosen) {
        if (options.table.distribution == null && chosen.preprocessor().orElse(null) instanceof TablePreprocessor table
                && table.schema().target() instanceof TableTarget.Regression regression && regression.range() != Range.ALL) {
            options.table.distribution = TableTypes.word(regression.distribution());
        }
    }

    /** Finds the source of the data, and refuses options that make no sense together, or not for these data. */
    void begin() throws IOException {
        given = options.recipe(spec);
        source = Sources.of(spec, options);
        source = source instanceof TableTraining table ? table.recipe(given) : source;
        requireSense();
        source.check(given);
    }

    private void requireSense() {
        boolean endsEarly = patience().orElse(1) > 0;
        for (String option : source.holdsOut() ? List.<String>of() : List.of("--early-stopping", "--monitor", "--reduce-lr")) {
            if (spec.findOption(option).getValue() != null && (endsEarly || !option.equals("--early-stopping"))) {
                throw Usage.invalid(spec, option, "it needs the loss on examples held out. Add --validation-split, such as 0.1");
            }
        }
        TrainOptions.requirePositive("reduceLr", options.reduceLr);
        boolean isChosen = endsEarly || options.reduceLr != null || options.place.run != null && options.crossValidate == null;
        if (options.monitor != null && !isChosen) {
            throw Usage.invalid(spec, "--monitor", "nothing is chosen by it, for training does not end early. Remove it, or"
                    + " add --early-stopping, --reduce-lr or --run");
        }
    }

    /** After how many epochs without improvement training ends, with the best weights; 0: never; empty: as the data suggest. */
    OptionalInt patience() {
        if (options.earlyStopping != null) {
            return OptionalInt.of(SettingException.requireAtLeast("patience", 0, options.earlyStopping));
        }
        if (!source.stopsEarly() || options.ema != null) { // an average of weights takes the place of the best ones
            return OptionalInt.of(0);
        }
        return options.lrSchedule == null ? OptionalInt.empty() : OptionalInt.of(Integer.MAX_VALUE); // it is not cut short
    }

    /** Reads the data, if possible in the background of other work. */
    void read(Runnable meanwhile) throws Exception {
        long before = heapInUse();
        data = DataReport.read(source, options, console, meanwhile);
        if (heapInUse() - before > WORTH_COLLECTING) {
            System.gc(); // the heap shrinks to the data: else a large table takes half as much memory again
        }
    }

    private static long heapInUse() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Makes the network, with the weights of the first model, or else drawn from the seed. */
    void makeNet(Optional<SavedModel> first) {
        try {
            model = Models.of(recipe, data.inputShape());
        } catch (SettingException e) { // of another option than the layers
            throw e;
        } catch (IllegalArgumentException e) {
            throw Usage.invalid(spec, "--layers", e.getMessage());
        }
        requireOutputs();
        data.prepare(model);
        if (first.isPresent()) {
            takeWeights(first.get());
        }
    }

    private void requireOutputs() {
        if (!model.outputShape().equals(data.targetShape())
                && !recipe.makeLoss().targetShape(model.outputShape()).equals(data.targetShape())) {
            throw new Failure(Exit.BAD_DATA, options.data + data.neededOutputs() + ". Received: "
                    + (options.net != null ? "--net " + options.net
                            : "--layers " + (options.layers == null ? TrainOptions.LAYERS : options.layers))
                    + ", whose output is of shape " + model.outputShape());
        }
    }

    private void takeWeights(SavedModel from) {
        List<String> expected = shapes(model);
        List<String> received = shapes(from.model());
        if (!received.equals(expected)) {
            throw new Failure(Exit.BAD_DATA, options.init + ": expected a model with weights of the shapes " + expected + ". Received: "
                    + received + ". Give the --layers of that model");
        }
        for (int i = 0; i < expected.size(); i++) {
            model.weights().get(i).assign(from.model().weights().get(i));
        }
    }

    private static List<String> shapes(Model of) {
        return of.weights().stream().map(weight -> weight.shape().toString()).toList();
    }

    /** Checks reported and monitored metrics, prepares the examples, and compiles the network. */
    void open() throws IOException {
        given.checkMetrics(recipe, data.metrics(), model.outputShape(), data.targetShape());
        Usage.check(spec, "--lr-schedule", () -> recipe.makeOptimizer(data.examples()));
        set = data.open(console.progress());
        training = Usage.check(spec, "--loss", () -> new RecipeTraining(recipe, set, model));
        if (recipe.ensemble() > 1) {
            console.err().println("Training an ensemble of " + recipe.ensemble() + " networks"
                    + (set.holdsOutByNet(recipe.ensemble()) ? ", each of which holds out other rows for validation" : "")
                    + "; predictions are averaged (--ensemble)");
        }
    }

    /** Decides when training ends; returns the callbacks that affect weights and metrics, to which observers are added. */
    List<Callback> callbacks() {
        patience = patience().orElseGet(() -> data.patience(recipe));
        if (patience > 0) {
            training.stopEarly(monitor(), patience);
        }
        numbers = new TestEvaluation(training, data.test(), Predictor.batchSize(data.inputShape()), options.testEveryEpoch);
        List<Callback> deciding = new ArrayList<>();
        if (options.reduceLr != null) {
            deciding.add(new ReduceLROnPlateau(monitored()).patience(options.reduceLr));
        }
        deciding.add(numbers);
        return deciding;
    }

    // ------------------------------------------------------------------------------------------- what a file of it has

    /** The model with its recipe and preprocessor. */
    SavedModel described(SavedModel saved, Map<String, String> provenance) {
        return saved.recipe(recipe).provenance(provenance).preprocessor(data.preprocessor());
    }

    /** With the parts that are fitted to the held-out examples, by the saved weights, after training. */
    SavedModel fitted(SavedModel saved) {
        SavedModel scored = fitted(saved, "intervals or sets", () -> training.validation()
                .flatMap(rows -> data.conformalScores(saved.model(), saved::probabilities, rows)).map(saved::conformalScores));
        return fitted(scored, "temperature", () -> data.calibration(scored.probabilities()).map(fitted -> {
            console.err().println("Probabilities have the " + fitted);
            return scored.calibration(fitted);
        }));
    }

    /** The model is worth more than a part that cannot be fitted, for example to rows that cannot be read once more. */
    private SavedModel fitted(SavedModel saved, String what, Supplier<Optional<SavedModel>> fit) {
        try {
            return fit.get().orElse(saved);
        } catch (RuntimeException e) {
            console.err().println("The model has no " + what + ", as nothing can be fitted to the held-out examples: "
                    + FileFailure.message(e));
            return saved;
        }
    }

    /** Where a training run was interrupted, as the provenance of its model has it. */
    static String place(Outcome outcome) {
        return "epoch " + (outcome.epoch().orElse(0) + 1) + ", batch " + (outcome.batch().orElse(0) + 1);
    }

    /** The data must be the same, and chosen in the same way, or the bits would be others. */
    void requireSameData(Path file, SavedModel before, String cure) throws IOException {
        String difference = data.difference(before.provenance(), before.preprocessor()).orElse(null);
        if (difference != null) {
            throw new Failure(Exit.BAD_DATA, options.data + ": expected the data that " + file + " was trained on, of "
                    + difference + cure);
        }
    }

    /** The number of the validation that selects the best epoch. Accuracy of few pictures is too coarse to wait for. */
    String monitor() {
        return options.monitor != null ? options.monitor
                : options.earlyStopping == null && options.reduceLr == null ? data.monitored() : "loss";
    }

    /** Its name in the logs of an epoch. */
    String monitored() {
        return Training.VALIDATION + monitor();
    }
}
