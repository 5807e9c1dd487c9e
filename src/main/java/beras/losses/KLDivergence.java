package beras.losses;

import beras.kernels.LossOp;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * The Kullback-Leibler divergence {@code sum(target * log(target / prediction))} over the last axis, mean over the batch. Both
 * are distributions, clipped to {@code [1e-7, 1]} and not normalised; the gradient is 0 where the clip of a prediction acts.
 */
public final class KLDivergence extends ElementwiseLoss {

    public KLDivergence() {
        super(LossOp.KL_DIVERGENCE, true);
    }

    /** A distribution: of sigmoids all would learn to be 1. */
    @Override
    public void requireOutputs(Shape output, OutputRange outputs) {
        OutputChecks.requireClasses(this, output);
        OutputChecks.requireProbabilities(this, outputs, "End in a softmax");
        OutputChecks.requireShared(this, outputs);
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireDistribution(this, target, from, to);
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        return target.clip(EPSILON, 1).multiply(target.clip(EPSILON, 1).divide(prediction.clip(EPSILON, 1)).log());
    }
}
