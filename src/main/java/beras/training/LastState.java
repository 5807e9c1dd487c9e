package beras.training;

import java.util.Optional;

/**
 * Keeps the final state of a training run, so that it can be resumed, and interrupts the run from another thread. Serves one
 * run; add it after the callbacks whose state is to be included.
 */
public final class LastState implements Callback {

    private boolean ofEpochs;
    private volatile boolean requested;
    private volatile Training training; // null: it has not begun
    private TrainingState last; // null: none yet

    /**
     * To keep the state after epochs alone, so that no numbers of single batches are computed for it; returns this. Default: also
     * after the batch that an interruption ends training with.
     */
    public LastState epochsOnly() {
        ofEpochs = true;
        return this;
    }

    /** Ends the training after its current batch, or before the first one. Any thread may call it, also before training begins. */
    public void interrupt() {
        requested = true;
        Training running = training;
        if (running != null) {
            running.interrupt();
        }
    }

    /** The state at the end; empty if training ended before a batch or an epoch did, such as by an exception. */
    public Optional<TrainingState> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public boolean wantsBatches() {
        return !ofEpochs;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        if (requested) {
            begun.interrupt();
        }
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        if (!ofEpochs && training.stopping()) {
            last = training.state();
        }
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        if (epoch + 1 == training.epochs() || training.stopping()) {
            last = training.state();
        }
    }
}
