package beras.constraints;

import beras.config.Arguments;
import beras.config.Config;
import beras.tensor.Tensor;

/**
 * Norms of at most a given value, {@code w * min(norm, max) / (1e-7 + norm)}: of the inputs of each unit with the default
 * axis 0. Because of the 1e-7 a slice within the limit shrinks a little too.
 */
public final class MaxNorm extends NormConstraint {

    /** The default of {@code maxValue}. */
    public static final float DEFAULT_MAX = 2f;

    private final float maxValue;

    /** With norms along axis 0 of at most {@value #DEFAULT_MAX}. */
    public MaxNorm() {
        this(DEFAULT_MAX);
    }

    /**
     * @param maxValue finite and at least 0
     * @param axes     those along which norms are taken; none stands for axis 0, negative ones count from the last
     * @throws IllegalArgumentException if {@code maxValue} is out of range
     */
    public MaxNorm(float maxValue, int... axes) {
        super(axes);
        this.maxValue = Arguments.notNegative("maxValue of MaxNorm", maxValue);
    }

    @Override
    Tensor wanted(Tensor norms) {
        return norms.minimum(Tensor.scalar(maxValue));
    }

    @Override
    public Config config() {
        return withAxes(Config.of(getClass()).with("maxValue", maxValue));
    }
}
