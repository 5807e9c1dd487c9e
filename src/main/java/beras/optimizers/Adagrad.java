package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;
import beras.kernels.UpdateRules;

/**
 * Steps that shrink with the sum of all squared gradients (Duchi and others, 2011): {@code v = v + g^2;
 * w = w - learningRate * g / sqrt(v + epsilon)}. Defaults: {@code v} begins at 0.1, epsilon 1e-7. State: {@code [v]}.
 */
public final class Adagrad extends Optimizer {

    private double initialAccumulatorValue = 0.1;
    private float epsilon = 1e-7f;

    /** With a learning rate of 0.001, as in Keras. */
    public Adagrad() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public Adagrad(double learningRate) {
        super(learningRate);
    }

    @Override
    public void settings(Settings s) {
        initialAccumulatorValue = Arguments.notNegative("initialAccumulatorValue",
                s.number("initialAccumulatorValue", initialAccumulatorValue));
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
    }

    @Override
    protected int slotCount() {
        return 1;
    }

    @Override
    protected float initialSlot(int slot) {
        return (float) initialAccumulatorValue;
    }

    @Override
    Update rule(int t, float rate) {
        return new UpdateRules.Adagrad(rate, epsilon);
    }
}
