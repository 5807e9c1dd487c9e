package beras.losses;

import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.LossOp;
import beras.tensor.Tensor;

/** A loss that is the mean (or the sum) over the last axis of a function of each prediction and its target. */
abstract class ElementwiseLoss extends FusedLoss {

    private final LossOp op;
    private final boolean summed;

    /** The mean of a function. */
    ElementwiseLoss(LossOp op) {
        this(op, false);
    }

    ElementwiseLoss(LossOp op, boolean summed) {
        this.op = op;
        this.summed = summed;
    }

    /** The parameter of the function, if it has one. */
    float alpha() {
        return 0f;
    }

    /** The function itself, of each prediction and its target. */
    abstract Tensor elementwise(Tensor prediction, Tensor target);

    @Override
    protected final Tensor losses(Tensor predictions, Tensor target) {
        Tensor losses = elementwise(predictions, target);
        return summed ? losses.sum(-1) : losses;
    }

    @Override
    protected final void perExample(OperationCall call, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = target(call);
        Backend.rowLosses().losses(op, alpha(), p.block(), t.block(), divisor(p), out.block());
    }

    @Override
    protected final void gradient(OperationCall call, float scale, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = target(call);
        Backend.rowLosses().lossGradient(op, alpha(), p.block(), t.block(), scale / divisor(p), out.block());
    }

    private float divisor(Tensor p) {
        return summed ? 1f : p.dim(-1);
    }
}
