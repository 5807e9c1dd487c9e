package beras.callbacks;

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

    /** After an epoch and its validation. */
    default void onEpochEnd(int epoch, Logs logs) {}

    /** After the last epoch, also if training was stopped; not after an exception. */
    default void onTrainEnd() {}
}
