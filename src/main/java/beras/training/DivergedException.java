package beras.training;

import beras.kernels.Backend;
import beras.optimizers.NonFiniteGradientException;
import beras.tensor.Variable;
import java.util.List;
import java.util.OptionalInt;

/**
 * Training ended because the loss, a gradient or a weight is NaN or infinite. If the loss or a gradient is, the step was not
 * made, and the weights are those before it. Only a step that leaves the range of floats although its gradients are finite, as
 * with a learning rate of 1e30, may have made weights that are not finite: {@link #hasFiniteWeights}.
 */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final String ADVICE = ". A smaller learning rate may help; look also for extreme values in the data";

    private final int epoch; // -1: of a batch alone
    private final int batch;
    private final boolean finiteWeights;

    private DivergedException(String message, int epoch, int batch, boolean finiteWeights, Throwable cause) {
        super(message, cause);
        this.epoch = epoch;
        this.batch = batch;
        this.finiteWeights = finiteWeights;
    }

    /**
     * @param epoch   -1: the batch belongs to none
     * @param weights all weights of the network
     */
    static DivergedException ofLoss(int epoch, int batch, float loss, List<Variable> weights) {
        return ofStep("The loss became " + loss + place(epoch, batch), epoch, batch, weights, null);
    }

    /**
     * @param epoch   -1: the batch belongs to none
     * @param weights all weights of the network
     */
    static DivergedException ofGradient(int epoch, int batch, NonFiniteGradientException cause, List<Variable> weights) {
        return ofStep("Training diverged" + place(epoch, batch) + ": " + cause.getMessage(), epoch, batch, weights, cause);
    }

    private static DivergedException ofStep(String what, int epoch, int batch, List<Variable> weights, Throwable cause) {
        boolean finite = weights.stream().allMatch(DivergedException::isFinite);
        return new DivergedException(what + (finite ? "" : ", as a step before made weights NaN or infinite: they are of no use any"
                + " more") + ADVICE, epoch, batch, finite, cause);
    }

    /** @param weight is not finite */
    static DivergedException ofWeight(int epoch, int batch, Variable weight) {
        return new DivergedException("A step up to epoch " + (epoch + 1) + ", batch " + (batch + 1) + " made variable "
                + weight.name() + " of shape " + weight.shape() + " NaN or infinite: the weights are of no use any more" + ADVICE, epoch,
                batch, false, null);
    }

    private static String place(int epoch, int batch) {
        return epoch < 0 ? "" : " at epoch " + (epoch + 1) + ", batch " + (batch + 1);
    }

    static boolean isFinite(Variable weight) {
        return Backend.sums().isFinite(weight.block());
    }

    /** Whether all weights of the network are finite; if not, discard them. */
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
