package beras.layers;

/**
 * Convolves sequences {@code (batch, steps, channels)} in two steps: each channel for itself, as {@link DepthwiseConv1D} does, then all
 * of them in each step, as {@link Conv1D} with a window of one step does. Bias and activation belong to the second.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(20, 4), new SeparableConv1D(8, 3).activation("relu")); // (18, 8)
 * }</pre>
 */
public final class SeparableConv1D extends SeparableConvolution<SeparableConv1D> {

    SeparableConv1D() {
        super(1);
    }

    /**
     * A layer of {@code filters} filters with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param filters    the channels of the output
     * @param kernelSize steps that the window covers
     * @throws IllegalArgumentException if one is less than 1
     */
    public SeparableConv1D(int filters, int kernelSize) {
        super(1, filters, kernelSize);
    }
}
