package beras.layers;

/**
 * Transposed convolution of sequences {@code (batch, steps, channels)}: the gradient of {@link Conv1D} with respect to its input,
 * used to upsample. With strides of 2 and padding {@code same}, sequences become twice as long. The kernel is {@code (kernel
 * size, filters, channels)}, the bias {@code (filters)}.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(10, 4), new Conv1DTranspose(8, 3).strides(2).padding("same")); // (20, 8)
 * }</pre>
 */
public final class Conv1DTranspose extends Convolution<Conv1DTranspose> {

    Conv1DTranspose() {
        super(Form.TRANSPOSED, 1);
    }

    /**
     * A layer of {@code filters} filters with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param filters    the channels of the output
     * @param kernelSize steps that the window covers
     * @throws IllegalArgumentException if one is less than 1
     */
    public Conv1DTranspose(int filters, int kernelSize) {
        super(Form.TRANSPOSED, 1, filters, kernelSize);
    }
}
