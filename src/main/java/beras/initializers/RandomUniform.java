package beras.initializers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Uniform between two numbers. */
public final class RandomUniform implements Initializer {

    private double minval = -0.05;
    private double maxval = 0.05;

    /** Between -0.05 and 0.05. */
    public RandomUniform() {}

    /**
     * @param minval lower end, finite; default -0.05
     * @param maxval upper end, finite and at least {@code minval}; default 0.05
     * @throws IllegalArgumentException if an argument is out of range
     */
    public RandomUniform(double minval, double maxval) {
        this.minval = minval;
        this.maxval = maxval;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        double low = Arguments.finite("minval of RandomUniform", s.number("minval", minval));
        double high = Arguments.finite("maxval of RandomUniform", s.number("maxval", maxval));
        if (low > high) {
            throw new IllegalArgumentException(
                    "minval of RandomUniform must be at most maxval. Received: " + low + " and " + high);
        }
        minval = low;
        maxval = high;
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        Rng rng = Draws.rng(seed);
        return Tensor.generate(i -> minval + (maxval - minval) * rng.uniform(i), shape.toArray());
    }
}
