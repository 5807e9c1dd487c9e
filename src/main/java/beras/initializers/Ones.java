package beras.initializers;

import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** All ones. */
public record Ones() implements Initializer {

    @Override
    public Tensor values(Shape shape, long seed) {
        return Tensor.ones(shape.toArray());
    }

    @Override
    public Config config() {
        return Config.of(getClass());
    }
}
