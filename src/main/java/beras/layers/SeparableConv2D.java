package beras.layers;

/**
 * Convolves images {@code (batch, height, width, channels)} in two steps: each channel for itself, as {@link DepthwiseConv2D} does,
 * then all of them in each pixel, as {@link Conv2D} with a window of one pixel does. That needs fewer multiplications than one
 * convolution. Bias and activation belong to the second step.
 */
public final class SeparableConv2D extends SeparableConvolution<SeparableConv2D> {

    SeparableConv2D() {
        super(2);
    }

    /**
     * A layer of {@code filters} filters with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param filters    the channels of the output
     * @param kernelSize height and width of the window, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public SeparableConv2D(int filters, int... kernelSize) {
        super(2, filters, kernelSize);
    }

    /**
     * As {@link #SeparableConv2D(int, int...)}, with an activation by name.
     *
     * @throws IllegalArgumentException also if there is no such activation
     */
    public SeparableConv2D(int filters, int kernelSize, String activation) {
        this(filters, kernelSize);
        activation(activation);
    }
}
