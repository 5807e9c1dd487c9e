package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;
import beras.kernels.UpdateRules;

/**
 * Steps of one size in the direction of a momentum (Chen and others, 2023):
 * {@code w = w - learningRate * sign(beta1 m + (1 - beta1) g)}, then {@code m = beta2 m + (1 - beta2) g}. Wants a smaller
 * learning rate than Adam. Defaults: beta1 0.9, beta2 0.99. State: {@code [m]}.
 */
public final class Lion extends Optimizer {

    private double beta1 = 0.9;
    private double beta2 = 0.99;

    /** With a learning rate of 0.001, as in Keras. */
    public Lion() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public Lion(double learningRate) {
        super(learningRate);
    }

    @Override
    public void settings(Settings s) {
        beta1 = Arguments.factor("beta1", s.number("beta1", beta1));
        beta2 = Arguments.factor("beta2", s.number("beta2", beta2));
    }

    @Override
    protected int slotCount() {
        return 1;
    }

    @Override
    Update rule(int t, float rate) {
        return new UpdateRules.Lion(rate, beta1, beta2);
    }
}
