package beras.losses;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.LossOp;

/**
 * Half the squared error up to an error of {@code delta}, and linear beyond: {@code delta (|error| - delta / 2)}; mean over the
 * last axis, then over the batch.
 */
public final class Huber extends ElementwiseLoss {

    private final float delta;

    /** With delta 1. */
    public Huber() {
        this(1f);
    }

    /**
     * @param delta from which error on the loss is linear, finite and above 0
     * @throws IllegalArgumentException if it is not
     */
    public Huber(float delta) {
        super(LossOp.HUBER, delta, false);
        this.delta = Arguments.positive("delta of Huber", delta);
    }

    @Override
    public Config config() {
        return super.config().with("delta", delta);
    }
}
