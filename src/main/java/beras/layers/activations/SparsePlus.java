package beras.layers.activations;

import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/** {@code y = 0} up to -1, {@code (x + 1)^2 / 4} up to 1, and {@code x} above, for any shape: a softplus that is 0 in the left. */
public final class SparsePlus extends ByElement {

    public SparsePlus() {}

    @Override
    float value(float x) {
        return x <= -1f ? 0f : x < 1f ? (x + 1f) * (x + 1f) / 4f : x;
    }

    @Override
    Tensor value(Tensor x) {
        return x.clip(-1, 1).add(1).square().divide(4).add(x.subtract(1).relu());
    }

    @Override
    float derivative(float x) {
        return x <= -1f ? 0f : x < 1f ? (x + 1f) / 2f : 1f;
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.elementwise(0, Double.POSITIVE_INFINITY, this);
    }
}
