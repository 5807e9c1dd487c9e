package beras.layers;

/**
 * Depthwise convolution of images {@code (batch, height, width, channels)}: convolves each channel separately, by its own
 * {@code depthMultiplier} filters. The kernel is {@code (kernel height, kernel width, channels, depthMultiplier)}, the output
 * has {@code channels * depthMultiplier} channels, starting with those of the first channel, and as many biases.
 *
 * <p>The settings of the kernel are called {@code depthwiseInitializer}, {@code depthwiseRegularizer} and
 * {@code depthwiseConstraint} in configs.
 */
public final class DepthwiseConv2D extends Convolution<DepthwiseConv2D> {

    DepthwiseConv2D() {
        super(Form.DEPTHWISE, 2);
    }

    /**
     * A layer with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param kernelSize height and width of the window, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public DepthwiseConv2D(int... kernelSize) {
        this();
        set("kernelSize", kernelSize);
    }

    /**
     * As {@link #DepthwiseConv2D(int...)}, with an activation by name.
     *
     * @throws IllegalArgumentException also if there is no such activation
     */
    public DepthwiseConv2D(int kernelSize, String activation) {
        this(kernelSize);
        activation(activation);
    }
}
