package beras.initializers;

import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Normal, cut at two standard deviations: nothing is further from the mean, and the deviation after cutting is 0.8796 of that
 * before.
 */
public final class TruncatedNormal extends RandomNormal {

    /** With mean 0 and deviation 0.05 before cutting. */
    public TruncatedNormal() {}

    /**
     * @param mean   finite; default 0
     * @param stddev standard deviation before cutting, finite and at least 0; default 0.05
     * @throws IllegalArgumentException if an argument is out of range
     */
    public TruncatedNormal(double mean, double stddev) {
        super(mean, stddev);
    }

    @Override
    Tensor values(Shape shape, long seed, double mean, double deviation) {
        return Draws.truncatedNormal(shape, seed, mean, deviation * Rng.TRUNCATED_DEVIATION);
    }
}
