package beras.layers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Tensor;

/**
 * Multiplies each element with normal noise of mean 1 and deviation {@code sqrt(rate / (1 - rate))} in training, which disturbs
 * as much as {@link Dropout} of this rate does: Srivastava et al. (2014), section 10. Outside training the input passes
 * unchanged. Any shape.
 *
 * <p>The noise of the layer's {@code n}-th training call follows from the seed, {@code n} and the index of the element.
 */
public final class GaussianDropout extends RandomFactors {

    private double rate;

    GaussianDropout() {}

    /**
     * @param rate at least 0 and below 1
     * @throws IllegalArgumentException if it is not
     */
    public GaussianDropout(double rate) {
        this.rate = rate;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        rate = Arguments.factor("The rate of GaussianDropout", s.required().number("rate", rate));
    }

    @Override
    boolean idle() {
        return rate == 0;
    }

    @Override
    void fill(Tensor factors) {
        Rng rng = next("gaussian dropout");
        double deviation = Math.sqrt(rate / (1 - rate));
        for (int i = 0; i < factors.size(); i++) {
            factors.data()[factors.offset() + i] = (float) (1 + deviation * rng.normal(i));
        }
    }
}
