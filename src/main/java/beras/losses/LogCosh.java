package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code log(cosh(prediction - target))} over the last axis, then over the batch: half the square of a small error,
 * and a large error minus log 2.
 */
public final class LogCosh extends ElementwiseLoss {

    public LogCosh() {
        super(LossOp.LOG_COSH);
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        Tensor error = prediction.subtract(target);
        return error.add(error.multiply(-2).softplus()).subtract(StrictMath.log(2));
    }
}
