package beras.layers.activations;

import beras.config.Config;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x * Phi(x)}, where {@code Phi} is the distribution of the standard normal, for any shape: Hendrycks and Gimpel
 * (2016). The approximate form is {@code y = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))}, within 0.0005 of it.
 * At minus infinity both are 0. It stays a layer of its own behind Dense, for its derivative does not follow from its output.
 */
public final class GELU extends Elementwise {

    private final boolean approximate;

    /** The exact form. */
    public GELU() {
        this(false);
    }

    /**
     * @param approximate whether to use the form with tanh; default false
     */
    public GELU(boolean approximate) {
        super(approximate ? UnaryOp.GELU_TANH : UnaryOp.GELU, 0f);
        this.approximate = approximate;
    }

    @Override
    public Config config() {
        return settings().with("approximate", approximate);
    }
}
