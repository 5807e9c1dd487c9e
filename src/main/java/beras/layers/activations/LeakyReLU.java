package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;

/**
 * {@code y = x > 0 ? x : alpha * x}, for any shape. The derivative is 1 above 0, {@code alpha} below, and 0 at 0 (also at
 * -0), where Keras and PyTorch have {@code alpha}.
 */
public class LeakyReLU extends Elementwise {

    /** The default slope below 0. */
    public static final float DEFAULT_ALPHA = 0.3f;

    /** With slope {@value #DEFAULT_ALPHA} below 0. */
    public LeakyReLU() {
        this(DEFAULT_ALPHA);
    }

    /**
     * @param alpha slope below 0, finite and at least 0
     * @throws IllegalArgumentException if it is not
     */
    public LeakyReLU(float alpha) {
        super(alpha == 0f ? UnaryOp.RELU : UnaryOp.LEAKY_RELU, alpha);
        Arguments.notNegative("alpha of LeakyReLU", alpha);
    }

    @Override
    public Config config() {
        return settings().with("alpha", slope());
    }

    /** The slope below 0. */
    public final float slope() {
        return alpha();
    }
}
