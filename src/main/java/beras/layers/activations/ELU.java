package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x > 0 ? x : alpha * (exp(x) - 1)}, for any shape: Clevert et al. (2016). The derivative at 0 is that from the
 * left, {@code alpha}.
 */
public final class ELU extends Elementwise {

    /** The default of {@code alpha}. */
    public static final float DEFAULT_ALPHA = 1f;

    /** With alpha {@value #DEFAULT_ALPHA}. */
    public ELU() {
        this(DEFAULT_ALPHA);
    }

    /**
     * @param alpha how far below 0 it goes, finite and at least 0
     * @throws IllegalArgumentException if it is not
     */
    public ELU(float alpha) {
        super(UnaryOp.ELU, alpha);
        Arguments.notNegative("alpha of ELU", alpha);
    }

    @Override
    public Config config() {
        return settings().with("alpha", alpha());
    }
}
