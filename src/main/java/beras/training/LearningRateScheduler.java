package beras.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Sets the learning rate before each epoch.
 *
 * <pre>{@code
 * new LearningRateScheduler((epoch, rate) -> epoch < 10 ? rate : rate * 0.9)
 * }</pre>
 */
public final class LearningRateScheduler implements Callback {

    /** Gives the learning rate of an epoch. */
    @FunctionalInterface
    public interface Schedule {

        /**
         * @param epoch counted from 0
         * @param rate  the rate so far
         * @return finite and above 0
         */
        double rate(int epoch, double rate);
    }

    private final Schedule schedule;
    private Training training;
    private final List<Float> learningRates = new ArrayList<>();

    /**
     * @param schedule if it gives a rate that is not finite or not above 0, training ends with an IllegalArgumentException; if
     *     the optimizer's own rate follows a schedule, with an IllegalStateException
     */
    public LearningRateScheduler(Schedule schedule) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        learningRates.clear();
    }

    @Override
    public void onEpochBegin(int epoch, int batches) {
        training.optimizer().learningRate((float) schedule.rate(epoch, training.optimizer().learningRate()));
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        learningRates.add(training.optimizer().learningRate());
    }

    /** The learning rate of each epoch so far, in order: what Keras reports as {@code learning_rate}. */
    public List<Float> learningRates() {
        return List.copyOf(learningRates);
    }
}
