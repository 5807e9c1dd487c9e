package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/**
 * What the optimizers of Adam's family share: decay rates of two moments of the gradient, which are corrected for their start at 0,
 * and an epsilon.
 */
public abstract class MomentOptimizer extends Optimizer {

    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private float epsilon = 1e-7f;

    MomentOptimizer() {}

    MomentOptimizer(double learningRate) {
        super(learningRate);
    }

    @Override
    public void settings(Settings s) {
        beta1 = Arguments.factor("beta1", s.number("beta1", beta1));
        beta2 = Arguments.factor("beta2", s.number("beta2", beta2));
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
    }

    final double beta1() {
        return beta1;
    }

    final double beta2() {
        return beta2;
    }

    final float epsilon() {
        return epsilon;
    }

    /** {@code 1 - beta1^t}. */
    final double correction1(int t) {
        return 1 - power(beta1, t);
    }

    /** {@code 1 - beta2^t}. */
    final double correction2(int t) {
        return 1 - power(beta2, t);
    }

    /** {@code base^n} by squaring: in strict arithmetic, unlike {@code Math.pow}. */
    static double power(double base, int n) {
        double result = 1;
        for (double square = base; n > 0; n >>= 1, square *= square) {
            if ((n & 1) == 1) {
                result *= square;
            }
        }
        return result;
    }

    @Override
    protected int slotCount() {
        return 2;
    }
}
