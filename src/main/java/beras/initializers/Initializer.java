package beras.initializers;

import beras.config.Configurable;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Makes the first values of a weight. */
public interface Initializer extends Configurable {

    /**
     * The values for a weight of this shape, such as {@code (inputs, outputs)}: a pure function of shape and seed.
     *
     * @throws IllegalArgumentException if there are no such values for this shape
     */
    Tensor values(Shape shape, long seed);
}
