package beras.initializers;

import beras.config.Arguments;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Normal, cut at two standard deviations: nothing is further from the mean, and the deviation after cutting is 0.8796 of that
 * before.
 *
 * @param mean   finite; default 0
 * @param stddev standard deviation before cutting, finite and at least 0; default 0.05
 */
public record TruncatedNormal(double mean, double stddev) implements Initializer {

    /** What cutting leaves of a deviation of 1. */
    private static final double REST = 0.87962566103423978;

    public TruncatedNormal {
        Arguments.finite("mean of TruncatedNormal", mean);
        Arguments.notNegative("stddev of TruncatedNormal", stddev);
    }

    /** With mean 0 and deviation 0.05 before cutting. */
    public TruncatedNormal() {
        this(0, 0.05);
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        return Draws.truncatedNormal(shape, seed, mean, stddev * REST);
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("mean", mean).with("stddev", stddev);
    }
}
