package beras.cli;

import beras.models.Model;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows how training goes, and measures the test examples after each epoch. */
final class TrainReport implements Callback {

    private static final String TEST = "test_";
    private static final String VALIDATION = "val_";

    private final Console console;
    private final Model model;
    private final TrainingData data;
    private final boolean json;
    private final int batchSize;
    private Training training;
    private ProgressLine progress; // null: none is shown
    private int epoch;
    private String notFinite; // null: all numbers were

    TrainReport(Console console, Model model, TrainingData data, boolean json, int batchSize) {
        this.console = console;
        this.model = model;
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
        if (data.test() != null) {
            for (String name : List.copyOf(begun.modes().keySet())) {
                if (!name.startsWith(VALIDATION) && !name.equals(Training.LEARNING_RATE)) {
                    begun.announce(TEST + name, begun.modes().get(name));
                }
            }
        }
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
        progress.step(logs.get("loss"));
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        closeProgress();
        Map<String, Double> test = new LinkedHashMap<>();
        measureTest(test);
        test.forEach(training::log);
        Map<String, Double> all = inOrder(logs.values(), test);
        for (Map.Entry<String, Double> number : all.entrySet()) {
            if (!Double.isFinite(number.getValue())) {
                notFinite = number.getKey() + " became " + number.getValue() + " after the last batch of epoch " + (epoch + 1)
                        + ". A smaller learning rate may help";
                training.stop();
                return;
            }
        }
        if (json) {
            printJson(all, logs.seconds());
        } else {
            printText(all, logs.seconds());
        }
    }

    /** Why training was ended, a number of an epoch being NaN or infinite; null if all were finite. */
    String notFinite() {
        return notFinite;
    }

    /** The numbers of training, then those of the test, then those of the validation; without the learning rate. */
    static Map<String, Double> inOrder(Map<String, Double> logs, Map<String, Double> test) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (String part : new String[] {"", TEST, VALIDATION}) {
            Map<String, Double> from = part.equals(TEST) && !test.isEmpty() ? test : logs;
            from.forEach((name, value) -> {
                boolean plain = !name.startsWith(TEST) && !name.startsWith(VALIDATION);
                if (!name.equals(Training.LEARNING_RATE) && (part.isEmpty() ? plain : name.startsWith(part))) {
                    all.put(name, value);
                }
            });
        }
        return all;
    }

    private void measureTest(Map<String, Double> into) {
        if (data.test() != null) {
            model.evaluate(data.test(), Predictions.BATCH).values().forEach((name, value) -> into.put(TEST + name, value));
        }
    }

    /** The numbers of an epoch, those of validation and test once more: for weights that changed after it. */
    Map<String, Double> measure(Map<String, Double> ofEpoch) {
        Map<String, Double> all = new LinkedHashMap<>(ofEpoch);
        measureTest(all);
        if (data.validation() != null) {
            model.evaluate(data.validation()).values().forEach((name, value) -> all.put(VALIDATION + name, value));
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
