package beras.layers;

/**
 * Transposed convolution of images {@code (batch, height, width, channels)}: the gradient of {@link Conv2D} with respect to its
 * input, used to upsample. With strides of 2 and padding {@code same}, images become twice as high and wide. The kernel is {@code
 * (kernel height, kernel width, filters, channels)}, the bias {@code (filters)}.
 */
public final class Conv2DTranspose extends Convolution<Conv2DTranspose> {

    Conv2DTranspose() {
        super(Form.TRANSPOSED, 2);
    }

    /**
     * A layer of {@code filters} filters with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param filters    the channels of the output
     * @param kernelSize height and width of the window, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public Conv2DTranspose(int filters, int... kernelSize) {
        super(Form.TRANSPOSED, 2, filters, kernelSize);
    }

    /**
     * As {@link #Conv2DTranspose(int, int...)}, with an activation by name.
     *
     * @throws IllegalArgumentException also if there is no such activation
     */
    public Conv2DTranspose(int filters, int kernelSize, String activation) {
        this(filters, kernelSize);
        activation(activation);
    }
}
