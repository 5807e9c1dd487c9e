package beras.initializers;

import beras.config.Arguments;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Normal, not cut.
 *
 * @param mean   finite; default 0
 * @param stddev standard deviation, finite and at least 0; default 0.05
 */
public record RandomNormal(double mean, double stddev) implements Initializer {

    public RandomNormal {
        Arguments.finite("mean of RandomNormal", mean);
        Arguments.notNegative("stddev of RandomNormal", stddev);
    }

    /** With mean 0 and deviation 0.05. */
    public RandomNormal() {
        this(0, 0.05);
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        return Draws.normal(shape, seed, mean, stddev);
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("mean", mean).with("stddev", stddev);
    }
}
