package beras.losses;

import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.tensor.Tensor;

/**
 * {@code max(max((1 - target) * prediction) - sum(target * prediction) + 1, 0)} over the classes, mean over the batch: 0 as soon
 * as the score of the right class leads by 1. The target is one-hot. Of several largest scores, the first has the gradient.
 */
public final class CategoricalHinge extends FusedLoss {

    @Override
    protected void perExample(OperationCall call, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = call.input(1).contiguous();
        Backend.rowLosses().categoricalHinge(p.block(), t.block(), out.block());
    }

    @Override
    protected void gradient(OperationCall call, float scale, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = call.input(1).contiguous();
        Backend.rowLosses().categoricalHingeGradient(p.block(), t.block(), scale, out.block());
    }

    @Override
    public boolean isOfScores() {
        return true;
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireDistribution(this, target, from, to);
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        Tensor largestOther = target.negate().add(1).multiply(predictions).max(-1);
        return largestOther.subtract(target.multiply(predictions).sum(-1)).add(1).relu();
    }
}
