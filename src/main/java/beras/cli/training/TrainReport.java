package beras.cli.training;

import beras.cli.models.GenerateCommand;
import beras.cli.terminal.Console;
import beras.cli.terminal.ProgressLine;
import beras.cli.terminal.Text;
import beras.compute.Compute;
import beras.data.text.TextPreprocessor;
import beras.data.text.Vocabulary;
import beras.feed.Examples;
import beras.models.Sampling;
import beras.models.TestEvaluation;
import beras.runs.Json;
import beras.saving.ModelFile;
import beras.training.Callback;
import beras.training.History;
import beras.training.Logs;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Shows how training goes, and how it ended if it was neither interrupted nor failed. */
final class TrainReport implements Callback {

    private static final Sampling SAMPLING = new Sampling(GenerateCommand.TEMPERATURE, 0, 1, 1);

    private final Console console;
    private final TrainSetup setup;
    private final boolean json;
    private final ProgressLine progress; // null: none is shown
    private Training training;
    private int epoch;

    /** @param setup the training run that is about to begin */
    TrainReport(Console console, TrainSetup setup, boolean json) {
        this.console = console;
        this.setup = setup;
        this.json = json;
        this.progress = console.progress();
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public boolean wantsBatches() {
        return progress != null;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
    }

    @Override
    public void onEpochBegin(int newEpoch, int batches) {
        epoch = newEpoch;
        if (progress != null) {
            progress.begin(title(), setup.data.examples(), training.epochs() - epoch - 1);
        }
    }

    private String title() {
        return "Epoch " + (epoch + 1) + "/" + training.epochs();
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        progress.step((batch + 1L) * setup.recipe.batchSize(), logs);
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        if (progress != null) {
            progress.clear();
        }
        Map<String, Double> all = TestEvaluation.inOrder(logs.values());
        if (json) {
            printJson(all, logs.seconds());
        } else {
            printText(all, logs.seconds());
        }
        if (setup.options.sample != null && setup.data.preprocessor() instanceof TextPreprocessor text) {
            int[] line = text.vocabulary().encode("\n");
            GenerateCommand.write(setup.model, text.vocabulary(), line.length == 0 ? new int[] {Vocabulary.UNKNOWN} : line, setup.options.sample, SAMPLING, console.err());
        }
    }

    /** In mid-epoch: what is printed next must find a clear line. */
    void clearProgress() {
        if (progress != null) {
            progress.clear();
        }
    }

    private void printJson(Map<String, Double> numbers, double seconds) {
        Map<String, Object> fields = Json.object("epoch", epoch + 1);
        fields.putAll(numbers);
        fields.put("seconds", seconds);
        fields.put("examples_per_second", setup.data.examples() / seconds);
        try {
            console.printJson(fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void printText(Map<String, Double> numbers, double seconds) {
        StringBuilder line = new StringBuilder(title()).append(": ");
        numbers.forEach((name, value) -> line.append(name.replace('_', ' ')).append(' ').append(Text.decimals(value, 4))
                .append(", "));
        line.append(Text.decimals(seconds, 2)).append(" s, ").append(Math.round(setup.data.examples() / seconds))
                .append(" examples/s");
        console.out().println(line);
    }

    // --------------------------------------------------------------------------------------------------- the ending

    /** Why training ended. */
    String ending(History history) {
        int made = history.epochs().size();
        boolean early = setup.training.hasStoppedEarly() && made < setup.recipe.epochs();
        return early ? "Stopped after epoch " + made + " of " + setup.recipe.epochs() + ": validation " + setup.monitor()
                + " did not improve in " + Text.count(setup.patience, "epoch")
                : made == 1 ? "The one epoch was made" : "All " + made + " epochs were made";
    }

    /** Reports when and why training ended, and which weights are kept, if it was to keep the best. */
    void describeEnding(History history) {
        if (setup.patience > 0) {
            String ending = ending(history);
            if (ending.startsWith("Stopped")) {
                console.err().println(ending + " (--early-stopping)");
            }
            console.err().println("Restored the weights of epoch " + (setup.training.keptEpoch(history) + 1) + " ("
                    + (setup.monitor().equals("loss") ? "lowest" : "best") + " validation " + setup.monitor() + ")");
        }
    }

    /** Prints what was reached, and commands that may come next. */
    void printSummary(Map<String, Double> values, History history, Path out, List<String> next) throws IOException {
        double seconds = history.epochs().stream().mapToDouble(Logs::seconds).sum();
        if (!json) {
            console.out().println(headline(values) + " after " + Text.count(history.epochs().size(), "epoch") + " and "
                    + Text.decimals(seconds, 2) + " s of training. The model is in " + out);
            console.suggest(next);
            return;
        }
        Map<String, Object> summary = Json.object("epochs", history.epochs().size());
        summary.putAll(values);
        summary.put("seconds", seconds);
        long now = System.currentTimeMillis(); // before the management beans are loaded, which takes a while
        summary.put("seconds_since_start", (now - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3);
        summary.put("backend", Compute.describe()); // as it turned out
        summary.put("threads", Compute.threads());
        summary.put("seed", setup.recipe.seed());
        summary.put("weights_sha256", ModelFile.weightsSha256(setup.model));
        summary.put("model", out.toString());
        console.printJson(Map.of("summary", summary));
    }

    /** The number that says most, such as {@code Test accuracy 0.9783}; of a test all, as no epoch shows them. */
    private String headline(Map<String, Double> values) {
        for (String part : new String[] {TestEvaluation.TEST, Training.VALIDATION, ""}) {
            for (String name : new String[] {"accuracy", "mae", "perplexity"}) {
                if (values.containsKey(part + name)) {
                    StringBuilder line = new StringBuilder(part.equals(TestEvaluation.TEST) ? "Test "
                            : part.equals(Training.VALIDATION) ? "Validation " : "Training ");
                    line.append(name).append(' ').append(Text.decimals(values.get(part + name), 4));
                    if (part.equals(TestEvaluation.TEST) && name.equals("accuracy")) {
                        int tested = setup.data.test().map(Examples::count).orElseThrow();
                        String range = Text.range(values.get(part + name), tested);
                        line.append(range.isEmpty() ? "" : " on " + tested + range);
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
