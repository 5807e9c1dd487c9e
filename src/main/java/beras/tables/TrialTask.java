package beras.tables;

import beras.models.RecipeTraining;
import beras.training.Callback;
import beras.training.DivergedException;
import beras.training.History;
import beras.training.LastState;
import beras.training.Logs;
import beras.training.Outcome;
import beras.training.Recipe;
import beras.training.Training;
import beras.training.TrainingState;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One training of a {@link Tuning}: a trial, from where it is to so many epochs. What comes of it follows from the table, the
 * training that is tuned and this alone, wherever it is made, so that a {@link TrialRunner} may make it on another machine.
 *
 * @param trial    its number
 * @param settings what is tried
 * @param epochs   after which to end
 * @param from     where it is; empty: at its beginning
 */
public record TrialTask(int trial, TrialSettings settings, int epochs, Optional<TrainingState> from) {

    /**
     * What came of it.
     *
     * @param result what the trial has reached
     * @param state  where it is, to continue from there; empty if it diverged
     */
    public record Done(TrialResult result, Optional<TrainingState> state) {}

    /**
     * Trains.
     *
     * @param training    that is tuned
     * @param table       {@linkplain TableTraining#prepare prepared} by it
     * @param rows        of the table, {@linkplain PreparedTable#open open}, which other trainings may use at the same time
     * @param interrupted whether to interrupt, which is asked before each batch
     * @return empty if it was interrupted
     * @throws IllegalArgumentException if the net does not fit the table
     */
    public Optional<Done> train(TableTraining training, PreparedTable table, TableRows rows, BooleanSupplier interrupted) {
        RecipeTraining run = begin(training, table, rows);
        Watch watch = new Watch(interrupted);
        LastState ended = new LastState().epochsOnly();
        History history;
        try {
            history = run.fit(TableTraining.options(run, epochs, from, List.of(watch, ended)));
        } catch (DivergedException e) {
            return Optional.of(diverged());
        }
        if (watch.diverged) {
            return Optional.of(diverged());
        }
        return history.outcome().kind() == Outcome.Kind.INTERRUPTED ? Optional.empty()
                : Optional.of(new Done(new TrialResult(trial, epochs, run.best(), run.keptEpoch(history)),
                        ended.last().or(() -> from)));
    }

    private Done diverged() {
        return new Done(new TrialResult(trial, epochs, Double.NaN, -1), Optional.empty());
    }

    /** The training as it begins, with a net of its own. */
    RecipeTraining begin(TableTraining training, PreparedTable table, TableRows rows) {
        Recipe recipe = training.recipe(table.schema());
        return training.begin(rows, settings.apply(recipe, table.schema().target()));
    }

    /** Ends a training also if a number is not finite, or it is interrupted. */
    private static final class Watch implements Callback {

        private final BooleanSupplier interrupted;
        private Training training;
        private boolean diverged;

        Watch(BooleanSupplier interrupted) {
            this.interrupted = interrupted;
        }

        @Override
        public void onTrainBegin(Training begun) {
            training = begun;
        }

        @Override
        public void onBatchBegin(int batch) {
            if (interrupted.getAsBoolean()) {
                training.interrupt();
            }
        }

        @Override
        public void onEpochEnd(int epoch, Logs logs) {
            if (!logs.values().values().stream().allMatch(Double::isFinite)) {
                diverged = true;
                training.stop();
            }
        }
    }
}
