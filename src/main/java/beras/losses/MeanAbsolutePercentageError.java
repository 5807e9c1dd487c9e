package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code 100 |prediction - target| / max(|target|, 1e-7)} over the last axis, then over the batch: an error in
 * percent of the target.
 */
public final class MeanAbsolutePercentageError extends ElementwiseLoss {

    public MeanAbsolutePercentageError() {
        super(LossOp.PERCENTAGE);
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        return prediction.subtract(target).abs().divide(target.abs().maximum(EPSILON)).multiply(100);
    }
}
