package beras.training;

import java.util.OptionalInt;

/** Training ended because the loss is NaN or infinite; the weights are those before the step that failed. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int epoch; // -1: of a batch alone
    private final int batch;

    DivergedException(int epoch, int batch, float loss) {
        super("The loss became " + loss + (epoch < 0 ? "" : " at epoch " + (epoch + 1) + ", batch " + (batch + 1))
                + ". A smaller learning rate may help; look also for extreme values in the data");
        this.epoch = epoch;
        this.batch = batch;
    }

    /** Of a batch that belongs to no epoch. */
    DivergedException(float loss) {
        this(-1, -1, loss);
    }

    /** The epoch, counted from 0; empty if training was batch by batch. */
    public OptionalInt epoch() {
        return epoch < 0 ? OptionalInt.empty() : OptionalInt.of(epoch);
    }

    /** The batch of that epoch, counted from 0; empty if training was batch by batch. */
    public OptionalInt batch() {
        return epoch < 0 ? OptionalInt.empty() : OptionalInt.of(batch);
    }
}
