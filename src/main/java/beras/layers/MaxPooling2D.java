package beras.layers;

/**
 * Downsamples images {@code (batch, height, width, channels)} by the maximum of each window. If several are equal, the first
 * receives the gradient.
 *
 * <pre>{@code
 * new Sequential(new Input(28, 28, 1), new Conv2D(8, 3), new MaxPooling2D(2));     // (batch, 13, 13, 8)
 * }</pre>
 */
public final class MaxPooling2D extends Pooling<MaxPooling2D> implements Windowed<MaxPooling2D> {

    /** With a window of 2 x 2 pixels. */
    public MaxPooling2D() {
        this(2);
    }

    /**
     * With a window of this size; {@link #strides} defaults to the size.
     *
     * @param poolSize height and width, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public MaxPooling2D(int... poolSize) {
        super(true, 2, poolSize);
    }
}
