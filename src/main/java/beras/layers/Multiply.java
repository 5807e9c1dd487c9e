package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;

/** The product of its inputs, element by element, any number of them of one shape. */
public final class Multiply extends Merge {

    public Multiply() {
        super(BinaryOp.MULTIPLY);
    }

    /** A layer as a config tells it. */
    public static Layer of(Config config) {
        config.requireOnly("name", "seed");
        return configured(new Multiply(), config);
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
