package beras.initializers;

import beras.config.Arguments;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * One value throughout.
 *
 * @param value finite; default 0
 */
public record Constant(double value) implements Initializer {

    public Constant {
        Arguments.finite("value of Constant", value);
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        return Tensor.full((float) value, shape.toArray());
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("value", value);
    }
}
