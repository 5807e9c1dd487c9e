package beras.layers;

import beras.kernels.BinaryOp;

/**
 * The smallest of its inputs, element by element, any number of them of one shape or of shapes that broadcast. If several are
 * equal, the first receives the gradient.
 */
public final class Minimum extends Merge {

    public Minimum() {
        super(BinaryOp.MINIMUM);
    }
}
