package beras.initializers;

import beras.config.Arguments;
import beras.config.Config;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Uniform between two numbers.
 *
 * @param minval lower end, finite; default -0.05
 * @param maxval upper end, finite and at least {@code minval}; default 0.05
 */
public record RandomUniform(double minval, double maxval) implements Initializer {

    public RandomUniform {
        Arguments.finite("minval of RandomUniform", minval);
        Arguments.finite("maxval of RandomUniform", maxval);
        if (minval > maxval) {
            throw new IllegalArgumentException(
                    "minval of RandomUniform must be at most maxval. Received: " + minval + " and " + maxval);
        }
    }

    /** Between -0.05 and 0.05. */
    public RandomUniform() {
        this(-0.05, 0.05);
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        Rng rng = Draws.rng(seed);
        return Tensor.generate(i -> minval + (maxval - minval) * rng.uniform(i), shape.toArray());
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("minval", minval).with("maxval", maxval);
    }
}
