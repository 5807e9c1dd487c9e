package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code (prediction - truth)^2} over the last axis, then over the batch. The gradient to the predictions is
 * {@code 2 (prediction - truth) / (batch n)}.
 */
public final class MeanSquaredError extends ElementwiseLoss {

    public MeanSquaredError() {
        super(LossOp.SQUARED);
    }

    @Override
    Tensor each(Tensor prediction, Tensor truth) {
        return prediction.subtract(truth).square();
    }
}
