package beras.initializers;

import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Uniform in {@code ±sqrt(3 / inputs)}: LeCun et al. (1998). */
public record LecunUniform() implements Initializer {

    private static final Initializer SCALING = new VarianceScaling(1, Mode.FAN_IN, Distribution.UNIFORM);

    @Override
    public Tensor values(Shape shape, long seed) {
        return SCALING.values(shape, seed);
    }
}
