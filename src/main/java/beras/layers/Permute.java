package beras.layers;

import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Permutes the axes of each example: axis {@code i} of the result is axis {@code dims[i]} of the input, counted from 1; axis 0 is
 * the batch. {@code new Permute(2, 1)} transposes {@code (batch, a, b)} to {@code (batch, b, a)}.
 */
public final class Permute extends Rearranging {

    private int[] dims = {};

    Permute() {}

    /**
     * @param dims the axes, each number from 1 to their count once
     * @throws IllegalArgumentException if they are not
     */
    public Permute(int... dims) {
        this.dims = dims.clone();
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        int[] axes = s.required().integers("dims", dims).clone();
        int[] sorted = axes.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] != i + 1) {
                throw new IllegalArgumentException("dims of Permute needs each number from 1 to the count of axes once."
                        + " Received: " + Arrays.toString(axes));
            }
        }
        dims = axes;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != dims.length) {
            throw new IllegalArgumentException("Permute" + Arrays.toString(dims) + " needs examples of " + dims.length
                    + " axes. Received shape: " + input);
        }
        int[] sizes = new int[dims.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = input.dim(dims[i] - 1);
        }
        return Shape.of(sizes);
    }

    @Override
    Tensor rearranged(Tensor x, Shape output) {
        int[] axes = new int[dims.length + 1];
        System.arraycopy(dims, 0, axes, 1, dims.length);
        return x.transpose(axes);
    }
}
