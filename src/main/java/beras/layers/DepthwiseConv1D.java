package beras.layers;

/**
 * Depthwise convolution of sequences {@code (batch, steps, channels)}: convolves each channel separately, by its own
 * {@code depthMultiplier} filters, as {@link DepthwiseConv2D} does images. The kernel is
 * {@code (kernel size, channels, depthMultiplier)}, the output has {@code channels * depthMultiplier} channels, starting with
 * those of the first channel, and as many biases.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(20, 4), new DepthwiseConv1D(3).with("depthMultiplier", 2)); // (18, 8)
 * }</pre>
 */
public final class DepthwiseConv1D extends Convolution<DepthwiseConv1D> {

    DepthwiseConv1D() {
        super(Form.DEPTHWISE, 1);
    }

    /**
     * A layer with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param kernelSize steps that the window covers
     * @throws IllegalArgumentException if it is less than 1
     */
    public DepthwiseConv1D(int kernelSize) {
        this();
        set("kernelSize", kernelSize);
    }
}
