package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;
import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/**
 * {@code y = max(x, 0)}, for any shape; the derivative is 0 at 0.
 *
 * <p>In full, as Keras's layer has it: {@code y = x > threshold ? min(x, maxValue) : negativeSlope * (x - threshold)}. The
 * derivative is 0 at the threshold, and from the largest value on. {@code new ReLU().with("maxValue", 6)} is Keras's {@code relu6}.
 * With a largest value or a threshold it stays a separate layer behind Dense.
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

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return negativeSlope == 0f ? inputs.get(0).clipped(0, max(), this)
                : OutputRange.elementwise(Double.NEGATIVE_INFINITY, max(), this);
    }

    private float max() {
        return maxValue == null ? Float.POSITIVE_INFINITY : maxValue;
    }

    @Override
    protected Tensor formula(Tensor x) {
        if (maxValue == null && threshold == 0f) {
            return super.formula(x);
        }
        Tensor above = Tensor.where(x.less(max()), x, Tensor.scalar(max()));
        Tensor from = x.subtract(threshold);
        return Tensor.where(x.greater(threshold), above, negativeSlope == 0f ? from.relu() : from.leakyRelu(negativeSlope));
    }
}
