package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x * sigmoid(x)}, also called swish, for any shape; 0 at minus infinity, where Keras and PyTorch give NaN. It stays
 * a layer of its own behind Dense, for its derivative does not follow from its output.
 */
public final class SiLU extends Elementwise {

    public SiLU() {
        super(UnaryOp.SILU, 0f);
    }
}
