package beras.constraints;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * Norms between two values, or part of the way there:
 * {@code w * (rate * clip(norm, min, max) + (1 - rate) * norm) / (1e-7 + norm)}, of the inputs of each unit with the default
 * axis 0. A slice of zeros stays one.
 */
public final class MinMaxNorm extends NormConstraint {

    private float minValue;
    private float maxValue = 1f;
    private double rate = 1;

    /** With norms along axis 0 from 0 to 1, at once. */
    public MinMaxNorm() {}

    /**
     * @param minValue finite and at least 0; default 0
     * @param maxValue finite and at least {@code minValue}; default 1
     * @param rate     how much of the way is gone at each step, above 0 and at most 1, the default
     * @param axes     those along which norms are taken; none stands for axis 0, negative ones count from the last
     * @throws IllegalArgumentException if an argument is out of range
     */
    public MinMaxNorm(double minValue, double maxValue, double rate, int... axes) {
        this.minValue = (float) minValue;
        this.maxValue = (float) maxValue;
        this.rate = rate;
        setAxes(axes);
        Settings.check(this);
    }

    @Override
    void norms(Settings s) {
        float min = Arguments.notNegative("minValue of MinMaxNorm", s.real("minValue", minValue));
        float max = Arguments.notNegative("maxValue of MinMaxNorm", s.real("maxValue", maxValue));
        if (min > max) {
            throw new IllegalArgumentException(
                    "minValue of MinMaxNorm must be at most maxValue. Received: " + min + " and " + max);
        }
        minValue = min;
        maxValue = max;
        rate = Arguments.share("rate of MinMaxNorm", Arguments.positive("rate of MinMaxNorm", s.number("rate", rate)));
    }

    @Override
    Tensor wanted(Tensor norms) {
        Tensor clipped = norms.maximum(Tensor.scalar(minValue)).minimum(Tensor.scalar(maxValue));
        return clipped.multiply((float) rate).add(norms.multiply((float) (1 - rate)));
    }
}
