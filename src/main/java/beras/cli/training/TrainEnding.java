package beras.cli.training;

import beras.cli.terminal.Console;
import beras.cli.terminal.Text;
import beras.compute.Compute;
import beras.models.Model;
import beras.models.RecipeTraining;
import beras.models.TestEvaluation;
import beras.saving.ModelFile;
import beras.training.History;
import beras.training.Logs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints how a training ended that was neither interrupted nor failed. */
final class TrainEnding {

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
        return early ? "Stopped after epoch " + made + " of " + training.recipe().epochs() + ": validation " + monitor
                + " did not improve in " + Text.count(patience, "epoch")
                : made == 1 ? "The one epoch was made" : "All " + made + " epochs were made";
    }

    /** Reports when and why training ended, and which weights are kept, if it was to keep the best. */
    void describe() {
        if (patience > 0) {
            String sentence = sentence();
            if (sentence.startsWith("Stopped")) {
                console.err().println(sentence + " (--early-stopping)");
            }
            console.err().println("Restored the weights of epoch " + (training.keptEpoch(history) + 1) + " ("
                    + (monitor.equals("loss") ? "lowest" : "best") + " validation " + monitor + ")");
        }
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
