package beras.initializers;

import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Normal of deviation {@code sqrt(2 / inputs)}, cut at two deviations of the uncut curve: He et al. (2015). */
public record HeNormal() implements Initializer {

    private static final Initializer SCALING = new VarianceScaling(2, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL);

    @Override
    public Tensor values(Shape shape, long seed) {
        return SCALING.values(shape, seed);
    }
}
