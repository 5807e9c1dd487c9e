package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code |prediction - target|} over the last axis, then over the batch. The gradient is 0 where both are equal.
 */
public final class MeanAbsoluteError extends ElementwiseLoss {

    public MeanAbsoluteError() {
        super(LossOp.ABSOLUTE);
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        return prediction.subtract(target).abs();
    }
}
