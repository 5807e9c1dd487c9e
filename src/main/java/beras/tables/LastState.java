package beras.tables;

import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import beras.training.TrainingState;
import java.util.Optional;

/** Keeps where a training is when it ends. */
class LastState implements Callback {

    private Training training;
    private Optional<TrainingState> state;

    /** @param from where it goes on from; empty: from the beginning */
    LastState(Optional<TrainingState> from) {
        this.state = from;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        if (epoch + 1 == training.epochs() || training.stopping()) {
            state = Optional.of(training.state());
        }
    }

    final Training training() {
        return training;
    }

    /** Where it ended; empty if no epoch was made. */
    final Optional<TrainingState> last() {
        return state;
    }
}
