package beras.initializers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Normal, not cut. */
public class RandomNormal implements Initializer {

    private double mean;
    private double stddev = 0.05;

    /** With mean 0 and deviation 0.05. */
    public RandomNormal() {}

    /**
     * @param mean   finite; default 0
     * @param stddev standard deviation, finite and at least 0; default 0.05
     * @throws IllegalArgumentException if an argument is out of range
     */
    public RandomNormal(double mean, double stddev) {
        this.mean = mean;
        this.stddev = stddev;
        Settings.check(this);
    }

    @Override
    public final void settings(Settings s) {
        mean = Arguments.finite("mean of " + typeName(), s.number("mean", mean));
        stddev = Arguments.notNegative("stddev of " + typeName(), s.number("stddev", stddev));
    }

    @Override
    public final Tensor values(Shape shape, long seed) {
        return values(shape, seed, mean, stddev);
    }

    Tensor values(Shape shape, long seed, double mean, double deviation) {
        return Draws.normal(shape, seed, mean, deviation);
    }
}
