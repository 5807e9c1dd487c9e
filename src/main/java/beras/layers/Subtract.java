package beras.layers;

import beras.kernels.BinaryOp;

/** The first of two inputs of one shape, or of shapes that broadcast, minus the second. */
public final class Subtract extends Merge {

    public Subtract() {
        super(BinaryOp.SUBTRACT);
    }
}
