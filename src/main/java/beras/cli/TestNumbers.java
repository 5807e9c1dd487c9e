package beras.cli;

import beras.models.Model;
import beras.saving.Predictor;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the test examples after each epoch, and ends training when a number of the epoch is not finite: before the callbacks
 * that only watch are told, so that none of them keeps such weights.
 */
final class TestNumbers implements Callback {

    /** What the names of numbers of the test begin with. */
    static final String TEST = "test_";
    /** What the names of numbers of the validation begin with. */
    static final String VALIDATION = "val_";

    /** A number of an epoch is NaN or infinite. */
    static final class NotFinite extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotFinite(String message) {
            super(message);
        }
    }

    private final Model model;
    private final TrainingData data;
    private Training training;

    TestNumbers(Model model, TrainingData data) {
        this.model = model;
        this.data = data;
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
    public boolean wantsBatches() {
        return false;
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        Map<String, Double> test = test();
        test.forEach(training::log);
        Map<String, Double> all = new LinkedHashMap<>(logs.values());
        all.putAll(test);
        for (Map.Entry<String, Double> number : TrainReport.inOrder(all).entrySet()) {
            if (!Double.isFinite(number.getValue())) {
                throw new NotFinite(number.getKey() + " became " + number.getValue() + " after the last batch of epoch "
                        + (epoch + 1) + ". A smaller learning rate may help");
            }
        }
    }

    private Map<String, Double> test() {
        Map<String, Double> test = new LinkedHashMap<>();
        if (data.test() != null) {
            model.evaluate(data.test(), Predictor.batchSize(model.inputShape())).values().forEach((name, value) -> test.put(TEST + name, value));
        }
        return test;
    }

    /** The numbers of an epoch, those of validation and test once more: for weights that changed after it. */
    Map<String, Double> measure(Map<String, Double> ofEpoch) {
        Map<String, Double> all = new LinkedHashMap<>(ofEpoch);
        all.putAll(test());
        if (data.validation() != null) {
            model.evaluate(data.validation()).values().forEach((name, value) -> all.put(VALIDATION + name, value));
        }
        return all;
    }
}
