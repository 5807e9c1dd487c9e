package beras.layers;

import beras.config.Settings;
import beras.tensor.Tensor;

/** Sets whole features of sequences {@code (batch, steps, features)} to 0 in training, in all steps, and scales the others up. */
public final class SpatialDropout1D extends Dropout {

    SpatialDropout1D() {}

    /**
     * @param rate the share of features to set to 0, from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public SpatialDropout1D(double rate) {
        super(rate);
    }

    @Override
    public void settings(Settings s) {
        rate(s);
    }

    /** One factor for each sequence and feature, in all of its steps. */
    @Override
    void fill(Tensor mask) {
        if (mask.rank() != 3) {
            throw new IllegalArgumentException("SpatialDropout1D needs a batch of sequences (steps, features). Received shape: "
                    + mask.shape());
        }
        fill(mask, -1, 1, -1);
    }
}
