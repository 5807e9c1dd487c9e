package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;

/** The mean of its inputs, element by element, any number of them of one shape. */
public final class Average extends Merge {

    public Average() {
        super(BinaryOp.ADD);
    }

    /** A layer as a config tells it. */
    public static Layer of(Config config) {
        config.requireOnly("name", "seed");
        return configured(new Average(), config);
    }

    @Override
    Tensor finish(Call call, Tensor merged) {
        return zip(call, BinaryOp.DIVIDE, merged, Tensor.scalar(call.inputs().size()));
    }

    @Override
    Tensor gradient(Call call, int i, Tensor upstream) {
        return finish(call, upstream);
    }
}
