package beras.training;

import beras.config.Arguments;
import beras.config.Config;
import java.util.Optional;

/**
 * Multiplies the learning rate by a factor when a number of the logs has not improved for some epochs.
 *
 * <pre>{@code
 * new ReduceLROnPlateau("val_loss").factor(0.5).patience(3).minLr(1e-5)
 * }</pre>
 */
public final class ReduceLROnPlateau implements Callback {

    private final Monitor monitor;
    private double factor = 0.1;
    private int patience = 10;
    private double minLr;

    private Training training;
    private int wait;

    /**
     * Divides the rate by 10 when there was no improvement of 1e-4 or more for 10 epochs.
     *
     * @param monitor the name of a number in the logs, such as {@code val_loss}
     * @throws IllegalArgumentException if the name is blank
     */
    public ReduceLROnPlateau(String monitor) {
        this(new Monitor(monitor).minDelta(1e-4));
    }

    /** As {@link #ReduceLROnPlateau(String)}; the monitor defines an improvement. */
    public ReduceLROnPlateau(Monitor monitor) {
        this.monitor = monitor;
    }

    /**
     * The factor of a reduction; default 0.1.
     *
     * @throws IllegalArgumentException if it is not above 0 and below 1
     */
    public ReduceLROnPlateau factor(double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException("factor must be above 0 and below 1. Received: " + value);
        }
        factor = value;
        return this;
    }

    /**
     * How many epochs in a row may bring no improvement; after the last of them the rate is reduced. Default 10.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ReduceLROnPlateau patience(int epochs) {
        patience = Arguments.atLeast(0, "patience", epochs);
        return this;
    }

    /**
     * The lowest learning rate; default 0.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public ReduceLROnPlateau minLr(double rate) {
        minLr = Arguments.notNegative("minLr", rate);
        return this;
    }

    /**
     * @throws IllegalArgumentException if the logs will not have the monitored metric, or its direction of improvement is
     *     unknown
     * @throws IllegalStateException if the optimizer's rate follows a schedule
     */
    @Override
    public void onTrainBegin(Training begun) {
        monitor.begin(begun);
        begun.optimizer().learningRate(begun.optimizer().learningRate()); // a rate that cannot be set is found out now
        training = begun;
        wait = 0;
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        if (monitor.improves(monitor.value(logs))) {
            wait = 0;
        } else {
            wait++;
            if (wait >= patience) {
                reduce();
            }
        }
    }

    private void reduce() {
        float rate = training.optimizer().learningRate();
        float reduced = (float) Math.max(rate * factor, minLr);
        if (reduced > 0 && reduced < rate) {
            training.optimizer().learningRate(reduced);
            wait = 0;
        }
    }

    @Override
    public Optional<TrainingState> state() {
        return Optional.of(new TrainingState(Config.of(getClass()).with("wait", wait)
                .with("best", TrainingState.setting(monitor.best()))));
    }

    @Override
    public void restore(TrainingState state) {
        wait = state.config().integer("wait");
        monitor.resume(TrainingState.number(state.config().values().get("best")));
    }
}
