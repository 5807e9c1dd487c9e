package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/** {@code y = exp(x)}, for any shape; infinity above 88.72. */
public final class Exponential extends Elementwise {

    public Exponential() {
        super(UnaryOp.EXP, 0f);
    }
}
