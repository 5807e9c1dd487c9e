package beras.layers;

import beras.tensor.Shape;

/**
 * Flattens all axes but the batch axis into one: {@code (batch, a, b, ...)} becomes {@code (batch, a * b * ...)}.
 *
 * <pre>{@code
 * new Sequential(new Input(28, 28, 1), new Flatten(), new Dense(10));     // 784 inputs
 * }</pre>
 */
public final class Flatten extends Rearranging {

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.size());
    }
}
