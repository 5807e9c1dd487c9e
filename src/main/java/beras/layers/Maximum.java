package beras.layers;

import beras.kernels.BinaryOp;

/**
 * The largest of its inputs, element by element, any number of them of one shape or of shapes that broadcast. If several are
 * equal, the first receives the gradient.
 */
public final class Maximum extends Merge {

    public Maximum() {
        super(BinaryOp.MAXIMUM);
    }
}
