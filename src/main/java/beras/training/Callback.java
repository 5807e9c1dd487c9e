package beras.training;

/**
 * Is told how training goes, in the thread that trains. Epochs and batches are counted from 0. One callback serves one
 * training at a time; {@link #onTrainBegin} begins anew.
 */
public interface Callback {

    /** Before the first epoch. */
    default void onTrainBegin(Training training) {}

    /** Before an epoch of {@code batches} batches; -1 if their number is not known. */
    default void onEpochBegin(int epoch, int batches) {}

    /** After a batch; the logs average over the epoch so far. */
    default void onBatchEnd(int batch, Logs logs) {}

    /**
     * When the loss of a batch is NaN or infinite; no step was made for it, the weights are those before. Every callback is
     * asked. If one answers true, training ends here as if stopped, without {@link #onEpochEnd} for this epoch; else
     * {@code fit} throws. Default: false.
     */
    default boolean onNonFiniteLoss(int epoch, int batch, double loss) {
        return false;
    }

    /** After an epoch and its validation. */
    default void onEpochEnd(int epoch, Logs logs) {}

    /** After the last epoch, also if training was stopped; not after an exception. */
    default void onTrainEnd() {}
}
