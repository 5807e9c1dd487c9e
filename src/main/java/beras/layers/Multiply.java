package beras.layers;

import beras.kernels.BinaryOp;

/** The product of its inputs, element by element, any number of them of one shape or of shapes that broadcast. */
public final class Multiply extends Merge {

    public Multiply() {
        super(BinaryOp.MULTIPLY);
    }
}
