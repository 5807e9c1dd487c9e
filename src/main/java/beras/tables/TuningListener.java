package beras.tables;

import java.util.List;

/**
 * Follows the progress of a {@link Tuning}, called by one thread at a time, and may interrupt it. An exception from it ends the
 * tuning.
 */
public interface TuningListener {

    /** Whether to interrupt, called before each trial and each batch, by any thread. Default: no. */
    default boolean interrupted() {
        return false;
    }

    /**
     * After each training, in an order that depends on how fast they are. Whoever keeps the results can continue from them, see
     * {@link Tuning#resume}.
     */
    default void onResult(TrialResult result) {}

    /**
     * After all trials that were to make so many epochs have made them.
     *
     * @param ranked these trials, the best first
     */
    default void onRung(int epochs, List<Trial> ranked) {}
}
