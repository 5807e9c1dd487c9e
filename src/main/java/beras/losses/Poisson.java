package beras.losses;

import beras.kernels.LossOp;

/**
 * The mean of {@code prediction - truth * log(prediction + 1e-7)} over the last axis, then over the batch: for counts,
 * predicted by numbers above 0.
 */
public final class Poisson extends ElementwiseLoss {

    public Poisson() {
        super(LossOp.POISSON);
    }
}
