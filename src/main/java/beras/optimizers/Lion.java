package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Variable;

/**
 * Steps of one size in the direction of a momentum (Chen and others, 2023):
 * {@code w = w - learningRate * sign(beta1 m + (1 - beta1) g)}, then {@code m = beta2 m + (1 - beta2) g}. Wants a smaller
 * learning rate than Adam. Defaults: beta1 0.9, beta2 0.99. State: {@code [m]}.
 */
public final class Lion extends Optimizer {

    private final double beta1;
    private final double beta2;

    /** With beta1 0.9 and beta2 0.99. Keras's learning rate is 0.001. */
    public Lion(float learningRate) {
        this(learningRate, 0.9, 0.99);
    }

    /**
     * @param beta1 share of the momentum in a direction, from 0 to below 1
     * @param beta2 share of the old momentum in the new one, from 0 to below 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Lion(float learningRate, double beta1, double beta2) {
        super(learningRate);
        Arguments.factor("beta1", (float) beta1);
        Arguments.factor("beta2", (float) beta2);
        this.beta1 = beta1;
        this.beta2 = beta2;
    }

    @Override
    Config addTo(Config config) {
        return config.with("beta1", beta1).with("beta2", beta2);
    }

    @Override
    int slotCount() {
        return 1;
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        Backend.kernels().lion(w.data(), w.offset(), g, gOffset, slots[0], 0, w.size(), rate, (float) beta1,
                (float) (1 - beta1), (float) beta2, (float) (1 - beta2));
    }
}
