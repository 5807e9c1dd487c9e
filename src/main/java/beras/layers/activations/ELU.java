package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x > 0 ? x : alpha * (exp(x) - 1)}, for any shape: Clevert et al. (2016). The derivative at 0 is that from the
 * left, {@code alpha}.
 */
public final class ELU extends Elementwise {

    /** With alpha 1. */
    public ELU() {
        super(UnaryOp.ELU, 1f);
    }

    /**
     * @param alpha how far below 0 it goes, finite and at least 0; default 1
     * @throws IllegalArgumentException if it is not
     */
    public ELU(double alpha) {
        super(UnaryOp.ELU, (float) alpha);
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        function(UnaryOp.ELU, Arguments.notNegative("alpha of ELU", s.real("alpha", alpha())));
    }
}
