package beras.cli;

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
    private Training training;
    private ProgressLine progress; // null: none is shown
    private int epoch;

    TrainReport(Console console, TrainingData data, boolean json, int batchSize) {
        this.console = console;
        this.data = data;
        this.json = json;
        this.batchSize = batchSize;
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public boolean wantsBatches() {
        return console.live();
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
    }

    @Override
    public void onEpochBegin(int newEpoch, int batches) {
        epoch = newEpoch;
        if (console.live()) {
            // The batches of a file have no number before the end, but the rows in it were counted.
            progress = new ProgressLine(console.err(), title(), (data.examples() + batchSize - 1) / batchSize);
        }
    }

    private String title() {
        return "Epoch " + (epoch + 1) + "/" + training.epochs();
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        progress.step(batch + 1, logs.get("loss"));
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        closeProgress();
        Map<String, Double> all = inOrder(logs.values());
        if (json) {
            printJson(all, logs.seconds());
        } else {
            printText(all, logs.seconds());
        }
    }

    /** The numbers of training, then those of the test, then those of the validation; without the learning rate. */
    static Map<String, Double> inOrder(Map<String, Double> logs) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (String part : new String[] {"", TestNumbers.TEST, TestNumbers.VALIDATION}) {
            logs.forEach((name, value) -> {
                boolean plain = !name.startsWith(TestNumbers.TEST) && !name.startsWith(TestNumbers.VALIDATION);
                if (!name.equals(Training.LEARNING_RATE) && (part.isEmpty() ? plain : name.startsWith(part))) {
                    all.put(name, value);
                }
            });
        }
        return all;
    }

    /** Also after a failure in mid-epoch: what is printed next must find a clear line. */
    void closeProgress() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    private void printJson(Map<String, Double> numbers, double seconds) {
        Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("epoch", epoch + 1);
        fields.putAll(numbers);
        fields.put("seconds", seconds);
        fields.put("examples_per_second", data.examples() / seconds);
        try {
            JsonLines.print(console.out(), fields);
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
