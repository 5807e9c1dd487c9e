package beras.initializers;

import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Normal of deviation {@code sqrt(2 / (inputs + outputs))}, cut at two deviations of the uncut curve: Glorot and Bengio
 * (2010).
 */
public record GlorotNormal() implements Initializer {

    private static final Initializer SCALING = new VarianceScaling(1, Mode.FAN_AVG, Distribution.TRUNCATED_NORMAL);

    @Override
    public Tensor values(Shape shape, long seed) {
        return SCALING.values(shape, seed);
    }
}
