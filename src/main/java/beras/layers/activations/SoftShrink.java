package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * {@code y = x - threshold} above the threshold, {@code x + threshold} below minus the threshold, and 0 between, for any shape. The
 * derivative is 0 at the threshold.
 */
public final class SoftShrink extends ByElement {

    private float threshold = 0.5f;

    /** With threshold 0.5. */
    public SoftShrink() {}

    /**
     * @param threshold by which numbers move to 0, finite and at least 0; default 0.5
     * @throws IllegalArgumentException if it is not
     */
    public SoftShrink(double threshold) {
        this.threshold = (float) threshold;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        threshold = Arguments.notNegative("threshold of SoftShrink", s.real("threshold", threshold));
    }

    @Override
    float value(float x) {
        return Math.abs(x) <= threshold ? 0f : x > 0f ? x - threshold : x + threshold; // NaN stays
    }

    @Override
    Tensor value(Tensor x) {
        return x.subtract(x.clip(-threshold, threshold));
    }

    @Override
    float derivative(float x) {
        return Math.abs(x) <= threshold ? 0f : 1f;
    }
}
