package beras.losses;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.LossOp;
import beras.tensor.Tensor;

/**
 * {@code q (target - prediction)} where the prediction is too low, {@code (1 - q) (prediction - target)} where it is too high; mean over
 * the last axis, then over the batch. A net that minimizes it predicts the q-quantile: what a share q of the truths is below. Also known
 * as the pinball loss (Koenker and Bassett, Regression Quantiles, 1978).
 */
public final class Quantile extends ElementwiseLoss {

    private float q = 0.5f;

    /** Of the median: half of {@link MeanAbsoluteError}. */
    public Quantile() {
        super(LossOp.QUANTILE);
    }

    /**
     * @param q which quantile is predicted, above 0 and below 1; default 0.5, the median
     * @throws IllegalArgumentException if it is not
     */
    public Quantile(double q) {
        this();
        this.q = (float) q;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        q = Arguments.factor("q of Quantile", Arguments.positive("q of Quantile", s.real("q", q)));
    }

    @Override
    float alpha() {
        return q;
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        Tensor error = prediction.subtract(target);
        return error.multiply(1 - q).maximum(error.multiply(-q));
    }
}
