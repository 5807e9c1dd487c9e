package beras.initializers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** One value throughout. */
public final class Constant implements Initializer {

    private double value;

    /** Zeros. */
    public Constant() {}

    /**
     * @param value finite; default 0
     * @throws IllegalArgumentException if it is not
     */
    public Constant(double value) {
        this.value = value;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        value = Arguments.finite("value of Constant", s.number("value", value));
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        return Tensor.full((float) value, shape.toArray());
    }
}
