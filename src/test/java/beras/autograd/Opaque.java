package beras.autograd;

import beras.tensor.Tensor;

/** Multiplies by a factor, with a custom gradient and without a composition: for tests. */
public record Opaque(double factor) implements FusedOperation {

    @Override
    public Tensor compute(OperationCall call) {
        return call.input(0).multiply(factor);
    }

    @Override
    public Tensor gradient(OperationCall call, int i, Tensor upstream) {
        return upstream.multiply(factor);
    }
}
