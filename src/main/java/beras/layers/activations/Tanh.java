package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/** The hyperbolic tangent {@code y = tanh(x)}, from -1 to 1, for any shape. */
public final class Tanh extends Elementwise {

    public Tanh() {
        super(UnaryOp.TANH, 0f);
    }
}
