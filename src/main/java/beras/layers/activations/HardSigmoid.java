package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x / 6 + 1 / 2}, but at least 0 and at most 1, for any shape: a cheap sigmoid. (Keras 2 had slope 0.2.) The
 * derivative is 0 where {@code y} is 0 or 1, also at -3 and 3.
 */
public final class HardSigmoid extends Elementwise {

    public HardSigmoid() {
        super(UnaryOp.HARD_SIGMOID, 0f);
    }
}
