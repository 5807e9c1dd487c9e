package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/**
 * Follows the regularized leader (McMahan and others, 2013), for linear models of many features of which few matter: with
 * {@code n' = n + g^2} and {@code s = (sqrt(n') - sqrt(n)) / learningRate}, {@code z = z + g - s w}; then {@code w} is 0 where
 * {@code |z|} is at most {@code l1}, else {@code (sign(z) l1 - z) / ((beta + sqrt(n')) / learningRate + 2 l2)}. Keras's
 * {@code learning_rate_power} is its default, -0.5. Defaults: {@code n} begins at 0.1, else 0. State: {@code [n, z]}.
 */
public final class Ftrl extends Optimizer {

    private double initialAccumulatorValue = 0.1;
    private double l1;
    private double l2;
    private double beta;

    /** With a learning rate of 0.001, as in Keras. */
    public Ftrl() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public Ftrl(double learningRate) {
        super(learningRate);
    }

    @Override
    public void settings(Settings s) {
        initialAccumulatorValue = Arguments.notNegative("initialAccumulatorValue",
                s.number("initialAccumulatorValue", initialAccumulatorValue));
        l1 = Arguments.notNegative("l1RegularizationStrength", s.number("l1RegularizationStrength", l1));
        l2 = Arguments.notNegative("l2RegularizationStrength", s.number("l2RegularizationStrength", l2));
        beta = Arguments.notNegative("beta", s.number("beta", beta));
    }

    @Override
    protected int slotCount() {
        return 2;
    }

    @Override
    protected float initialSlot(int slot) {
        return slot == 0 ? (float) initialAccumulatorValue : 0f;
    }

    @Override
    protected StepRule update(int t, float rate) {
        return (w, g, slots, from, to) -> {
            for (int i = from; i < to; i++) {
                double before = slots[0].get(i);
                double after = before + (double) g.get(i) * g.get(i);
                double z = slots[1].get(i) + g.get(i) - (Math.sqrt(after) - Math.sqrt(before)) / rate * w.get(i);
                slots[0].set(i, (float) after);
                slots[1].set(i, (float) z);
                w.set(i, (float) ((Math.min(Math.max(z, -l1), l1) - z) / ((beta + Math.sqrt(after)) / rate + 2 * l2)));
            }
        };
    }
}
