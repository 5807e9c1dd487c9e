package beras.training;

import beras.tensor.Variable;
import java.util.List;
import java.util.OptionalInt;

/**
 * Training ended because the loss is NaN or infinite; the weights are those before the step that failed. They may be not finite
 * already, if the gradients of a step before were infinite: {@link #hasFiniteWeights} says so.
 */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int epoch; // -1: of a batch alone
    private final int batch;
    private final boolean finiteWeights;

    /** @param weights all of the net */
    DivergedException(int epoch, int batch, float loss, List<Variable> weights) {
        this(epoch, batch, loss, areFinite(weights));
    }

    /** Of a batch that belongs to no epoch. */
    DivergedException(float loss, List<Variable> weights) {
        this(-1, -1, loss, weights);
    }

    private DivergedException(int epoch, int batch, float loss, boolean finiteWeights) {
        super("The loss became " + loss + (epoch < 0 ? "" : " at epoch " + (epoch + 1) + ", batch " + (batch + 1))
                + (finiteWeights ? "" : ", as a step before made weights NaN or infinite: they are of no use any more")
                + ". A smaller learning rate may help; look also for extreme values in the data");
        this.epoch = epoch;
        this.batch = batch;
        this.finiteWeights = finiteWeights;
    }

    private static boolean areFinite(List<Variable> weights) {
        for (Variable weight : weights) {
            for (int i = 0; i < weight.size(); i++) {
                if (!Float.isFinite(weight.data()[weight.offset() + i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether all weights of the net are finite; else the steps before have spoilt them, and they are to be thrown away. */
    public boolean hasFiniteWeights() {
        return finiteWeights;
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
