package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * {@code y = |x| > threshold ? x : 0}, for any shape. The derivative is 0 at the threshold.
 */
public final class HardShrink extends ByElement {

    private float threshold = 0.5f;

    /** With threshold 0.5. */
    public HardShrink() {}

    /**
     * @param threshold up to which numbers become 0, finite and at least 0; default 0.5
     * @throws IllegalArgumentException if it is not
     */
    public HardShrink(double threshold) {
        this.threshold = (float) threshold;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        threshold = Arguments.notNegative("threshold of HardShrink", s.real("threshold", threshold));
    }

    @Override
    float value(float x) {
        return Math.abs(x) <= threshold ? 0f : x; // NaN stays
    }

    @Override
    Tensor value(Tensor x) {
        return Tensor.where(x.abs().lessEqual(threshold), Tensor.scalar(0), x);
    }

    @Override
    float derivative(float x) {
        return Math.abs(x) <= threshold ? 0f : 1f;
    }
}
