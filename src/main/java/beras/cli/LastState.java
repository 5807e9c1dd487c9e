package beras.cli;

import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import beras.training.TrainingState;
import java.util.Optional;

/** Keeps what a training needs to go on from where it ends, and can break it off from another thread. */
final class LastState implements Callback {

    private volatile boolean requested;
    private volatile Training training; // null: it has not begun
    private TrainingState last; // null: none is known

    /** Ends the training after its current batch, or before the first one. */
    void interrupt() {
        requested = true;
        Training running = training;
        if (running != null) {
            running.interrupt();
        }
    }

    /** What is known at the end; empty if it ended elsewhere than after a batch or an epoch. */
    Optional<TrainingState> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public boolean isLogger() {
        return true;
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
        if (training.stopping()) {
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
