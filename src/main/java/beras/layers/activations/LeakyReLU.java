package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x > 0 ? x : alpha * x}, for any shape. The derivative is 1 above 0, {@code alpha} below, and 0 at 0 (also at
 * -0), where Keras and PyTorch have {@code alpha}.
 */
public class LeakyReLU extends Elementwise {

    /** With slope 0.3 below 0. */
    public LeakyReLU() {
        super(UnaryOp.LEAKY_RELU, 0.3f);
    }

    /**
     * @param alpha slope below 0, finite and at least 0; default 0.3
     * @throws IllegalArgumentException if it is not
     */
    public LeakyReLU(double alpha) {
        super(UnaryOp.LEAKY_RELU, 0f);
        slope((float) alpha);
    }

    @Override
    public void settings(Settings s) {
        slope(s.real("alpha", alpha()));
    }

    private void slope(float alpha) {
        Arguments.notNegative("alpha of LeakyReLU", alpha);
        function(alpha == 0f ? UnaryOp.RELU : UnaryOp.LEAKY_RELU, alpha);
    }
}
