package beras.training;

import java.util.Optional;

/**
 * Is called in the course of a training, in the thread that trains. Epochs and batches are counted from 0. One callback serves one
 * training at a time; {@link #onTrainBegin} resets it.
 *
 * <p>For each event the callbacks are called in the order in which they were given, {@linkplain #isLogger loggers}
 * after all others. What a callback throws ends the training as {@link Outcome.Kind#FAILED}, unless it is a logger.
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
     * Whether this callback only observes, such as one that writes a file. If such a callback throws, training continues, and it
     * is not called again before the next epoch, or the end of training; {@link FitOptions#onWarning} and
     * {@link History#warnings} report it, once for each reason. What {@link #onTrainBegin} throws is a refusal all the same.
     * Default: false.
     */
    default boolean isLogger() {
        return false;
    }

    /**
     * Before the first epoch. What cannot work is refused here, before there is work to lose: the names of the numbers that
     * will be reported are {@linkplain Training#modes known}.
     */
    default void onTrainBegin(Training training) {}

    /** Before an epoch, or the rest of one that is resumed, of {@code batches} batches; -1 if their number is not known. */
    default void onEpochBegin(int epoch, int batches) {}

    /** Before a batch. */
    default void onBatchBegin(int batch) {}

    /** After a batch; the logs average over the epoch so far, and have the {@linkplain Logs#batchLoss loss of the batch} alone. */
    default void onBatchEnd(int batch, Logs logs) {}

    /**
     * Whether {@link #onBatchEnd} is to be called, asked once after {@link #onTrainBegin}: if no callback wants it, the numbers
     * of single batches are not computed. Default: whether the class has a method of its own for it.
     */
    default boolean wantsBatches() {
        try {
            return getClass().getMethod("onBatchEnd", int.class, Logs.class).getDeclaringClass() != Callback.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * When the loss of a batch or a gradient is NaN or infinite, in which case no step was made and the weights are those before;
     * or a weight, see {@link DivergedException#hasFiniteWeights}. Every callback is asked. If one answers true, {@code fit} does
     * not throw, but ends in order as {@link Outcome.Kind#DIVERGED}; there is no {@link #onEpochEnd} for this epoch.
     * Default: false.
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
     * What this callback needs to resume in another training, under the name of its type; for
     * {@link Training#state}. Default: nothing.
     */
    default Optional<TrainingState> state() {
        return Optional.empty();
    }

    /** Takes over the {@link #state} of a callback of this type, after {@link #onTrainBegin}. */
    default void restore(TrainingState state) {}
}
