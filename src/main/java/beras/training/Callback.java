package beras.training;

import java.util.Optional;

/**
 * Receives the events of a training run, in the training thread. Epochs and batches are counted from 0. A callback serves one
 * run at a time; {@link #onTrainBegin} resets it.
 *
 * <p>For each event the callbacks are called in the order in which they were given, {@linkplain #isLogger loggers}
 * after all others. An exception of a callback ends the run as {@link Outcome.Kind#FAILED}, unless the callback is a logger.
 *
 * <pre>{@code
 * Callback printer = new Callback() {
 *     @Override
 *     public void onEpochEnd(int epoch, Logs logs) {
 *         System.out.println(epoch + ": " + logs.get("loss"));
 *     }
 * };
 * model.fit(examples, new FitOptions().epochs(5).callbacks(printer));
 * }</pre>
 */
public interface Callback {

    /**
     * Whether this callback only observes, for example by writing a file. If a logger throws, training continues, and the
     * logger is skipped until the next epoch or the end of training; {@link FitOptions#onWarning} and {@link History#warnings}
     * report each distinct cause once. An exception of {@link #onTrainBegin} always prevents the run. Default: false.
     */
    default boolean isLogger() {
        return false;
    }

    /**
     * Before the first epoch. Throw here if the callback cannot work, before there is work to lose: {@link Training#modes} has
     * the names of all metrics to be reported.
     */
    default void onTrainBegin(Training training) {}

    /** Before an epoch, or the rest of a resumed one, of {@code batches} batches; -1 if their number is unknown. */
    default void onEpochBegin(int epoch, int batches) {}

    /** Before a batch. */
    default void onBatchBegin(int batch) {}

    /** After a batch; the logs average over the epoch so far, and have the {@linkplain Logs#batchLoss loss of the batch} alone. */
    default void onBatchEnd(int batch, Logs logs) {}

    /**
     * Whether {@link #onBatchEnd} is to be called; read once, after {@link #onTrainBegin}. If no callback needs it, metrics of
     * single batches are not computed. Default: whether the class overrides it.
     */
    default boolean wantsBatches() {
        try {
            return getClass().getMethod("onBatchEnd", int.class, Logs.class).getDeclaringClass() != Callback.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * When the loss of a batch or a gradient is NaN or infinite: the step was not made, and the weights are those before it. Or
     * when a weight is, see {@link DivergedException#hasFiniteWeights}. All callbacks are called. If one answers true,
     * {@code fit} does not throw, but ends in order as {@link Outcome.Kind#DIVERGED}; there is no {@link #onEpochEnd} for this
     * epoch. Default: false.
     */
    default boolean onDiverged(DivergedException cause) {
        return false;
    }

    /** After an epoch and its validation. */
    default void onEpochEnd(int epoch, Logs logs) {}

    /**
     * When training ends, however it does: called for each callback whose {@link #onTrainBegin} returned. The averages of the
     * weights have taken the weights' place by then, if the optimizer keeps such.
     */
    default void onTrainEnd(Outcome outcome) {}

    /**
     * The state that this callback needs to resume in another run, under the name of its type; for {@link Training#state}.
     * Default: nothing.
     */
    default Optional<TrainingState> state() {
        return Optional.empty();
    }

    /** Takes over the {@link #state} of a callback of this type, after {@link #onTrainBegin}. */
    default void restore(TrainingState state) {}
}
