package beras.tables;

/**
 * What a trial of a {@link Tuning} had reached when so many epochs were made.
 *
 * @param trial     its number
 * @param epochs    how many were asked for; fewer were made if it did not improve any more, or diverged
 * @param value     the best value so far of what is monitored; NaN if it diverged
 * @param bestEpoch the epoch with this value, counted from 0; -1 if it diverged
 */
public record TrialResult(int trial, int epochs, double value, int bestEpoch) {

    /** Whether a number became NaN or infinite: such a trial is worse than any other. */
    public boolean diverged() {
        return Double.isNaN(value);
    }
}
