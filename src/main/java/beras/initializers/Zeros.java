package beras.initializers;

import beras.tensor.Shape;
import beras.tensor.Tensor;

/** All zeros. */
public record Zeros() implements Initializer {

    @Override
    public Tensor values(Shape shape, long seed) {
        return Tensor.zeros(shape);
    }
}
