package beras.callbacks;

/** Is told how training goes, in the thread that trains. Epochs and batches are counted from 0. */
public interface Callback {

    /** Before an epoch of {@code batches} batches. */
    default void onEpochBegin(int epoch, int batches) {}

    /** After a batch; the logs average over the epoch so far. */
    default void onBatchEnd(int batch, Logs logs) {}

    /** After an epoch and its validation. */
    default void onEpochEnd(int epoch, Logs logs) {}
}
