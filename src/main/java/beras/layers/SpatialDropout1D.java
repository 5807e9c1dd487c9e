package beras.layers;

/** Sets whole features of sequences {@code (batch, steps, features)} to 0 in training, in all steps, and scales the others up. */
public final class SpatialDropout1D extends SpatialDropout {

    SpatialDropout1D() {
        this(0);
    }

    /**
     * @param rate the share of features to set to 0, from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public SpatialDropout1D(double rate) {
        super(1, rate);
    }
}
