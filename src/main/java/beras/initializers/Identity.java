package beras.initializers;

import beras.config.Arguments;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * A matrix with one value on the diagonal and 0 elsewhere.
 *
 * @param gain the value, finite; default 1
 */
public record Identity(double gain) implements Initializer {

    public Identity {
        Arguments.finite("gain of Identity", gain);
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        if (shape.rank() != 2) {
            throw new IllegalArgumentException("Identity needs a shape of 2 axes. Received: " + shape);
        }
        int cols = shape.dim(1);
        return Tensor.generate(i -> i / cols == i % cols ? gain : 0, shape.toArray());
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("gain", gain);
    }
}
