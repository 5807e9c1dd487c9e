package beras.layers;

/**
 * {@link Dropout} of whole channels of images {@code (batch, height, width, channels)}, because neighbouring pixels are
 * correlated.
 */
public final class SpatialDropout2D extends SpatialDropout {

    SpatialDropout2D() {
        this(0);
    }

    /**
     * @param rate the share of channels to set to 0, from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public SpatialDropout2D(double rate) {
        super(2, rate);
    }
}
