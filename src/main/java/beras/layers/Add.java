package beras.layers;

import beras.kernels.BinaryOp;

/** The sum of its inputs, any number of them of one shape or of shapes that broadcast. */
public final class Add extends Merge {

    public Add() {
        super(BinaryOp.ADD);
    }
}
