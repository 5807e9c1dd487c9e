package beras.layers;

import beras.autograd.OperationCall;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;
import java.util.List;

/** The first of two inputs of one shape, or of shapes that broadcast, minus the second. */
public final class Subtract extends Merge {

    public Subtract() {
        super(BinaryOp.SUBTRACT);
    }

    @Override
    protected int inputCount() {
        return 2;
    }

    @Override
    Tensor gradient(OperationCall call, List<Tensor> inputs, int i, Tensor upstream) {
        return i == 0 ? upstream : zip(call, BinaryOp.MULTIPLY, upstream, Tensor.scalar(-1f));
    }
}
