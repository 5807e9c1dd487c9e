package beras.layers;

import beras.autograd.OperationCall;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;
import java.util.List;

/** The mean of its inputs, element by element, any number of them of one shape or of shapes that broadcast. */
public final class Average extends Merge {

    public Average() {
        super(BinaryOp.ADD);
    }

    /** That of all inputs together. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.union(inputs);
    }

    @Override
    Tensor finish(OperationCall call, Tensor merged) {
        return zip(call, BinaryOp.DIVIDE, merged, Tensor.scalar(call.inputs().size()));
    }

    @Override
    Tensor gradient(OperationCall call, List<Tensor> inputs, int i, Tensor upstream) {
        return finish(call, upstream);
    }

    @Override
    Tensor composition(OperationCall call, List<Tensor> inputs) {
        return super.composition(call, inputs).divide(inputs.size());
    }
}
