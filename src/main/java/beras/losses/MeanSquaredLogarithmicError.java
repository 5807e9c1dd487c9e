package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code (log(1 + prediction) - log(1 + truth))^2} over the last axis, then over the batch, for predictions and
 * truth of at least 0; what is less than 1e-7 counts as 1e-7.
 */
public final class MeanSquaredLogarithmicError extends ElementwiseLoss {

    public MeanSquaredLogarithmicError() {
        super(LossOp.SQUARED_LOG);
    }

    @Override
    protected void requireTarget(float[] truth, int from, int to) {
        Targets.requireNotNegative(this, truth, from, to);
    }

    @Override
    Tensor each(Tensor prediction, Tensor truth) {
        return prediction.maximum(FUZZ).add(1).log().subtract(truth.maximum(FUZZ).add(1).log()).square();
    }
}
