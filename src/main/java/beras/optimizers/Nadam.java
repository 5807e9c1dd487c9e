package beras.optimizers;

import beras.kernels.Update;
import beras.kernels.UpdateRules;

/**
 * Adam with Nesterov's look ahead (Dozat, 2016): {@code w = w - learningRate * m^ / (sqrt(v^) + epsilon)} with
 * {@code m^ = u(t+1) m / (1 - U(t+1)) + (1 - u(t)) g / (1 - U(t))}, {@code v^ = v / (1 - beta2^t)},
 * {@code u(t) = beta1 (1 - 0.96^t / 2)} and {@code U(t) = u(1) u(2) ... u(t)}. Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7.
 * State: {@code [m, v]}.
 */
public final class Nadam extends MomentOptimizer {

    private static final double DECAY = 0.96;

    private int factors; // in the product
    private double product = 1;

    /** With a learning rate of 0.001, as in Keras. */
    public Nadam() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public Nadam(double learningRate) {
        super(learningRate);
    }

    private double u(int t) {
        return beta1() * (1 - 0.5 * power(DECAY, t));
    }

    /** By one factor, or from the first if this optimizer was set to another step: always the same multiplications. */
    private void extendProduct(int t) {
        if (t < factors) {
            factors = 0;
            product = 1;
        }
        while (factors < t) {
            factors++;
            product *= u(factors);
        }
    }

    @Override
    Update rule(int t, float rate) {
        extendProduct(t);
        double next = u(t + 1);
        float momentRate = (float) (rate * next / (1 - product * next));
        float gradientRate = (float) (rate * (1 - u(t)) / (1 - product));
        float rootCorrection = (float) (1 / Math.sqrt(correction2(t)));
        return new UpdateRules.Nadam(momentRate, gradientRate, beta1(), beta2(), rootCorrection, epsilon());
    }
}
