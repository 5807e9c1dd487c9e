package beras.initializers;

import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Uniform in {@code ±sqrt(6 / (inputs + outputs))}: Glorot and Bengio (2010). */
public record GlorotUniform() implements Initializer {

    private static final Initializer SCALING = new VarianceScaling(1, Mode.FAN_AVG, Distribution.UNIFORM);

    @Override
    public Tensor values(Shape shape, long seed) {
        return SCALING.values(shape, seed);
    }
}
