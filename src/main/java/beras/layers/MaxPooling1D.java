package beras.layers;

/**
 * Downsamples sequences {@code (batch, steps, channels)} by the maximum of each window. If several are equal, the first receives
 * the gradient.
 */
public final class MaxPooling1D extends Pooling<MaxPooling1D> implements Windowed<MaxPooling1D> {

    /** With a window of 2 steps. */
    public MaxPooling1D() {
        this(2);
    }

    /**
     * With a window of this size; {@link #strides} defaults to the size.
     *
     * @param poolSize the steps that it covers
     * @throws IllegalArgumentException if one is less than 1
     */
    public MaxPooling1D(int poolSize) {
        super(true, 1, poolSize);
    }
}
