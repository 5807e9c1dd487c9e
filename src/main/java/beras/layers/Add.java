package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;

/** The sum of its inputs, any number of them of one shape. */
public final class Add extends Merge {

    public Add() {
        super(BinaryOp.ADD);
    }

    /** A layer as a config tells it. */
    public static Layer of(Config config) {
        config.requireOnly("name", "seed");
        return configured(new Add(), config);
    }

    @Override
    Tensor gradient(Call call, int i, Tensor upstream) {
        return upstream;
    }
}
