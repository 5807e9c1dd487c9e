package beras.initializers;

import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Normal of deviation {@code sqrt(1 / inputs)}, cut at two deviations of the uncut curve: LeCun et al. (1998). For SELU. */
public record LecunNormal() implements Initializer {

    private static final Initializer SCALING = new VarianceScaling(1, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL);

    @Override
    public Tensor values(Shape shape, long seed) {
        return SCALING.values(shape, seed);
    }
}
