package beras.constraints;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * Norms of at most a given value, {@code w * min(norm, max) / (1e-7 + norm)}: of the inputs of each unit with the default
 * axis 0. Because of the 1e-7 a slice within the limit shrinks a little too.
 */
public final class MaxNorm extends NormConstraint {

    private float maxValue = 2f;

    /** With norms along axis 0 of at most 2. */
    public MaxNorm() {}

    /**
     * @param maxValue finite and at least 0; default 2
     * @param axes     those along which norms are taken; none stands for axis 0, negative ones count from the last
     * @throws IllegalArgumentException if {@code maxValue} is out of range
     */
    public MaxNorm(double maxValue, int... axes) {
        this.maxValue = (float) maxValue;
        setAxes(axes);
        Settings.check(this);
    }

    @Override
    void norms(Settings s) {
        maxValue = Arguments.notNegative("maxValue of MaxNorm", s.real("maxValue", maxValue));
    }

    @Override
    Tensor wanted(Tensor norms) {
        return norms.minimum(Tensor.scalar(maxValue));
    }
}
