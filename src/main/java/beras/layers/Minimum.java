package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;

/**
 * The smallest of its inputs, element by element, any number of them of one shape. Of equal ones the first has the gradient.
 */
public final class Minimum extends Merge {

    public Minimum() {
        super(BinaryOp.MINIMUM);
    }

    /** A layer as a config tells it. */
    public static Layer of(Config config) {
        config.requireOnly("name", "seed");
        return configured(new Minimum(), config);
    }

    @Override
    Tensor gradient(Call call, int i, Tensor upstream) {
        return gradientToFirstEqual(call, i, upstream);
    }
}
