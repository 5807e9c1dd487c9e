package beras.layers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Upsamples sequences {@code (batch, steps, features)} by an integer factor: each step is repeated. */
public final class UpSampling1D extends Rearranging {

    private int size = 2;

    /** Each step twice. */
    public UpSampling1D() {}

    /**
     * @param size how often each step comes
     * @throws IllegalArgumentException if it is less than 1
     */
    public UpSampling1D(int size) {
        set("size", size);
    }

    @Override
    public void settings(Settings s) {
        size = Arguments.atLeast(1, "size of UpSampling1D", s.integer("size", size));
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 2) {
            throw new IllegalArgumentException("UpSampling1D needs sequences (steps, features). Received shape: " + input);
        }
        return Shape.of(Windowing.axis("UpSampling1D", (long) input.dim(0) * size), input.dim(1));
    }

    @Override
    Tensor rearranged(Tensor x, Shape output) {
        return x.repeat(1, size);
    }
}
