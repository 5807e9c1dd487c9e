package beras.training;

import beras.config.Arguments;
import beras.config.Config;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;

/**
 * The position of a training run in its data, the epoch and its batch, and whether it is to stop.
 */
final class TrainingProgress {

    private final Batches batches;
    private final ExampleSpec spec;
    private final int batchesPerEpoch; // of the network with the most; -1: unknown
    private int epoch;
    private int batch; // the next one of the epoch
    private final CountedPass[] passes; // of each network, or one of all; null: not open
    private final Batch[] next; // of each pass
    private final boolean[] ended; // each pass
    private double earlierSeconds; // of this epoch, before it was resumed
    private long start; // of the epoch, or of the rest that was resumed
    private boolean isRunning; // an epoch is, which was not ended
    private boolean stops;
    private boolean stopsAfterEpoch;

    TrainingProgress(Batches batches, ExampleSpec spec) {
        this.batches = batches;
        this.spec = spec;
        this.batchesPerEpoch = batches.count() < 0 ? -1 : batches.byNet().stream().mapToInt(Batches::count).max().orElseThrow();
        this.passes = new CountedPass[batches.byNet().size()];
        this.next = new Batch[passes.length];
        this.ended = new boolean[passes.length];
    }

    /** The epoch of the next batch, from 0. */
    int epoch() {
        return epoch;
    }

    /** The number of batches of this epoch that were trained on. */
    int batch() {
        return batch;
    }

    /** The number of batches of an epoch; -1 if it is unknown. */
    int batchesPerEpoch() {
        return batchesPerEpoch;
    }

    /** The time since the epoch began, in seconds, that before it was resumed included; 0 between epochs. */
    double seconds() {
        return earlierSeconds + (isRunning ? (System.nanoTime() - start) * 1e-9 : 0);
    }

    void beginEpoch() {
        start = System.nanoTime();
        isRunning = true;
    }

    /** The batch was trained on. */
    void endBatch() {
        batch++;
    }

    void endEpoch() {
        epoch++;
        batch = 0;
        earlierSeconds = 0;
        isRunning = false;
    }

    // ------------------------------------------------------------------------------------------------ reading

    /** The next batch of each network, null for one without any left, or one for all networks; null at the end of the data. */
    Batch[] next() {
        boolean isRead = false;
        for (int i = 0; i < passes.length; i++) {
            if (passes[i] == null) {
                passes[i] = new CountedPass(batches.byNet().get(i), epoch, "training", spec);
                passes[i].skip(batch);
                ended[i] = false;
            }
            next[i] = ended[i] ? null : passes[i].next();
            ended[i] = next[i] == null;
            isRead |= !ended[i];
        }
        return isRead ? next : null;
    }

    void closePass() {
        for (int i = 0; i < passes.length; i++) {
            CountedPass closing = passes[i];
            passes[i] = null;
            if (closing != null) {
                closing.close();
            }
        }
    }

    boolean isPassOpen() {
        return passes[0] != null;
    }

    // ----------------------------------------------------------------------------------------------- stopping

    void stop() {
        stops = true;
    }

    void stopAfterEpoch() {
        stopsAfterEpoch = true;
    }

    /** Whether training stops before the next batch. */
    boolean stops() {
        return stops;
    }

    /** Whether training stops before the next batch or the next epoch. */
    boolean stopsSoon() {
        return stops || stopsAfterEpoch;
    }

    // ------------------------------------------------------------------------------------------------- state

    Config addTo(Config state) {
        return state.with("epoch", epoch).with("batch", batch).with("batches", batchesPerEpoch).with("seconds", seconds())
                .with("stopping", stops).with("stoppingAfterEpoch", stopsAfterEpoch);
    }

    /**
     * Restores the state that {@link #addTo} added.
     *
     * @throws IllegalArgumentException if it does not fit the data
     */
    void restore(Config state) {
        epoch = Arguments.atLeast(0, "epoch", state.integer("epoch"));
        batch = Arguments.atLeast(0, "batch", state.integer("batch"));
        earlierSeconds = state.number("seconds");
        stops = state.flag("stopping");
        stopsAfterEpoch = state.flag("stoppingAfterEpoch");
        if (batch > 0 && state.integer("batches") != batchesPerEpoch) {
            throw new IllegalArgumentException("To resume a training within an epoch, the epoch must have the "
                    + state.integer("batches") + " batches that it had. Received: " + batchesPerEpoch);
        }
        if (batchesPerEpoch >= 0 && batch > batchesPerEpoch) {
            throw new IllegalArgumentException("A training is resumed within the " + batchesPerEpoch + " batches of an epoch."
                    + " Received: batch " + batch);
        }
    }
}
