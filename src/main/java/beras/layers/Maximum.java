package beras.layers;

import beras.kernels.BinaryOp;

/**
 * The largest of its inputs, element by element, any number of them of one shape or of shapes that broadcast. Of equal ones the
 * first has the gradient.
 */
public final class Maximum extends Merge {

    public Maximum() {
        super(BinaryOp.MAXIMUM);
    }
}
