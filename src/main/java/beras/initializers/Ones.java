package beras.initializers;

import beras.tensor.Shape;
import beras.tensor.Tensor;

/** All ones. */
public record Ones() implements Initializer {

    @Override
    public Tensor values(Shape shape, long seed) {
        return Tensor.ones(shape.toArray());
    }
}
