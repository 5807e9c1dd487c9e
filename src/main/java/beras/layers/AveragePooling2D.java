package beras.layers;

/**
 * Downsamples images {@code (batch, height, width, channels)} by the mean of each window. With padding {@code same} the mean
 * excludes the padding.
 */
public final class AveragePooling2D extends Pooling<AveragePooling2D> implements Windowed<AveragePooling2D> {

    /** With a window of 2 x 2 pixels. */
    public AveragePooling2D() {
        this(2);
    }

    /**
     * With a window of this size; {@link #strides} defaults to the size.
     *
     * @param poolSize height and width, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public AveragePooling2D(int... poolSize) {
        super(false, 2, poolSize);
    }
}
