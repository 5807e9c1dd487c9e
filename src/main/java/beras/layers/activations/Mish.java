package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x * tanh(log(1 + exp(x)))}, for any shape: Misra (2019). It stays a layer of its own behind Dense, for its
 * derivative does not follow from its output.
 */
public final class Mish extends Elementwise {

    public Mish() {
        super(UnaryOp.MISH, 0f);
    }
}
