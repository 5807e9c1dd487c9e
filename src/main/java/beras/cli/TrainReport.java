package beras.cli;

import beras.models.Model;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows how training goes, measures the test examples after each epoch, and ends training when that is asked for. */
final class TrainReport implements Callback {

    private final Console console;
    private final Interruption interruption;
    private final Model model;
    private final Lessons lessons;
    private final TrainOptions options;
    private Training training;
    private ProgressLine progress; // null: none is shown
    private int epoch;
    private double seconds;
    private final List<Map<String, Double>> values = new ArrayList<>();

    TrainReport(Console console, Interruption interruption, Model model, Lessons lessons, TrainOptions options) {
        this.console = console;
        this.interruption = interruption;
        this.model = model;
        this.lessons = lessons;
        this.options = options;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        if (lessons.test() != null) {
            List.copyOf(begun.modes().keySet()).stream().filter(name -> !name.startsWith("val_"))
                    .filter(name -> !name.equals(Training.LEARNING_RATE))
                    .forEach(name -> begun.announce("test_" + name, begun.modes().get(name)));
        }
    }

    @Override
    public void onEpochBegin(int newEpoch, int batches) {
        epoch = newEpoch;
        if (console.live()) {
            // The batches of a file have no number before the end, but the rows in it were counted.
            long steps = (lessons.examples() + options.batchSize - 1) / options.batchSize;
            progress = new ProgressLine(console.err(), title(), steps);
        }
    }

    private String title() {
        return "Epoch " + (epoch + 1) + "/" + options.epochs;
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        if (progress != null) {
            progress.step(logs.get("loss"));
        }
        if (interruption.requested()) {
            training.interrupt();
        }
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        closeProgress();
        seconds += logs.seconds();
        Map<String, Double> all = new LinkedHashMap<>();
        logs.values().forEach((name, value) -> {
            if (!name.startsWith("val_") && !name.equals(Training.LEARNING_RATE)) {
                all.put(name, value);
            }
        });
        measureTest(all);
        all.forEach((name, value) -> {
            if (name.startsWith("test_")) {
                training.log(name, value);
            }
        });
        logs.values().forEach((name, value) -> {
            if (name.startsWith("val_")) {
                all.put(name, value);
            }
        });
        all.forEach((name, value) -> requireFinite(name, value));
        values.add(all);
        if (options.json) {
            printJson(all, logs.seconds());
        } else {
            printText(all, logs.seconds());
        }
    }

    private void measureTest(Map<String, Double> into) {
        if (lessons.test() != null) {
            model.evaluate(lessons.test(), Predictions.BATCH).values().forEach((name, value) -> into.put("test_" + name, value));
        }
    }

    /** The numbers of the last epoch, those of validation and test once more: for weights that changed after it. */
    Map<String, Double> measure() {
        Map<String, Double> all = new LinkedHashMap<>(last());
        measureTest(all);
        if (lessons.validation() != null) {
            model.evaluate(lessons.validation()).values().forEach((name, value) -> all.put("val_" + name, value));
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

    private void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new Failure(Exit.DIVERGED, name + " became " + value + " after the last batch of epoch " + (epoch + 1)
                    + ". A smaller learning rate may help");
        }
    }

    private void printJson(Map<String, Double> numbers, double epochSeconds) {
        Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("epoch", epoch + 1);
        fields.putAll(numbers);
        fields.put("seconds", epochSeconds);
        fields.put("examples_per_second", lessons.examples() / epochSeconds);
        try {
            JsonLines.print(console.out(), fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void printText(Map<String, Double> numbers, double epochSeconds) {
        StringBuilder line = new StringBuilder(title()).append(": ");
        numbers.forEach((name, value) -> line.append(name.replace('_', ' ')).append(' ').append(Text.decimals(value, 4))
                .append(", "));
        line.append(Text.decimals(epochSeconds, 2)).append(" s, ").append(Math.round(lessons.examples() / epochSeconds))
                .append(" examples/s");
        console.out().println(line);
    }

    /** Seconds spent on training, in all epochs that ended. */
    double seconds() {
        return seconds;
    }

    /** How many epochs ended. */
    int epochs() {
        return values.size();
    }

    /** The numbers of an epoch that ended, counted from 0. */
    Map<String, Double> values(int ended) {
        return values.get(ended);
    }

    /** The numbers of the last epoch that ended. */
    Map<String, Double> last() {
        return values.get(values.size() - 1);
    }
}
