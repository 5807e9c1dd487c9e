package beras.layers;

import beras.tensor.Shape;

/** Makes one axis of all but the batch axis: {@code (batch, a, b, ...)} becomes {@code (batch, a * b * ...)}. */
public final class Flatten extends Reshaping {

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.size());
    }
}
