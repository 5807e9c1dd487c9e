package beras.layers;

import beras.tensor.Tensor;

/**
 * Multiplies each element by normal noise of mean 1 and standard deviation {@code sqrt(rate / (1 - rate))} in training, the
 * variance of {@link Dropout} with this rate: Srivastava et al. (2014), section 10. Outside training the input passes unchanged.
 * Any shape.
 *
 * <p>The noise of the layer's {@code n}-th training call follows from the seed, {@code n} and the index of the element.
 */
public final class GaussianDropout extends RandomFactors {

    GaussianDropout() {
        super("gaussian dropout");
    }

    /**
     * @param rate at least 0 and below 1
     * @throws IllegalArgumentException if it is not
     */
    public GaussianDropout(double rate) {
        super("gaussian dropout", rate);
    }

    @Override
    void fill(Tensor factors) {
        fillNormal(factors, 1, Math.sqrt(rate() / (1 - rate())));
    }
}
