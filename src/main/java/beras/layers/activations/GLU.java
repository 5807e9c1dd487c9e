package beras.layers.activations;

import beras.autograd.Call;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * The gated linear unit: the first half of the last axis times the {@link Sigmoid} of the second, {@code (batch, ..., 2 n)} to
 * {@code (batch, ..., n)}, Dauphin et al. (2017). So {@code Dense(16, "glu")} gives 8 numbers.
 */
public final class GLU extends Layer {

    @Override
    public Shape outputShape(Shape input) {
        requireEven(input, 1);
        return input.with(input.rank() - 1, input.dim(-1) / 2);
    }

    private static void requireEven(Shape input, int leastRank) {
        if (input.rank() < leastRank || input.dim(-1) % 2 != 0) {
            throw new IllegalArgumentException("GLU needs a last axis of an even size. Received shape: " + input);
        }
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.unbounded(this);
    }

    @Override
    protected Tensor compute(Call call) {
        requireEven(call.input(0).shape(), 2);
        List<Tensor> halves = call.input(0).split(-1, 2);
        return halves.get(0).multiply(halves.get(1).sigmoid());
    }
}
