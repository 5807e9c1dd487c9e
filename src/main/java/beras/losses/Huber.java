package beras.losses;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * Half the squared error up to an error of {@code delta}, and linear beyond: {@code delta (|error| - delta / 2)}; mean over the
 * last axis, then over the batch.
 */
public final class Huber extends ElementwiseLoss {

    private float delta = 1f;

    /** With delta 1. */
    public Huber() {
        super(LossOp.HUBER);
    }

    /**
     * @param delta from which error on the loss is linear, finite and above 0; default 1
     * @throws IllegalArgumentException if it is not
     */
    public Huber(double delta) {
        this();
        this.delta = (float) delta;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        delta = Arguments.positive("delta of Huber", s.real("delta", delta));
    }

    @Override
    float alpha() {
        return delta;
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        Tensor error = prediction.subtract(target).abs();
        return Tensor.where(error.lessEqual(delta), error.square().multiply(0.5), error.subtract(0.5 * delta).multiply(delta));
    }
}
