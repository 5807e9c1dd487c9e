package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/** {@code y = x / (1 + |x|)}, from -1 to 1, for any shape; 1 and -1 at the infinities, where Keras and PyTorch give NaN. */
public final class Softsign extends Elementwise {

    public Softsign() {
        super(UnaryOp.SOFTSIGN, 0f);
    }
}
