package beras.losses;

import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.LossOp;
import beras.kernels.MatrixView;
import beras.tensor.Tensor;

/**
 * The mean of {@code max(1 - target * prediction, 0)} over the last axis, then over the batch. The target is -1 or 1; if all of a
 * batch is 0 or 1, a 0 stands for -1.
 */
public final class Hinge extends ElementwiseLoss {

    private static final MatrixView ONE = new MatrixView(new float[] {1f});

    public Hinge() {
        super(LossOp.HINGE);
    }

    @Override
    Tensor target(OperationCall call) {
        return signs(call);
    }

    /** The target of a call; if it consists of 0 and 1, as -1 and 1. */
    static Tensor signs(OperationCall call) {
        Tensor t = call.input(1).contiguous();
        for (int i = 0; i < t.size(); i++) {
            float value = t.data()[t.offset() + i];
            if (value != 0f && value != 1f) {
                return t;
            }
        }
        Tensor out = call.allocate(t.shape());
        Backend.elements().zip(BinaryOp.ADD, t.block(), t.block(), out.block());
        Backend.elements().zip(BinaryOp.SUBTRACT, out.block(), ONE, out.block());
        return out;
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
        return target.multiply(prediction).negate().add(1).relu();
    }
}
