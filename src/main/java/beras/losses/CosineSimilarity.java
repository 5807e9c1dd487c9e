package beras.losses;

import beras.autograd.OperationCall;
import beras.tensor.Tensor;

/**
 * Minus the cosine of the angle between prediction and target as vectors along the last axis, mean over the batch: -1 where they
 * point the same way, 1 where they are opposed. Lengths below 1e-7 count as 1e-7.
 */
public final class CosineSimilarity extends FusedLoss {

    @Override
    protected void perExample(OperationCall call, Tensor out) {
        write(losses(call.input(0), call.input(1)), out);
    }

    @Override
    protected void gradient(OperationCall call, float scale, Tensor out) {
        Tensor p = call.input(0);
        Tensor t = call.input(1).divide(length(call.input(1)));
        Tensor length = length(p);
        Tensor isConstant = p.norm(-1).expandDims(-1).lessEqual(EPSILON); // then only the product depends on p
        Tensor product = p.multiply(call.input(1)).sum(-1).expandDims(-1).divide(length).divide(length(call.input(1)));
        Tensor cosine = Tensor.where(isConstant, Tensor.scalar(0), product);
        write(cosine.multiply(p.divide(length)).subtract(t).divide(length).multiply(scale), out);
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        Tensor product = predictions.multiply(target).sum(-1).expandDims(-1);
        return product.divide(length(predictions)).divide(length(target)).negate();
    }

    private static Tensor length(Tensor vectors) {
        return vectors.norm(-1).expandDims(-1).maximum(EPSILON);
    }
}
