package beras.losses;

import beras.autograd.Call;
import beras.config.Config;
import beras.kernels.Backend;
import beras.kernels.LossOp;
import beras.tensor.Tensor;

/** A loss that is the mean (or the sum) over the last axis of a function of each prediction and its truth. */
abstract class ElementwiseLoss extends Loss {

    private final LossOp op;
    private final float alpha;
    private final boolean summed;

    /** The mean of a function without parameter. */
    ElementwiseLoss(LossOp op) {
        this(op, 0f, false);
    }

    ElementwiseLoss(LossOp op, float alpha, boolean summed) {
        this.op = op;
        this.alpha = alpha;
        this.summed = summed;
    }

    /** The truth as the function takes it. */
    Tensor truth(Call call) {
        return call.input(1).contiguous();
    }

    @Override
    public Config config() {
        return Config.of(getClass());
    }

    @Override
    protected final void perExample(Call call, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = truth(call);
        Backend.kernels().losses(op, alpha, p.data(), p.offset(), t.data(), t.offset(), examples(call), p.dim(-1), divisor(p),
                out.data(), out.offset());
    }

    @Override
    protected final void gradient(Call call, float scale, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = truth(call);
        Backend.kernels().lossGradient(op, alpha, p.data(), p.offset(), t.data(), t.offset(), scale / divisor(p), out.data(),
                out.offset(), p.size());
    }

    private float divisor(Tensor p) {
        return summed ? 1f : p.dim(-1);
    }
}
