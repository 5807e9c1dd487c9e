package beras.training;

/**
 * Ends training in order when the loss of a batch, a gradient or a weight is NaN or infinite, where {@code fit} would throw. The
 * weights are those before the batch, and {@link EarlyStopping#restoreBestWeights} still does its work.
 */
public final class TerminateOnNaN implements Callback {

    private int stoppedEpoch = -1;
    private int stoppedBatch = -1;

    @Override
    public void onTrainBegin(Training training) {
        stoppedEpoch = -1;
        stoppedBatch = -1;
    }

    @Override
    public boolean onDiverged(DivergedException cause) {
        stoppedEpoch = cause.epoch().orElse(-1);
        stoppedBatch = cause.batch().orElse(-1);
        return true;
    }

    /** The epoch, counted from 0, in which training was ended; -1 if it was not. */
    public int stoppedEpoch() {
        return stoppedEpoch;
    }

    /** The batch of that epoch, counted from 0, at which it was; -1 if there was none. */
    public int stoppedBatch() {
        return stoppedBatch;
    }
}
