package beras.layers.activations;

import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/** {@code y = log(1 / (1 + exp(-x)))}, for any shape, without overflow for any {@code x}. */
public final class LogSigmoid extends ByElement {

    public LogSigmoid() {}

    @Override
    float value(float x) {
        return (float) (Math.min(x, 0f) - StrictMath.log1p(StrictMath.exp(-Math.abs((double) x))));
    }

    @Override
    Tensor value(Tensor x) {
        return x.negate().softplus().negate();
    }

    @Override
    float derivative(float x) {
        double e = StrictMath.exp(-Math.abs((double) x));
        return (float) ((x >= 0f ? e : 1) / (1 + e));
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.elementwise(Double.NEGATIVE_INFINITY, 0, this);
    }
}
