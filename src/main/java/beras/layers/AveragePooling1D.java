package beras.layers;

/**
 * Makes sequences {@code (batch, steps, channels)} smaller: in each place of a window, the mean of the steps, channel by channel. With padding {@code same} only what lies within counts.
 */
public final class AveragePooling1D extends Pooling<AveragePooling1D> {

    /** With a window of 2 steps. */
    public AveragePooling1D() {
        this(2);
    }

    /**
     * With a window of this size, which moves by its size unless {@link #strides} says otherwise.
     *
     * @param poolSize the steps that it covers
     * @throws IllegalArgumentException if one is less than 1
     */
    public AveragePooling1D(int poolSize) {
        super(false, 1, poolSize);
    }
}
