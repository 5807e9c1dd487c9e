package org.example;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.layers.Layer;
import beras.tensor.Tensor;

/** Lets pass what is above a bound, smoothly: {@code y = x * sigmoid(x - bound)}, for any shape. */
public final class Gate extends Layer {

    private double bound;

    /** A gate at 0. */
    public Gate() {}

    /** From where on it lets pass; default 0. */
    public Gate bound(double newBound) {
        set("bound", newBound);
        return this;
    }

    /** Its settings: files, recipes and {@code gate(0.5)} on the command line know them from here. */
    @Override
    public void settings(Settings s) {
        bound = Arguments.finite("bound of Gate", s.number("bound", bound));
    }

    /** The function alone: made of operations of tensors, it needs no gradient. */
    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        return x.multiply(x.subtract(bound).sigmoid());
    }
}
