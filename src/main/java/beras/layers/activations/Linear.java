package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/** {@code y = x}, for any shape: no activation, by a name. */
public final class Linear extends Elementwise {

    public Linear() {
        super(UnaryOp.LINEAR, 0f);
    }
}
