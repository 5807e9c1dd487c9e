package beras.layers;

import beras.autograd.Call;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/** Mirrors images {@code (batch, height, width, channels)}: their columns from right to left. */
public final class HorizontalFlip extends Layer {

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 3) {
            throw new IllegalArgumentException("HorizontalFlip needs examples (height, width, channels). Received shape: " + input);
        }
        return input;
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected Tensor compute(Call call) {
        Shape batch = call.input(0).shape();
        outputShape(batch.rank() == 0 ? batch : batch.rest());
        return call.input(0).flip(2);
    }
}
