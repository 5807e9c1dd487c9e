package beras.initializers;

import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Uniform in {@code ±sqrt(6 / inputs)}: He et al. (2015). */
public record HeUniform() implements Initializer {

    private static final Initializer SCALING = new VarianceScaling(2, Mode.FAN_IN, Distribution.UNIFORM);

    @Override
    public Tensor values(Shape shape, long seed) {
        return SCALING.values(shape, seed);
    }
}
