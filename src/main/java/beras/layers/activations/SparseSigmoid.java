package beras.layers.activations;

import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/**
 * {@code y = (x + 1) / 2}, but at least 0 and at most 1, for any shape: the derivative of {@link SparsePlus}. Its own derivative is 0
 * at -1 and 1.
 */
public final class SparseSigmoid extends ByElement {

    public SparseSigmoid() {}

    @Override
    float value(float x) {
        return Math.min(Math.max((x + 1f) / 2f, 0f), 1f);
    }

    @Override
    Tensor value(Tensor x) {
        return clipped(x, -1, 1).add(1).divide(2);
    }

    @Override
    float derivative(float x) {
        return x > -1f && x < 1f ? 0.5f : 0f;
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.elementwise(0, 1, this);
    }
}
