package beras.losses;

import beras.kernels.LossOp;

/**
 * The mean of {@code (prediction - truth)^2} over the last axis, then over the batch. The gradient to the predictions is
 * {@code 2 (prediction - truth) / (batch n)}.
 */
public final class MeanSquaredError extends ElementwiseLoss {

    public MeanSquaredError() {
        super(LossOp.SQUARED);
    }
}
