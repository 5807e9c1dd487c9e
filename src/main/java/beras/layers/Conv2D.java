package beras.layers;

/**
 * Convolves images {@code (batch, height, width, channels)}: {@code y = activation(x * w + b)}.
 *
 * <p>The window has {@code kernelSize} pixels; its kernel w is {@code (kernel height, kernel width, channels / groups, filters)}
 * and b is {@code (filters)}. The output is {@code (batch, places, places, filters)}, with a place for each position that
 * {@link #strides} and {@link #padding} leave. {@code new Conv2D(32, 3).padding("same").activation("relu")} makes 32 channels of
 * the same height and width.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(28, 28, 1),
 *         new Conv2D(16, 3, "relu").padding("same"), new MaxPooling2D(2), new Flatten(), new Dense(10, "softmax"));
 * }</pre>
 */
public final class Conv2D extends Convolution<Conv2D> {

    Conv2D() {
        super(Form.FULL, 2);
    }

    /**
     * A layer of {@code filters} filters with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param filters    the channels of the output
     * @param kernelSize height and width of the window, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public Conv2D(int filters, int... kernelSize) {
        super(Form.FULL, 2, filters, kernelSize);
    }

    /**
     * As {@link #Conv2D(int, int...)}, with an activation by name.
     *
     * @throws IllegalArgumentException also if there is no such activation
     */
    public Conv2D(int filters, int kernelSize, String activation) {
        this(filters, kernelSize);
        activation(activation);
    }
}
