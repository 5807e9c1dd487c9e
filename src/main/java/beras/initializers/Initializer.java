package beras.initializers;

import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Makes the first values of a weight. */
@FunctionalInterface
public interface Initializer {

    /**
     * The values for a weight of shape {@code (inputs, outputs)}: a pure function of shape and seed.
     */
    Tensor values(Shape shape, long seed);
}
