package beras.layers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.Block;
import beras.tensor.Tensor;

/**
 * Sets a share of the elements to 0 in training, and scales the others up so that sums stay what they were: each element is
 * kept with probability {@code 1 - rate}, and divided by it. Outside training the input passes unchanged. Any shape.
 *
 * <p>Which elements are kept in the layer's {@code n}-th training call follows from the seed, {@code n} and the index of the
 * element.
 */
public class Dropout extends RandomFactors {

    private static final double TWO_TO_32 = 0x1p32;
    private static final long MOST = 0xffff_ffffL;

    private double rate;

    Dropout() {}

    /**
     * @param rate the share of elements to set to 0, from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public Dropout(double rate) {
        this.rate = rate;
        Settings.check(this);
    }

    @Override
    public final void settings(Settings s) {
        rate = Arguments.share("The rate of Dropout", s.required().number("rate", rate));
    }

    @Override
    final boolean idle() {
        return rate == 0;
    }

    /** Writes {@link #factor}, or 0. */
    @Override
    void fill(Tensor mask) {
        fill(mask.block());
    }

    /** As {@link #fill(Tensor)}. */
    final void fill(Block mask) {
        fill(mask, next("dropout").bits(0), rate, factor());
    }

    /** Writes {@code kept} for an element that is kept, and 0 for the others. */
    static void fill(Block mask, long key, double rate, float kept) {
        long threshold = Math.min(Math.round((1 - rate) * TWO_TO_32), MOST);
        Backend.elements().dropoutMask(key, threshold, kept, mask);
    }

    /** What a kept element is multiplied with. */
    final float factor() {
        return (float) (1 / (1 - rate));
    }
}
