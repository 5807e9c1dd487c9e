package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code (log(1 + prediction) - log(1 + target))^2} over the last axis, then over the batch, for predictions and
 * target of at least 0; what is less than 1e-7 counts as 1e-7.
 */
public final class MeanSquaredLogarithmicError extends ElementwiseLoss {

    public MeanSquaredLogarithmicError() {
        super(LossOp.SQUARED_LOG);
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireNotNegative(this, target, from, to);
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        return prediction.maximum(EPSILON).add(1).log().subtract(target.maximum(EPSILON).add(1).log()).square();
    }
}
