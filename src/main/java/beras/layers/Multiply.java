package beras.layers;

import beras.autograd.OperationCall;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;
import java.util.List;

/** The product of its inputs, element by element, any number of them of one shape or of shapes that broadcast. */
public final class Multiply extends Merge {

    public Multiply() {
        super(BinaryOp.MULTIPLY);
    }

    @Override
    Tensor gradient(OperationCall call, List<Tensor> inputs, int i, Tensor upstream) {
        Tensor product = upstream;
        for (int j = 0; j < inputs.size(); j++) {
            if (j != i) {
                product = zip(call, BinaryOp.MULTIPLY, product, inputs.get(j));
            }
        }
        return product;
    }
}
