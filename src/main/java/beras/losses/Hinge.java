package beras.losses;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.Kernels;
import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * The mean of {@code max(1 - truth * prediction, 0)} over the last axis, then over the batch. The truth is -1 or 1; if all of a
 * batch is 0 or 1, a 0 stands for -1.
 */
public final class Hinge extends ElementwiseLoss {

    private static final float[] ONE = {1f};

    public Hinge() {
        super(LossOp.HINGE);
    }

    @Override
    Tensor truth(Call call) {
        return signs(call);
    }

    /** The truth of a call; if it consists of 0 and 1, as -1 and 1. */
    static Tensor signs(Call call) {
        Tensor t = call.input(1).contiguous();
        for (int i = 0; i < t.size(); i++) {
            float value = t.data()[t.offset() + i];
            if (value != 0f && value != 1f) {
                return t;
            }
        }
        Tensor out = call.allocate(t.shape());
        Kernels kernels = Backend.kernels();
        kernels.zip(BinaryOp.ADD, t.data(), t.offset(), 1, t.data(), t.offset(), 1, out.data(), out.offset(), t.size());
        kernels.zip(BinaryOp.SUBTRACT, out.data(), out.offset(), 1, ONE, 0, 0, out.data(), out.offset(), t.size());
        return out;
    }
}
