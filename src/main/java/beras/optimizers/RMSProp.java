package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Variable;

/**
 * RMSProp in two forms, which differ in the place of epsilon.
 *
 * <p>The constructors give that of the assignment: {@code v = beta v + (1 - beta) g^2;
 * w = w - learningRate * g / (sqrt(v) + epsilon)}. Defaults: beta 0.9, epsilon 1e-6. State: {@code [v]}.
 *
 * <p>{@link #keras(float)} and its like give Keras's, with epsilon inside the root: {@code v = rho v + (1 - rho) g^2;
 * w = w - learningRate * g / sqrt(v + epsilon)}. If centered, the mean gradient {@code a = rho a + (1 - rho) g} turns
 * {@code v} into the variance {@code v - a^2}. With momentum {@code m = momentum * m + learningRate * g / sqrt(...)} is the
 * step, {@code w = w - m}. Defaults: rho 0.9, momentum 0, epsilon 1e-7, not centered. State: {@code [v, a, m]}, without
 * {@code a} and {@code m} where they are not used.
 */
public final class RMSProp extends Optimizer {

    private final boolean keras;
    private final double beta;
    private final float momentum;
    private final float epsilon;
    private final boolean centered;

    /** The assignment's, with beta 0.9 and epsilon 1e-6. */
    public RMSProp(float learningRate) {
        this(learningRate, 0.9, 1e-6f);
    }

    /**
     * The assignment's.
     *
     * @param beta    share of the old mean square, from 0 to below 1
     * @param epsilon above 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public RMSProp(float learningRate, double beta, float epsilon) {
        this(learningRate, false, beta, 0f, epsilon, false);
    }

    private RMSProp(float learningRate, boolean keras, double beta, float momentum, float epsilon, boolean centered) {
        super(learningRate);
        Arguments.factor(keras ? "rho" : "beta", (float) beta);
        this.keras = keras;
        this.beta = beta;
        this.momentum = Arguments.factor("momentum", momentum);
        this.epsilon = Arguments.positive("epsilon", epsilon);
        this.centered = centered;
    }

    /** Keras's, with rho 0.9, no momentum, epsilon 1e-7, not centered. Keras's learning rate is 0.001. */
    public static RMSProp keras(float learningRate) {
        return keras(learningRate, 0.9, 0f, 1e-7f, false);
    }

    /**
     * Keras's.
     *
     * @param rho      share of the old means, from 0 to below 1
     * @param momentum share of the old step, from 0 to below 1
     * @param epsilon  above 0
     * @param centered whether to divide by the deviation from the mean gradient
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static RMSProp keras(float learningRate, double rho, float momentum, float epsilon, boolean centered) {
        return new RMSProp(learningRate, true, rho, momentum, epsilon, centered);
    }

    @Override
    Config addTo(Config config) {
        if (!keras) {
            return config.with("beta", beta).with("epsilon", epsilon);
        }
        return config.with("form", "keras").with("rho", beta).with("momentum", momentum).with("epsilon", epsilon)
                .with("centered", centered);
    }

    @Override
    int slotCount() {
        return 1 + (centered ? 1 : 0) + (momentum == 0f ? 0 : 1);
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        float rest = (float) (1 - beta);
        if (keras) {
            float[] means = centered ? slots[1] : null;
            float[] momenta = momentum == 0f ? null : slots[slotCount() - 1];
            Backend.kernels().kerasRmsProp(w.data(), w.offset(), g, gOffset, slots[0], 0, means, 0, momenta, 0, w.size(), rate,
                    (float) beta, rest, momentum, epsilon);
        } else {
            Backend.kernels().rmsProp(w.data(), w.offset(), g, gOffset, slots[0], 0, w.size(), rate, (float) beta, rest,
                    epsilon);
        }
    }
}
