package beras.cli.training;

import beras.cli.terminal.Console;
import beras.cli.terminal.ProgressLine;
import beras.cli.terminal.Terminal;
import beras.cli.terminal.Text;
import beras.models.TestEvaluation;
import beras.models.TrainingData;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows how training goes. */
final class TrainReport implements Callback {

    private final Console console;
    private final TrainingData data;
    private final boolean json;
    private final int batchSize;
    private final ProgressLine progress; // null: none is shown
    private Training training;
    private int epoch;

    TrainReport(Console console, TrainingData data, boolean json, int batchSize) {
        this.console = console;
        this.data = data;
        this.json = json;
        this.batchSize = batchSize;
        this.progress = console.live() ? new ProgressLine(console.err(), Terminal.ofProcess()) : null;
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
            progress.begin(title(), data.examples(), training.epochs() - epoch - 1);
        }
    }

    private String title() {
        return "Epoch " + (epoch + 1) + "/" + training.epochs();
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        progress.step((batch + 1L) * batchSize, logs);
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        if (progress != null) {
            progress.end(logs.get("loss"));
        }
        Map<String, Double> all = TestEvaluation.inOrder(logs.values());
        if (json) {
            printJson(all, logs.seconds());
        } else {
            printText(all, logs.seconds());
        }
    }

    /** In mid-epoch: what is printed next must find a clear line. */
    void clearProgress() {
        if (progress != null) {
            progress.clear();
        }
    }

    private void printJson(Map<String, Double> numbers, double seconds) {
        Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("epoch", epoch + 1);
        fields.putAll(numbers);
        fields.put("seconds", seconds);
        fields.put("examples_per_second", data.examples() / seconds);
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
        line.append(Text.decimals(seconds, 2)).append(" s, ").append(Math.round(data.examples() / seconds))
                .append(" examples/s");
        console.out().println(line);
    }
}
