package beras.cli;

import beras.callbacks.Callback;
import beras.callbacks.Logs;
import beras.data.Images;
import beras.models.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows how training goes, measures the test images after each epoch, and ends training when that is asked for. */
final class TrainReport implements Callback {

    /** Ends {@code fit} from within. */
    static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Stopped(int epoch, int batch) {
            super("epoch " + (epoch + 1) + ", batch " + (batch + 1));
        }
    }

    private final Console console;
    private final Interruption interruption;
    private final Model model;
    private final Images test;
    private final int trainExamples;
    private final int epochs;
    private final boolean json;
    private ProgressLine progress; // null: none is shown
    private int epoch;
    private double seconds;
    private Map<String, Double> last = Map.of();

    TrainReport(Console console, Interruption interruption, Model model, Images test, int trainExamples, int epochs,
            boolean json) {
        this.console = console;
        this.interruption = interruption;
        this.model = model;
        this.test = test;
        this.trainExamples = trainExamples;
        this.epochs = epochs;
        this.json = json;
    }

    @Override
    public void onEpochBegin(int newEpoch, int batches) {
        epoch = newEpoch;
        if (console.live()) {
            progress = new ProgressLine(console.err(), title(), batches);
        }
    }

    private String title() {
        return "Epoch " + (epoch + 1) + "/" + epochs;
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        if (progress != null) {
            progress.step(logs.get("loss"));
        }
        if (interruption.requested()) {
            throw new Stopped(epoch, batch);
        }
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        closeProgress();
        seconds += logs.seconds();
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("loss", logs.get("loss"));
        all.put("accuracy", logs.get("accuracy"));
        model.evaluate(test, Predictions.BATCH).forEach((name, value) -> all.put("test_" + name, value));
        logs.values().forEach(all::putIfAbsent);
        all.forEach((name, value) -> requireFinite(name, value));
        last = all;
        if (json) {
            printJson(all, logs.seconds());
        } else {
            printText(all, logs.seconds());
        }
    }

    /** Also after a failure in mid-epoch: what is printed next must find a clear line. */
    void closeProgress() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    private void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new Failure(Exit.DIVERGED, name + " became " + value + " after the last batch of epoch " + (epoch + 1)
                    + ". A smaller learning rate may help");
        }
    }

    private void printJson(Map<String, Double> values, double epochSeconds) {
        Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("epoch", epoch + 1);
        fields.putAll(values);
        fields.put("seconds", epochSeconds);
        fields.put("examples_per_second", trainExamples / epochSeconds);
        try {
            JsonLines.print(console.out(), fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void printText(Map<String, Double> values, double epochSeconds) {
        StringBuilder line = new StringBuilder(title()).append(": ");
        values.forEach((name, value) -> line.append(name.replace('_', ' ')).append(' ').append(Text.decimals(value, 4))
                .append(", "));
        line.append(Text.decimals(epochSeconds, 2)).append(" s, ").append(Math.round(trainExamples / epochSeconds))
                .append(" examples/s");
        console.out().println(line);
    }

    /** Seconds spent on training, in all epochs that ended. */
    double seconds() {
        return seconds;
    }

    /** Loss and accuracy of the last epoch that ended, on the training and the test images; empty if none did. */
    Map<String, Double> last() {
        return last;
    }
}
