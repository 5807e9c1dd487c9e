package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code (prediction - target)^2} over the last axis, then over the batch. The gradient to the predictions is
 * {@code 2 (prediction - target) / (batch n)}.
 */
public final class MeanSquaredError extends ElementwiseLoss {

    public MeanSquaredError() {
        super(LossOp.SQUARED);
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        return prediction.subtract(target).square();
    }
}
