package beras.training;

/**
 * Ends training in order when the loss of a batch, a gradient or a weight is NaN or infinite, where {@code fit} would throw.
 * The weights are those before the batch, and {@link EarlyStopping#restoreBestWeights} still applies. The {@link Outcome} has
 * the epoch and the batch.
 */
public final class TerminateOnNaN implements Callback {

    @Override
    public boolean onDiverged(DivergedException cause) {
        return true;
    }
}
