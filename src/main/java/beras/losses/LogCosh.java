package beras.losses;

import beras.kernels.LossOp;

/**
 * The mean of {@code log(cosh(prediction - truth))} over the last axis, then over the batch: half the square of a small error,
 * and a large error minus log 2.
 */
public final class LogCosh extends ElementwiseLoss {

    public LogCosh() {
        super(LossOp.LOG_COSH);
    }
}
