package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Variable;

/**
 * Adam with the largest gradient in place of the root of the mean square (Kingma and Ba, 2015):
 * {@code m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g|); w = w - learningRate / (1 - beta1^t) * m / (u + epsilon)}.
 * Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7. State: {@code [m, u]}.
 */
public final class Adamax extends Optimizer {

    private final double beta1;
    private final double beta2;
    private final float epsilon;
    private float correctedRate;

    /** With beta1 0.9, beta2 0.999 and epsilon 1e-7. Keras's learning rate is 0.001. */
    public Adamax(float learningRate) {
        this(learningRate, 0.9, 0.999, 1e-7f);
    }

    /**
     * @param beta1   share of the old mean, from 0 to below 1
     * @param beta2   share of the old maximum, from 0 to below 1
     * @param epsilon above 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Adamax(float learningRate, double beta1, double beta2, float epsilon) {
        super(learningRate);
        Arguments.factor("beta1", (float) beta1);
        Arguments.factor("beta2", (float) beta2);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = Arguments.positive("epsilon", epsilon);
    }

    @Override
    Config addTo(Config config) {
        return config.with("beta1", beta1).with("beta2", beta2).with("epsilon", epsilon);
    }

    @Override
    void beginUpdate(int t, float rate) {
        correctedRate = (float) (rate / (1 - Adam.power(beta1, t)));
    }

    @Override
    int slotCount() {
        return 2;
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        Backend.kernels().adamax(w.data(), w.offset(), g, gOffset, slots[0], 0, slots[1], 0, w.size(), correctedRate,
                (float) beta1, (float) (1 - beta1), (float) beta2, epsilon);
    }
}
