package beras.tables;

/**
 * The result of a trial of a {@link Tuning} after a number of epochs.
 *
 * @param trial     its number
 * @param epochs    how many were requested; fewer were made if it did not improve any more, or diverged
 * @param value     the best value so far of the monitored number; NaN if it diverged
 * @param bestEpoch the epoch with this value, counted from 0; -1 if it diverged
 */
public record TrialResult(int trial, int epochs, double value, int bestEpoch) {

    /** Whether a number became NaN or infinite: such a trial ranks below all others. */
    public boolean diverged() {
        return Double.isNaN(value);
    }
}
