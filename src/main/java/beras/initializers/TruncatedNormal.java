package beras.initializers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Normal, cut at two standard deviations: nothing is further from the mean, and the deviation after cutting is 0.8796 of that
 * before.
 */
public final class TruncatedNormal implements Initializer {

    private double mean;
    private double stddev = 0.05;

    /** With mean 0 and deviation 0.05 before cutting. */
    public TruncatedNormal() {}

    /**
     * @param mean   finite; default 0
     * @param stddev standard deviation before cutting, finite and at least 0; default 0.05
     * @throws IllegalArgumentException if an argument is out of range
     */
    public TruncatedNormal(double mean, double stddev) {
        this.mean = mean;
        this.stddev = stddev;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        mean = Arguments.finite("mean of TruncatedNormal", s.number("mean", mean));
        stddev = Arguments.notNegative("stddev of TruncatedNormal", s.number("stddev", stddev));
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        return Draws.truncatedNormal(shape, seed, mean, stddev * Rng.TRUNCATED_DEVIATION);
    }
}
