package beras.layers;

import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Mirrors images {@code (batch, height, width, channels)}: their columns from right to left. */
public final class HorizontalFlip extends Rearranging {

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 3) {
            throw new IllegalArgumentException("HorizontalFlip needs examples (height, width, channels). Received shape: " + input);
        }
        return input;
    }

    @Override
    Tensor rearranged(Tensor x, Shape output) {
        return x.flip(2);
    }
}
