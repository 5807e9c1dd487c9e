package beras.layers;

import beras.autograd.Call;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;

/**
 * The largest of its inputs, element by element, any number of them of one shape. Of equal ones the first has the gradient.
 */
public final class Maximum extends Merge {

    public Maximum() {
        super(BinaryOp.MAXIMUM);
    }

    @Override
    Tensor gradient(Call call, int i, Tensor upstream) {
        return gradientToFirstEqual(call, i, upstream);
    }
}
