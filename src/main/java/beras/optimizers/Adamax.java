package beras.optimizers;

import beras.kernels.Update;
import beras.kernels.UpdateRules;

/**
 * Adam with the largest gradient in place of the root of the mean square (Kingma and Ba, 2015):
 * {@code m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g|); w = w - learningRate / (1 - beta1^t) * m / (u + epsilon)}.
 * Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7. State: {@code [m, u]}.
 */
public final class Adamax extends MomentOptimizer {

    /** With a learning rate of 0.001, as in Keras. */
    public Adamax() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public Adamax(double learningRate) {
        super(learningRate);
    }

    @Override
    Update rule(int t, float rate) {
        return new UpdateRules.Adamax((float) (rate / correction1(t)), beta1(), beta2(), epsilon());
    }
}
