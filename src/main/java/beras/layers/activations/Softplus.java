package beras.layers.activations;

import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = log(1 + exp(x))}, above 0 and near to {@code max(x, 0)} far out, for any shape. It never overflows, and keeps its
 * relative precision in the left tail.
 */
public final class Softplus extends Elementwise {

    public Softplus() {
        super(UnaryOp.SOFTPLUS, 0f);
    }
}
