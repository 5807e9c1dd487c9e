package beras.layers;

import beras.autograd.OperationCall;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;
import java.util.List;

/**
 * The largest of its inputs, element by element, any number of them of one shape or of shapes that broadcast. Of equal ones the
 * first has the gradient.
 */
public final class Maximum extends Merge {

    public Maximum() {
        super(BinaryOp.MAXIMUM);
    }

    /** That of all inputs together. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.union(inputs);
    }

    @Override
    Tensor gradient(OperationCall call, List<Tensor> inputs, int i, Tensor upstream) {
        return gradientToFirstEqual(call, inputs, i, upstream);
    }

    @Override
    Tensor composition(OperationCall call, List<Tensor> inputs) {
        return firstEqual(call, inputs);
    }
}
