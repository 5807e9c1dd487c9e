package beras.layers;

/**
 * Convolves sequences {@code (batch, steps, channels)}: {@code y = activation(x * w + b)}, with a kernel w
 * {@code (kernel size, channels / groups, filters)} and b {@code (filters)}. The output is {@code (batch, places, filters)}.
 */
public final class Conv1D extends Convolution<Conv1D> {

    Conv1D() {
        super(Form.FULL, 1);
    }

    /**
     * A layer of {@code filters} filters with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param filters    the channels of the output
     * @param kernelSize steps that the window covers
     * @throws IllegalArgumentException if one is less than 1
     */
    public Conv1D(int filters, int kernelSize) {
        super(Form.FULL, 1, filters, kernelSize);
    }

    /**
     * As {@link #Conv1D(int, int)}, with an activation by name.
     *
     * @throws IllegalArgumentException also if there is no such activation
     */
    public Conv1D(int filters, int kernelSize, String activation) {
        this(filters, kernelSize);
        activation(activation);
    }
}
