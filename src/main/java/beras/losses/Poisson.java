package beras.losses;

import beras.kernels.LossOp;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * The mean of {@code prediction - target * log(prediction + 1e-7)} over the last axis, then over the batch: for counts,
 * predicted by numbers above 0.
 */
public final class Poisson extends ElementwiseLoss {

    public Poisson() {
        super(LossOp.POISSON);
    }

    /** Numbers of at least 0: of others there is no logarithm. */
    @Override
    public void requireOutputs(Shape output, OutputRange outputs) {
        OutputChecks.requireNotNegative(this, outputs, "End in exponential or softplus");
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireNotNegative(this, target, from, to);
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        return prediction.subtract(target.multiply(prediction.add(EPSILON).log()));
    }
}
