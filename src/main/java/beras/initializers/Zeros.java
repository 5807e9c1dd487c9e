package beras.initializers;

import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** All zeros. */
public record Zeros() implements Initializer {

    @Override
    public Tensor values(Shape shape, long seed) {
        return Tensor.zeros(shape);
    }

    @Override
    public Config config() {
        return Config.of(getClass());
    }
}
