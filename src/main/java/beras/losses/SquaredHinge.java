package beras.losses;

import beras.autograd.OperationCall;
import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code max(1 - target * prediction, 0)^2} over the last axis, then over the batch, with the target as in
 * {@link Hinge}.
 */
public final class SquaredHinge extends ElementwiseLoss {

    public SquaredHinge() {
        super(LossOp.SQUARED_HINGE);
    }

    @Override
    Tensor target(OperationCall call) {
        return Hinge.signs(call);
    }

    @Override
    public boolean isOfScores() {
        return true;
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireSigns(this, target, from, to);
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        return target.multiply(prediction).negate().add(1).relu().square();
    }
}
