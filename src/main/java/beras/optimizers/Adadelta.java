package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Variable;

/**
 * Steps as large as those before were, whatever the scale of the gradients (Zeiler, 2012): {@code v = rho v + (1 - rho) g^2;
 * s = g * sqrt(d + epsilon) / sqrt(v + epsilon); d = rho d + (1 - rho) s^2; w = w - learningRate * s}. Defaults: rho 0.95,
 * epsilon 1e-7. State: {@code [v, d]}.
 */
public final class Adadelta extends Optimizer {

    private final double rho;
    private final float epsilon;

    /** With rho 0.95 and epsilon 1e-7. Keras's learning rate is 0.001, that of the paper 1. */
    public Adadelta(float learningRate) {
        this(learningRate, 0.95, 1e-7f);
    }

    /**
     * @param rho     share of the old mean squares, from 0 to below 1
     * @param epsilon above 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Adadelta(float learningRate, double rho, float epsilon) {
        super(learningRate);
        Arguments.factor("rho", (float) rho);
        this.rho = rho;
        this.epsilon = Arguments.positive("epsilon", epsilon);
    }

    @Override
    Config addTo(Config config) {
        return config.with("rho", rho).with("epsilon", epsilon);
    }

    @Override
    int slotCount() {
        return 2;
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        Backend.kernels().adadelta(w.data(), w.offset(), g, gOffset, slots[0], 0, slots[1], 0, w.size(), rate, (float) rho,
                (float) (1 - rho), epsilon);
    }
}
