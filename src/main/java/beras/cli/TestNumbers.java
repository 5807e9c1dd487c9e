package beras.cli;

import beras.feed.Examples;
import beras.models.RecipeTraining;
import beras.saving.Predictor;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the test examples: once, when training has ended, so that nobody chooses by them; if that is asked for, after each epoch,
 * too. It ends training when a number of an epoch is not finite, or one of a few test examples, as the loss of an epoch does not
 * know its last step: before the callbacks that only watch are told, so that none of them keeps such weights.
 */
final class TestNumbers implements Callback {

    /** What the names of numbers of the test begin with. */
    static final String TEST = "test_";
    /** What the names of numbers of the validation begin with. */
    static final String VALIDATION = "val_";

    /** A number of an epoch, or of the end, is NaN or infinite. */
    static final class NotFinite extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotFinite(String message) {
            super(message);
        }
    }

    private final RecipeTraining trained;
    private final TrainingData data;
    private final boolean everyEpoch;
    private Training training;

    /** @param everyEpoch whether to measure the test examples after each epoch, too */
    TestNumbers(RecipeTraining trained, TrainingData data, boolean everyEpoch) {
        this.trained = trained;
        this.data = data;
        this.everyEpoch = everyEpoch && data.test() != null;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        if (everyEpoch) {
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
        Map<String, Double> all = new LinkedHashMap<>(logs.values());
        if (everyEpoch) {
            Map<String, Double> test = measured(data.test());
            test.forEach(training::log);
            all.putAll(test);
        } else if (data.test() != null) {
            all.putAll(measured(data.test().slice(0, Math.min(data.test().count(), batch()))));
        }
        requireFinite(TrainReport.inOrder(all), " became ", " after the last batch of epoch " + (epoch + 1));
    }

    private static void requireFinite(Map<String, Double> numbers, String verb, String when) {
        for (Map.Entry<String, Double> number : numbers.entrySet()) {
            if (!Double.isFinite(number.getValue())) {
                throw new NotFinite(number.getKey() + verb + number.getValue() + when + ". A smaller learning rate may help");
            }
        }
    }

    private int batch() {
        return Predictor.batchSize(data.inputShape());
    }

    private Map<String, Double> measured(Examples test) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        trained.model().evaluate(test, batch()).values().forEach((name, value) -> numbers.put(TEST + name, value));
        return numbers;
    }

    /**
     * The numbers of the weights that training ended with.
     *
     * @param ofEpoch those of the epoch whose weights they are
     * @param changed whether they changed after it, such as to averages: then the validation is measured again
     * @throws NotFinite if one is NaN or infinite
     */
    Map<String, Double> atEnd(Map<String, Double> ofEpoch, boolean changed) {
        Map<String, Double> all = new LinkedHashMap<>(ofEpoch);
        if (data.test() != null && (changed || !everyEpoch)) {
            all.putAll(measured(data.test()));
        }
        if (changed && trained.validation().isPresent()) {
            trained.model().evaluate(trained.validation().get()).values()
                    .forEach((name, value) -> all.put(VALIDATION + name, value));
        }
        Map<String, Double> inOrder = TrainReport.inOrder(all);
        requireFinite(inOrder, " is ", " with the weights that training ended with");
        return inOrder;
    }
}
