package beras.models;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures test examples: once, when training has ended, so that nobody chooses by them; on request after each epoch, too. It ends
 * training when a number of an epoch is not finite, or one of a few test examples, as the loss of an epoch does not include its last
 * step: before the callbacks that only watch are called, so that none of them keeps such weights.
 *
 * <pre>{@code
 * TestEvaluation evaluation = new TestEvaluation(training, data.test(), 256, false);
 * History history = training.fit(training.fitOptions().callbacks(evaluation));
 * Map<String, Double> numbers = evaluation.atEnd(history.epochs().get(training.keptEpoch(history)).values(), false);
 * }</pre>
 */
public final class TestEvaluation implements Callback {

    /** The prefix of the names of test metrics. */
    public static final String TEST = "test_";

    /** A number of an epoch, or of the end, is NaN or infinite. */
    public static final class NotFiniteException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotFiniteException(String message) {
            super(message);
        }
    }

    private final RecipeTraining trained;
    private final Optional<Examples> test;
    private final int batchSize;
    private final boolean everyEpoch;
    private Training training;

    /**
     * @param test       the test examples; empty if there are none: then numbers are only checked
     * @param batchSize  how many of them to predict at a time
     * @param everyEpoch whether to measure them after each epoch, too
     */
    public TestEvaluation(RecipeTraining trained, Optional<Examples> test, int batchSize, boolean everyEpoch) {
        this.trained = trained;
        this.test = test;
        this.batchSize = batchSize;
        this.everyEpoch = everyEpoch && test.isPresent();
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        if (everyEpoch) {
            for (String name : List.copyOf(begun.modes().keySet())) {
                if (!name.startsWith(Training.VALIDATION) && !name.equals(Training.LEARNING_RATE)) {
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
            Map<String, Double> numbers = measured(test.get());
            numbers.forEach(training::log);
            all.putAll(numbers);
        } else if (test.isPresent()) {
            all.putAll(measured(test.get().slice(0, Math.min(test.get().count(), batchSize))));
        }
        requireFinite(inOrder(all), " became ", " after the last batch of epoch " + (epoch + 1));
    }

    private static void requireFinite(Map<String, Double> numbers, String verb, String when) {
        for (Map.Entry<String, Double> number : numbers.entrySet()) {
            if (!Double.isFinite(number.getValue())) {
                throw new NotFiniteException(number.getKey() + verb + number.getValue() + when
                        + ". A smaller learning rate may help");
            }
        }
    }

    private Map<String, Double> measured(Examples examples) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        trained.model().evaluate(Batches.of(examples, batchSize)).values().forEach((name, value) -> numbers.put(TEST + name, value));
        return numbers;
    }

    /**
     * The numbers of the weights that training ended with, {@link #inOrder in order}.
     *
     * @param ofEpoch the numbers of the epoch whose weights they are
     * @param changed whether they changed after it, such as to averages: then the validation is measured again
     * @throws NotFiniteException if one is NaN or infinite
     */
    public Map<String, Double> atEnd(Map<String, Double> ofEpoch, boolean changed) {
        Map<String, Double> all = new LinkedHashMap<>(ofEpoch);
        if (test.isPresent() && (changed || !everyEpoch)) {
            all.putAll(measured(test.get()));
        }
        if (changed && trained.validation().isPresent()) {
            trained.model().evaluate(trained.validation().get()).values()
                    .forEach((name, value) -> all.put(Training.VALIDATION + name, value));
        }
        Map<String, Double> inOrder = inOrder(all);
        requireFinite(inOrder, " is ", " with the weights that training ended with");
        return inOrder;
    }

    /** The numbers of training, then of the test, then of the validation; without the learning rate. */
    public static Map<String, Double> inOrder(Map<String, Double> logs) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (String part : new String[] {"", TEST, Training.VALIDATION}) {
            logs.forEach((name, value) -> {
                boolean plain = !name.startsWith(TEST) && !name.startsWith(Training.VALIDATION);
                if (!name.equals(Training.LEARNING_RATE) && (part.isEmpty() ? plain : name.startsWith(part))) {
                    all.put(name, value);
                }
            });
        }
        return all;
    }
}
