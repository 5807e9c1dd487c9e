package beras.layers;

import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * {@link Dropout} of whole channels of images {@code (batch, height, width, channels)}: neighbouring pixels are much alike, so that
 * to drop single ones would say little.
 */
public final class SpatialDropout2D extends Dropout {

    SpatialDropout2D() {}

    /**
     * @param rate the share of channels to set to 0, from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public SpatialDropout2D(double rate) {
        super(rate);
    }

    @Override
    public void settings(Settings s) {
        rate(s);
    }

    /** One factor for each image and channel, in all of its pixels. */
    @Override
    void fill(Tensor mask) {
        if (mask.rank() != 4) {
            throw new IllegalArgumentException("SpatialDropout2D needs a batch of examples (height, width, channels). Received"
                    + " shape: " + mask.shape());
        }
        fill(mask, -1, 1, 1, -1);
    }
}
