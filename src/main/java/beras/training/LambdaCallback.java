package beras.training;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * A callback made of functions; missing functions do nothing, and a function that is set twice is replaced.
 *
 * <pre>{@code
 * new LambdaCallback().onEpochEnd((epoch, logs) -> System.out.println(epoch + " " + logs))
 * }</pre>
 */
public final class LambdaCallback implements Callback {

    private Consumer<Training> trainBegin = training -> {};
    private BiConsumer<Integer, Integer> epochBegin = (epoch, batches) -> {};
    private IntConsumer batchBegin = batch -> {};
    private BiConsumer<Integer, Logs> batchEnd; // null: not set, so no metrics of batches are needed
    private BiConsumer<Integer, Logs> epochEnd = (epoch, logs) -> {};
    private Consumer<Outcome> trainEnd = outcome -> {};

    /** Called before the first epoch. */
    public LambdaCallback onTrainBegin(Consumer<Training> function) {
        trainBegin = Objects.requireNonNull(function, "function");
        return this;
    }

    /** Called with the epoch and the number of its batches before it begins. */
    public LambdaCallback onEpochBegin(BiConsumer<Integer, Integer> function) {
        epochBegin = Objects.requireNonNull(function, "function");
        return this;
    }

    /** Called with the batch before it is trained on. */
    public LambdaCallback onBatchBegin(IntConsumer function) {
        batchBegin = Objects.requireNonNull(function, "function");
        return this;
    }

    /** Called with the batch and the logs after each batch. */
    public LambdaCallback onBatchEnd(BiConsumer<Integer, Logs> function) {
        batchEnd = Objects.requireNonNull(function, "function");
        return this;
    }

    /** Called with the epoch and the logs after each epoch. */
    public LambdaCallback onEpochEnd(BiConsumer<Integer, Logs> function) {
        epochEnd = Objects.requireNonNull(function, "function");
        return this;
    }

    /** Called with the outcome when training ends, however it does. */
    public LambdaCallback onTrainEnd(Consumer<Outcome> function) {
        trainEnd = Objects.requireNonNull(function, "function");
        return this;
    }

    @Override
    public void onTrainBegin(Training training) {
        trainBegin.accept(training);
    }

    @Override
    public void onEpochBegin(int epoch, int batches) {
        epochBegin.accept(epoch, batches);
    }

    @Override
    public void onBatchBegin(int batch) {
        batchBegin.accept(batch);
    }

    @Override
    public boolean wantsBatches() {
        return batchEnd != null;
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        if (batchEnd != null) {
            batchEnd.accept(batch, logs);
        }
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        epochEnd.accept(epoch, logs);
    }

    @Override
    public void onTrainEnd(Outcome outcome) {
        trainEnd.accept(outcome);
    }
}
