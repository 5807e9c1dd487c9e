package beras.losses;

import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code log(cosh(prediction - truth))} over the last axis, then over the batch: half the square of a small error,
 * and a large error minus log 2.
 */
public final class LogCosh extends ElementwiseLoss {

    public LogCosh() {
        super(LossOp.LOG_COSH);
    }

    @Override
    Tensor each(Tensor prediction, Tensor truth) {
        Tensor error = prediction.subtract(truth);
        return error.add(error.multiply(-2).softplus()).subtract(StrictMath.log(2));
    }
}
