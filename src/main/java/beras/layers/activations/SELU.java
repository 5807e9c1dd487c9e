package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = scale * (x > 0 ? x : alpha * (exp(x) - 1))} with {@code scale = 1.0507} and {@code alpha = 1.6733}, for any shape:
 * Klambauer et al. (2017), who chose the constants so that many layers, with LeCun normal weights, keep mean 0 and variance 1.
 * The derivative at 0 is that from the left, {@code scale * alpha}.
 */
public final class SELU extends Elementwise {

    public SELU() {
        super(UnaryOp.SELU, 0f);
    }
}
