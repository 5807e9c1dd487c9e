package beras.training;

import beras.config.Config;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/**
 * Sets the learning rate before each epoch.
 *
 * <pre>{@code
 * new LearningRateScheduler((epoch, rate) -> epoch < 10 ? rate : rate * 0.9)
 * }</pre>
 */
public final class LearningRateScheduler implements Callback {

    private final ToDoubleBiFunction<Integer, Double> schedule;
    private Training training;
    private int scheduled = -1; // the epoch for which the rate was set last

    /**
     * @param schedule gives the rate of an epoch by its number, from 0, and the rate so far; if that is not finite or not above 0,
     *     training ends with an IllegalArgumentException; if the optimizer's own rate follows a schedule, with an IllegalStateException
     */
    public LearningRateScheduler(ToDoubleBiFunction<Integer, Double> schedule) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        scheduled = -1;
    }

    @Override
    public void onEpochBegin(int epoch, int batches) {
        if (epoch != scheduled) { // else the rest of an epoch is resumed
            training.optimizer().learningRate(schedule.applyAsDouble(epoch, (double) training.optimizer().learningRate()));
            scheduled = epoch;
        }
    }

    @Override
    public Optional<TrainingState> state() {
        return Optional.of(new TrainingState(Config.of(getClass()).with("scheduled", scheduled)));
    }

    @Override
    public void restore(TrainingState state) {
        scheduled = state.config().integer("scheduled");
    }
}
