package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/** The logistic function {@code y = 1 / (1 + exp(-x))}, for any shape; exactly 0 and 1 far out, never NaN for a number. */
public final class Sigmoid extends Elementwise {

    public Sigmoid() {
        super(UnaryOp.SIGMOID, 0f);
    }
}
