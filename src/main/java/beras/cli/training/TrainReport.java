package beras.cli.training;

import beras.cli.models.GenerateCommand;
import beras.cli.terminal.Console;
import beras.cli.terminal.ProgressLine;
import beras.cli.terminal.Style;
import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import beras.compute.Compute;
import beras.data.text.TextPreprocessor;
import beras.data.text.Vocabulary;
import beras.feed.Batches;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows how training goes, and how it ended if it was neither interrupted nor failed. */
final class TrainReport implements Callback {

    /** So many are shown of the epochs, about, on a terminal. */
    private static final int ROWS = 10;
    private static final int DECIMALS = 4;
    private static final int LEAST_WIDTH = 6;
    private static final String BEST = "  best";

    private final Console console;
    private final TrainSetup setup;
    private final TrainOptions options;
    final ProgressLine progress; // to clear before other output
    private String[] columns; // of the table of epochs; null: nothing of it is printed yet
    private Logs last = new Logs(Map.of(), 0); // epoch that was made
    private boolean isLastShown = true;
    private Training training;
    private int epoch;

    /** @param setup the training run that is about to begin */
    TrainReport(Console console, TrainSetup setup, TrainOptions options) {
        this.console = console;
        this.setup = setup;
        this.options = options;
        this.progress = console.progress();
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public boolean wantsBatches() {
        return console.terminal().rewrites();
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
    }

    @Override
    public void onEpochBegin(int newEpoch, int batches) {
        epoch = newEpoch;
        progress.begin("Epoch " + place(epoch), setup.data.examples(), training.epochs() - epoch - 1);
    }

    private String place(int number) {
        return number + 1 + "/" + training.epochs();
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        progress.step((batch + 1L) * setup.recipe.batchSize(), logs);
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        progress.clear();
        if (options.json) {
            printJson(TestEvaluation.inOrder(logs.values()), logs.seconds());
        } else {
            int every = options.logEvery != null ? options.logEvery
                    : console.terminal().showsProgress() ? (training.epochs() + ROWS - 1) / ROWS : 1;
            last = logs;
            isLastShown = columns == null || (epoch + 1) % every == 0;
            if (isLastShown) {
                console.out().println(row(epoch, logs));
            }
        }
        if (options.sample != null && setup.data.preprocessor() instanceof TextPreprocessor text) {
            int[] line = text.vocabulary().encode("\n");
            GenerateCommand.write(setup.model, text.vocabulary(), line.length == 0 ? new int[] {Vocabulary.UNKNOWN} : line, options.sample,
                    Sampling.OF_TEXTS, console.err());
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

    /** The row of an epoch; the first one prints the header. */
    private String row(int number, Logs logs) {
        Map<String, Double> numbers = TestEvaluation.inOrder(logs.values());
        if (columns == null) {
            List<String> names = new ArrayList<>(List.of("epoch"));
            numbers.keySet().forEach(name -> names.add(name.replace('_', ' ')));
            names.add("time");
            columns = new String[names.size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = i == 0 ? "l" + Math.max(place(training.epochs() - 1).length(), names.get(0).length())
                        : "  r" + Math.max(LEAST_WIDTH, names.get(i).length());
            }
            console.print(Style.HEADING, aligned(names));
        }
        List<String> cells = new ArrayList<>(List.of(place(number)));
        int digits = (int) Math.ceil(Math.log10(setup.data.examples())); // that a share of so many has
        numbers.forEach((name, value) -> cells.add(Text.decimals(value, name.endsWith("accuracy")
                ? Math.max(2, Math.min(DECIMALS, digits)) : Text.decimalsOf(Math.max(1, Math.abs(value)), DECIMALS + 1))));
        cells.add(Text.time(logs.seconds()));
        return aligned(cells);
    }

    private String aligned(List<String> cells) {
        return new TextTable(columns).add(cells).lines(console.terminal().width() - BEST.length()).get(0);
    }

    /** Training has ended: prints the row of its last epoch, if it is not there. */
    void end() {
        progress.clear();
        if (!isLastShown) {
            console.out().println(row(epoch, last));
            isLastShown = true;
        }
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
            int kept = setup.training.keptEpoch(history);
            if (!options.json && history.epochs().size() > 1) {
                console.print(Style.BEST, row(kept, history.epochs().get(kept)) + BEST);
            }
            String ending = ending(history);
            if (ending.startsWith("Stopped")) {
                console.err().println(ending + " (--early-stopping)");
            }
            console.err().println("Restored the weights of epoch " + (kept + 1) + " ("
                    + (setup.monitor().equals("loss") ? "lowest" : "best") + " validation " + setup.monitor() + ")");
        }
    }

    /** Prints the results, and commands that may come next. */
    void printSummary(Map<String, Double> values, History history, Path out, List<String> next) throws IOException {
        double seconds = history.epochs().stream().mapToDouble(Logs::seconds).sum();
        if (!options.json) {
            console.out().println(headline(values) + " after " + Text.count(history.epochs().size(), "epoch") + " and "
                    + Text.time(seconds) + " of training. The model is in " + out);
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

    /** The main metric, such as {@code Test accuracy 0.9783}; all metrics of a test, as no epoch shows them. */
    private String headline(Map<String, Double> values) {
        for (String part : new String[] {TestEvaluation.TEST, Training.VALIDATION, ""}) {
            for (String name : new String[] {"accuracy", "mae", "perplexity"}) {
                if (values.containsKey(part + name)) {
                    StringBuilder line = new StringBuilder(part.equals(TestEvaluation.TEST) ? "Test "
                            : part.equals(Training.VALIDATION) ? "Validation " : "Training ");
                    line.append(name).append(' ').append(Text.decimals(values.get(part + name), 4));
                    Optional<Batches> measured = part.equals(TestEvaluation.TEST)
                            ? setup.data.test().map(test -> Batches.of(test, setup.recipe.batchSize()))
                            : part.isEmpty() || setup.set.isWeighted() ? Optional.empty() : setup.training.validation();
                    measured.flatMap(examples -> Baseline.of(setup.data, examples))
                            .ifPresent(baseline -> line.append(baseline.beside(name, values.get(part + name))));
                    values.forEach((other, value) -> line.append(!other.startsWith(TestEvaluation.TEST) || other.equals(part + name) ? ""
                            : ", " + other.substring(TestEvaluation.TEST.length()).replace('_', ' ') + " " + Text.decimals(value, 4)));
                    return line.toString();
                }
            }
        }
        throw new AssertionError("A training run reports an accuracy or an error");
    }
}
