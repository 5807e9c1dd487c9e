package beras.layers;

import beras.config.Settings;
import beras.tensor.Tensor;
import java.util.Arrays;

/** {@link Dropout} of whole channels: one factor for each example and channel, in all of its steps or pixels. */
public abstract class SpatialDropout extends Dropout {

    private final int[] noiseShape;

    /** @param axes 2 for images, 1 for sequences */
    SpatialDropout(int axes, double rate) {
        super(rate);
        noiseShape = new int[axes + 2];
        Arrays.fill(noiseShape, 1);
        noiseShape[0] = -1;
        noiseShape[axes + 1] = -1;
    }

    @Override
    public final void settings(Settings s) {
        rate(s);
    }

    @Override
    final void fill(Tensor mask) {
        fill(mask, noiseShape);
    }
}
