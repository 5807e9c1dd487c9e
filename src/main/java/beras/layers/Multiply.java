package beras.layers;

import beras.autograd.Call;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;

/** The product of its inputs, element by element, any number of them of one shape. */
public final class Multiply extends Merge {

    public Multiply() {
        super(BinaryOp.MULTIPLY);
    }

    @Override
    Tensor gradient(Call call, int i, Tensor upstream) {
        Tensor product = upstream;
        for (int j = 0; j < call.inputs().size(); j++) {
            if (j != i) {
                product = zip(call, BinaryOp.MULTIPLY, product, call.input(j));
            }
        }
        return product;
    }
}
