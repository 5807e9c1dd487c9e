package beras.golden;

import beras.config.Config;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/** The hyperbolic tangent as an activation: what a user writes to make one of a function that the kernels know. */
public final class Tanh extends Elementwise {

    public Tanh() {
        super(UnaryOp.TANH, 0f);
    }

    @Override
    public Config config() {
        return settings();
    }
}
