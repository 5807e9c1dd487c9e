package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * {@code y = x > 0 ? x : alpha * (exp(x / alpha) - 1)}, for any shape: Barron (2017), an ELU whose derivative is 1 at 0 whatever
 * alpha is.
 */
public final class CELU extends ByElement {

    private float alpha = 1f;

    /** With alpha 1. */
    public CELU() {}

    /**
     * @param alpha how far below 0 it goes, finite and above 0; default 1
     * @throws IllegalArgumentException if it is not
     */
    public CELU(double alpha) {
        this.alpha = (float) alpha;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        alpha = Arguments.positive("alpha of CELU", s.real("alpha", alpha));
    }

    @Override
    float value(float x) {
        return x > 0f ? x : (float) (alpha * StrictMath.expm1((double) x / alpha));
    }

    @Override
    Tensor value(Tensor x) {
        return x.divide(alpha).elu(1).multiply(alpha);
    }

    @Override
    float derivative(float x) {
        return x > 0f ? 1f : (float) StrictMath.exp((double) x / alpha);
    }
}
