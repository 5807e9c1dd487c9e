package beras.layers.activations;

import beras.config.Settings;
import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/**
 * {@code y = x}, but at least {@code minValue} and at most {@code maxValue}, for any shape: with the default, from -1 to 1, a cheap
 * tanh. The derivative is 0 at both.
 */
public final class HardTanh extends ByElement {

    private float minValue = -1f;
    private float maxValue = 1f;

    /** From -1 to 1. */
    public HardTanh() {}

    /**
     * @param minValue the smallest value, finite; default -1
     * @param maxValue the largest value, finite and above that; default 1
     * @throws IllegalArgumentException if they are not
     */
    public HardTanh(double minValue, double maxValue) {
        this.minValue = (float) minValue;
        this.maxValue = (float) maxValue;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        float min = s.real("minValue", minValue);
        float max = s.real("maxValue", maxValue);
        if (!(Float.isFinite(min) && Float.isFinite(max) && min < max)) {
            throw new IllegalArgumentException("HardTanh needs finite numbers with minValue below maxValue. Received: " + min
                    + " and " + max);
        }
        minValue = min;
        maxValue = max;
    }

    @Override
    float value(float x) {
        return Math.min(Math.max(x, minValue), maxValue);
    }

    @Override
    Tensor value(Tensor x) {
        return clipped(x, minValue, maxValue);
    }

    @Override
    float derivative(float x) {
        return x > minValue && x < maxValue ? 1f : 0f;
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0).clipped(minValue, maxValue, this);
    }
}
