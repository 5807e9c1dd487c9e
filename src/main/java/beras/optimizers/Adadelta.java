package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;
import beras.kernels.UpdateRules;

/**
 * Steps as large as those before were, whatever the scale of the gradients (Zeiler, 2012): {@code v = rho v + (1 - rho) g^2;
 * s = g * sqrt(d + epsilon) / sqrt(v + epsilon); d = rho d + (1 - rho) s^2; w = w - learningRate * s}. Defaults: rho 0.95,
 * epsilon 1e-7. State: {@code [v, d]}.
 */
public final class Adadelta extends Optimizer {

    private double rho = 0.95;
    private float epsilon = 1e-7f;

    /** With a learning rate of 0.001, as in Keras. */
    public Adadelta() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public Adadelta(double learningRate) {
        super(learningRate);
    }

    @Override
    public void settings(Settings s) {
        rho = Arguments.factor("rho", s.number("rho", rho));
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
    }

    @Override
    protected int slotCount() {
        return 2;
    }

    @Override
    Update rule(int t, float rate) {
        return new UpdateRules.Adadelta(rate, rho, epsilon);
    }
}
