package beras.layers;

import beras.kernels.BinaryOp;

/** The mean of its inputs, element by element, any number of them of one shape or of shapes that broadcast. */
public final class Average extends Merge {

    public Average() {
        super(BinaryOp.ADD, true);
    }
}
