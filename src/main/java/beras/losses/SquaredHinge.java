package beras.losses;

import beras.autograd.OperationCall;
import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code max(1 - truth * prediction, 0)^2} over the last axis, then over the batch, with the truth as in
 * {@link Hinge}.
 */
public final class SquaredHinge extends ElementwiseLoss {

    public SquaredHinge() {
        super(LossOp.SQUARED_HINGE);
    }

    @Override
    Tensor truth(OperationCall call) {
        return Hinge.signs(call);
    }

    @Override
    public boolean isOfScores() {
        return true;
    }

    @Override
    protected void requireTarget(float[] truth, int from, int to) {
        Targets.requireSigns(this, truth, from, to);
    }

    @Override
    Tensor each(Tensor prediction, Tensor truth) {
        return truth.multiply(prediction).negate().add(1).relu().square();
    }
}
