package beras.layers.activations;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;
import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * {@code y = max(x, 0)}, for any shape; the derivative is 0 at 0.
 *
 * <p>In full, as Keras's layer has it: {@code y = x > threshold ? min(x, maxValue) : negativeSlope * (x - threshold)}. The
 * derivative is 0 at the threshold, and from the largest value on. {@code new ReLU().maxValue(6)} is Keras's {@code relu6}.
 * With a largest value or a threshold it stays a layer of its own behind Dense.
 */
public final class ReLU extends Elementwise {

    private Float maxValue; // null: none
    private float negativeSlope;
    private float threshold;

    public ReLU() {
        super(UnaryOp.RELU, 0f);
    }

    @Override
    public void settings(Settings s) {
        Float max = s.real("maxValue", maxValue);
        Float slope = s.real("negativeSlope", negativeSlope == 0f ? null : (Float) negativeSlope);
        Float min = s.real("threshold", threshold == 0f ? null : (Float) threshold);
        maxValue = max == null ? null : (Float) Arguments.notNegative("maxValue of ReLU", max);
        negativeSlope = slope == null ? 0f : Arguments.notNegative("negativeSlope of ReLU", slope);
        threshold = min == null ? 0f : Arguments.notNegative("threshold of ReLU", min);
        function(maxValue != null || threshold != 0f ? null : negativeSlope == 0f ? UnaryOp.RELU : UnaryOp.LEAKY_RELU,
                negativeSlope);
    }

    /**
     * The largest value; default none.
     *
     * @throws IllegalArgumentException if it is not finite and at least 0
     */
    public ReLU maxValue(double newMaxValue) {
        set("maxValue", newMaxValue);
        return this;
    }

    /** The largest value; empty if there is none. */
    public Optional<Float> maxValue() {
        return Optional.ofNullable(maxValue);
    }

    /**
     * The slope up to the threshold; default 0.
     *
     * @throws IllegalArgumentException if it is not finite and at least 0
     */
    public ReLU negativeSlope(double slope) {
        set("negativeSlope", slope);
        return this;
    }

    /** The slope up to the threshold. */
    public float negativeSlope() {
        return negativeSlope;
    }

    /**
     * From where on {@code x} passes; default 0.
     *
     * @throws IllegalArgumentException if it is not finite and at least 0
     */
    public ReLU threshold(double newThreshold) {
        set("threshold", newThreshold);
        return this;
    }

    /** From where on {@code x} passes. */
    public float threshold() {
        return threshold;
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return negativeSlope == 0f ? inputs.get(0).clipped(0, max(), this)
                : OutputRange.elementwise(Double.NEGATIVE_INFINITY, max(), this);
    }

    private boolean isPlain() {
        return maxValue == null && threshold == 0f;
    }

    private float max() {
        return maxValue == null ? Float.POSITIVE_INFINITY : maxValue;
    }

    @Override
    protected void map(Tensor x, Tensor y) {
        if (isPlain()) {
            super.map(x, y);
            return;
        }
        float max = max();
        for (int i = 0; i < x.size(); i++) {
            float xi = x.data()[x.offset() + i];
            y.data()[y.offset() + i] = xi > threshold ? Math.min(xi, max)
                    : negativeSlope == 0f && xi <= threshold ? 0f // also at minus infinity; NaN stays
                    : negativeSlope * (xi - threshold);
        }
    }

    @Override
    protected Tensor define(Call call) {
        if (isPlain()) {
            return super.define(call);
        }
        Tensor x = call.input(0);
        Tensor above = Tensor.where(x.less(max()), x, Tensor.scalar(max()));
        return Tensor.where(x.greater(threshold), above, x.subtract(threshold).leakyRelu(negativeSlope));
    }

    @Override
    protected void gradient(Tensor x, Tensor y, Tensor upstream, Tensor out) {
        if (isPlain()) {
            super.gradient(x, y, upstream, out);
            return;
        }
        float max = max();
        for (int i = 0; i < x.size(); i++) {
            float xi = x.data()[x.offset() + i];
            float slope = xi > threshold ? xi < max ? 1f : 0f : xi < threshold ? negativeSlope : 0f;
            out.data()[out.offset() + i] = upstream.data()[upstream.offset() + i] * slope;
        }
    }
}
