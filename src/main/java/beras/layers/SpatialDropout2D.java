package beras.layers;

import beras.kernels.Block;
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

    /** One factor for each image and channel, in all of its pixels. */
    @Override
    void fill(Tensor mask) {
        if (mask.rank() != 4) {
            throw new IllegalArgumentException("SpatialDropout2D needs a batch of examples (height, width, channels). Received"
                    + " shape: " + mask.shape());
        }
        int channels = mask.dim(3);
        int pixels = mask.dim(1) * mask.dim(2);
        float[] factors = new float[mask.dim(0) * channels];
        fill(new Block(factors));
        for (int row = 0; row < mask.dim(0) * pixels; row++) {
            System.arraycopy(factors, row / pixels * channels, mask.data(), mask.offset() + row * channels, channels);
        }
    }
}
