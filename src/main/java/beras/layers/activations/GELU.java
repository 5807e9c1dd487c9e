package beras.layers.activations;

import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x * Phi(x)}, where {@code Phi} is the distribution of the standard normal, for any shape: Hendrycks and Gimpel
 * (2016). The approximate form is {@code y = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))}, within 0.0005 of it.
 * At minus infinity both are 0. It stays a layer of its own behind Dense, for its derivative does not follow from its output.
 */
public final class GELU extends Elementwise {

    private boolean approximate;

    /** The exact form. */
    public GELU() {
        super(UnaryOp.GELU, 0f);
    }

    /**
     * Whether to use the form with tanh; default false.
     *
     * @throws IllegalStateException if it is used already
     */
    public GELU approximate(boolean newApproximate) {
        set("approximate", newApproximate);
        return this;
    }

    @Override
    public void settings(Settings s) {
        approximate = s.flag("approximate", approximate);
        function(approximate ? UnaryOp.GELU_TANH : UnaryOp.GELU, 0f);
    }
}
