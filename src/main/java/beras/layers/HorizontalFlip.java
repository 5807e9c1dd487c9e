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
        return flipped(call, call.input(0));
    }

    @Override
    protected Tensor define(Call call) {
        int width = call.input(0).dim(2);
        int[] columns = new int[width];
        for (int i = 0; i < width; i++) {
            columns[i] = width - 1 - i;
        }
        return call.input(0).gather(2, columns);
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return List.of(flipped(call, upstream));
    }

    private static Tensor flipped(Call call, Tensor images) {
        Tensor from = images.contiguous();
        Tensor to = call.allocate(from.shape());
        int width = from.dim(2);
        int channels = from.dim(3);
        int row = width * channels;
        int rows = row == 0 ? 0 : from.size() / row;
        for (int i = 0; i < rows * width; i++) {
            int mirrored = (i / width) * row + (width - 1 - i % width) * channels;
            System.arraycopy(from.data(), from.offset() + i * channels, to.data(), to.offset() + mirrored, channels);
        }
        return to;
    }
}
