package beras.losses;

import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.tensor.Tensor;

/**
 * Minus the cosine of the angle between prediction and target as vectors along the last axis, mean over the batch: -1 where they
 * point the same way, 1 where they are opposed. Lengths below 1e-7 count as 1e-7.
 */
public final class CosineSimilarity extends FusedLoss {

    @Override
    protected void perExample(OperationCall call, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = call.input(1).contiguous();
        Backend.rowLosses().negativeCosine(p.block(), t.block(), out.block());
    }

    @Override
    protected void gradient(OperationCall call, float scale, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = call.input(1).contiguous();
        Backend.rowLosses().negativeCosineGradient(p.block(), t.block(), scale, out.block());
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        Tensor lengths = predictions.norm(-1).maximum(EPSILON).multiply(target.norm(-1).maximum(EPSILON));
        return predictions.multiply(target).sum(-1).divide(lengths).negate();
    }
}
