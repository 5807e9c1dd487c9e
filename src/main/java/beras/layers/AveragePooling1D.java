package beras.layers;

/**
 * Downsamples sequences {@code (batch, steps, channels)} by the mean of each window. With padding {@code same} the mean excludes
 * the padding.
 */
public final class AveragePooling1D extends Pooling<AveragePooling1D> implements Windowed<AveragePooling1D> {

    /** With a window of 2 steps. */
    public AveragePooling1D() {
        this(2);
    }

    /**
     * With a window of this size; {@link #strides} defaults to the size.
     *
     * @param poolSize the steps that it covers
     * @throws IllegalArgumentException if one is less than 1
     */
    public AveragePooling1D(int poolSize) {
        super(false, 1, poolSize);
    }
}
