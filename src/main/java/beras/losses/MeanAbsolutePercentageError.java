package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code 100 |prediction - truth| / max(|truth|, 1e-7)} over the last axis, then over the batch: an error in
 * percent of the truth.
 */
public final class MeanAbsolutePercentageError extends ElementwiseLoss {

    public MeanAbsolutePercentageError() {
        super(LossOp.PERCENTAGE);
    }

    @Override
    Tensor each(Tensor prediction, Tensor truth) {
        return prediction.subtract(truth).abs().divide(truth.abs().maximum(FUZZ)).multiply(100);
    }
}
