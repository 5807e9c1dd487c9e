package beras.cli.training;

import beras.cli.terminal.Console;
import beras.cli.terminal.Text;
import beras.compute.Compute;
import beras.files.FileFailure;
import beras.models.Model;
import beras.models.RecipeTraining;
import beras.models.TestEvaluation;
import beras.saving.ModelFile;
import beras.training.History;
import beras.training.Logs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints how a training ended that was neither interrupted nor failed. */
final class TrainEnding {

    private static final String VALIDATION_LOSS = TestEvaluation.VALIDATION + "loss";
    /** By which share the validation loss rises above its lowest value when a net overfits. */
    private static final double OVERFITTING = 0.05;

    private final Console console;
    private final String monitor; // what selects the best epoch
    private final RecipeTraining training;
    private final int patience; // of early stopping; 0: none
    private final History history;

    TrainEnding(Console console, String monitor, RecipeTraining training, int patience, History history) {
        this.console = console;
        this.monitor = monitor;
        this.training = training;
        this.patience = patience;
        this.history = history;
    }

    /** Why training ended. */
    String sentence() {
        int made = history.epochs().size();
        boolean early = training.hasStoppedEarly() && made < training.recipe().epochs();
        return early ? whyEnded(made) : made == 1 ? "The one epoch was made" : "All " + made + " epochs were made";
    }

    /** Reports when and why training ended, and which weights are kept, if it was to keep the best. */
    void describe() {
        if (patience == 0) {
            return;
        }
        int made = history.epochs().size();
        if (training.hasStoppedEarly() && made < training.recipe().epochs()) {
            console.err().println(whyEnded(made) + " (--early-stopping)");
        }
        console.err().println("Restored the weights of epoch " + (training.keptEpoch(history) + 1) + " ("
                + (monitor.equals("loss") ? "lowest" : "best") + " validation " + monitor + ")");
    }

    private String whyEnded(int made) {
        return "Stopped after epoch " + made + " of " + training.recipe().epochs() + ": validation " + monitor + " did not"
                + " improve in "
                + Text.count(patience, "epoch");
    }

    /** Reports if the weights that are kept memorize their examples. Reads them again, so call it when all else of the training is safe. */
    void describeOverfitting() {
        List<Logs> epochs = history.epochs();
        if (training.validation().isEmpty() || epochs.isEmpty()) {
            return;
        }
        int best = 0;
        for (int i = 1; i < epochs.size(); i++) {
            best = epochs.get(i).get(VALIDATION_LOSS) < epochs.get(best).get(VALIDATION_LOSS) ? i : best;
        }
        int at = training.keptEpoch(history);
        Logs lowest = epochs.get(best);
        Logs kept = epochs.get(at);
        boolean rose = at > best && kept.get(VALIDATION_LOSS) > lowest.get(VALIDATION_LOSS) * (1 + OVERFITTING);
        try {
            if (rose && kept.get("loss") < lowest.get("loss") && predictsItsOwnBetter()) {
                console.err().println("The weights of epoch " + (at + 1) + " overfit, as those since epoch " + (best + 1)
                        + ": training loss fell from " + Text.decimals(lowest.get("loss"), 4) + " to "
                        + Text.decimals(kept.get("loss"), 4) + ", validation loss rose from "
                        + Text.decimals(lowest.get(VALIDATION_LOSS), 4) + " to " + Text.decimals(kept.get(VALIDATION_LOSS), 4)
                        + ". More examples, fewer units, dropout or --weight-decay help against it");
            }
        } catch (UncheckedIOException e) { // the training is done without this advice
            console.err().println("Whether the net overfits is unknown, as its examples cannot be read again: "
                    + FileFailure.message(e.getCause()));
        }
    }

    /** Whether the net, as it predicts, has a lower loss on the examples that it learned from than on those held out. */
    private boolean predictsItsOwnBetter() {
        return training.trainingLoss() < history.epochs().get(training.keptEpoch(history)).get(VALIDATION_LOSS);
    }

    private static double seconds(List<Logs> epochs) {
        double seconds = 0;
        for (Logs logs : epochs) {
            seconds += logs.seconds();
        }
        return seconds;
    }

    static void printSummary(Console console, Map<String, Double> values, List<Logs> epochs, Model model, long seed, Path out)
            throws IOException {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("epochs", epochs.size());
        summary.putAll(values);
        summary.put("seconds", seconds(epochs));
        long now = System.currentTimeMillis(); // before the management beans are loaded, which takes a while
        summary.put("seconds_since_start", (now - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3);
        summary.put("backend", Compute.describe()); // as it turned out
        summary.put("threads", Compute.threads());
        summary.put("seed", seed);
        summary.put("weights_sha256", ModelFile.weightsSha256(model));
        summary.put("model", out.toString());
        console.printJson(Map.of("summary", summary));
    }

    /**
     * Prints what was reached, and commands that may come next.
     *
     * @param tested on how many examples; empty: there is no test
     */
    void print(Map<String, Double> values, Optional<Integer> tested, Path out, List<String> next) {
        console.out().println(headline(values, tested) + " after " + Text.count(history.epochs().size(), "epoch") + " and "
                + Text.decimals(seconds(history.epochs()), 2) + " s of training. The model is in " + out);
        console.suggest(next);
    }

    /** The number that says most, such as {@code Test accuracy 0.9783}; of a test all, as no epoch shows them. */
    private static String headline(Map<String, Double> values, Optional<Integer> tested) {
        for (String part : new String[] {TestEvaluation.TEST, TestEvaluation.VALIDATION, ""}) {
            for (String name : new String[] {"accuracy", "mae"}) {
                if (values.containsKey(part + name)) {
                    StringBuilder line = new StringBuilder(part.equals(TestEvaluation.TEST) ? "Test "
                            : part.equals(TestEvaluation.VALIDATION) ? "Validation " : "Training ");
                    line.append(name).append(' ').append(Text.decimals(values.get(part + name), 4));
                    if (part.equals(TestEvaluation.TEST) && name.equals("accuracy")) {
                        String range = Text.range(values.get(part + name), tested.orElseThrow());
                        line.append(range.isEmpty() ? "" : " on " + tested.get() + range);
                    }
                    values.forEach((other, value) -> line.append(!other.startsWith(TestEvaluation.TEST) || other.equals(part + name) ? ""
                            : ", " + other.substring(TestEvaluation.TEST.length()).replace('_', ' ') + " " + Text.decimals(value, 4)));
                    return line.toString();
                }
            }
        }
        throw new AssertionError("A training reports an accuracy or an error");
    }
}
