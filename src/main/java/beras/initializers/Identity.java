package beras.initializers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * A matrix with one value on the diagonal and 0 elsewhere.
 */
public final class Identity implements Initializer {

    private double gain = 1;

    /** With gain 1. */
    public Identity() {}

    /**
     * @param gain the value, finite; default 1
     * @throws IllegalArgumentException if it is not
     */
    public Identity(double gain) {
        this.gain = gain;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        gain = Arguments.finite("gain of Identity", s.number("gain", gain));
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        if (shape.rank() != 2) {
            throw new IllegalArgumentException("Identity needs a shape of 2 axes. Received: " + shape);
        }
        int cols = shape.dim(1);
        return Tensor.generate(i -> i / cols == i % cols ? gain : 0, shape.toArray());
    }
}
