package beras.initializers;

import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Cases of {@link VarianceScaling} that have names, by the names that configs have. */
enum Scaled implements Initializer {

    /**
     * Normal of deviation {@code sqrt(2 / (inputs + outputs))}, cut at two deviations of the uncut curve: Glorot and Bengio
     * (2010).
     */
    GlorotNormal(1, Mode.FAN_AVG, Distribution.TRUNCATED_NORMAL),
    /** Uniform in {@code ±sqrt(6 / (inputs + outputs))}: Glorot and Bengio (2010). */
    GlorotUniform(1, Mode.FAN_AVG, Distribution.UNIFORM),
    /** Normal of deviation {@code sqrt(2 / inputs)}, cut at two deviations of the uncut curve: He et al. (2015). */
    HeNormal(2, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL),
    /** Uniform in {@code ±sqrt(6 / inputs)}: He et al. (2015). */
    HeUniform(2, Mode.FAN_IN, Distribution.UNIFORM),
    /** Normal of deviation {@code sqrt(1 / inputs)}, cut at two deviations of the uncut curve: LeCun et al. (1998). For SELU. */
    LecunNormal(1, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL),
    /** Uniform in {@code ±sqrt(3 / inputs)}: LeCun et al. (1998). */
    LecunUniform(1, Mode.FAN_IN, Distribution.UNIFORM);

    private final VarianceScaling scaling;

    Scaled(double scale, Mode mode, Distribution distribution) {
        scaling = new VarianceScaling(scale, mode, distribution);
    }

    @Override
    public String typeName() {
        return name();
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        return scaling.values(shape, seed);
    }
}
