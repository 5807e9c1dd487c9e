package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;

/**
 * Adam with the largest gradient in place of the root of the mean square (Kingma and Ba, 2015):
 * {@code m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g|); w = w - learningRate / (1 - beta1^t) * m / (u + epsilon)}.
 * Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7. State: {@code [m, u]}.
 */
public final class Adamax extends Optimizer {

    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private float epsilon = 1e-7f;

    /** With a learning rate of 0.001, as in Keras. */
    public Adamax() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public Adamax(double learningRate) {
        super(learningRate);
    }

    /** With a learning rate that follows a schedule. */
    public Adamax(LearningRateSchedule schedule) {
        super(schedule);
    }

    /**
     * Share of the old mean; default 0.9.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public Adamax beta1(double value) {
        set("beta1", value);
        return this;
    }

    /**
     * Share of the old maximum; default 0.999.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public Adamax beta2(double value) {
        set("beta2", value);
        return this;
    }

    /**
     * What keeps divisors from 0; default 1e-7.
     *
     * @throws IllegalArgumentException if it is not above 0
     * @throws IllegalStateException after the first step
     */
    public Adamax epsilon(double value) {
        set("epsilon", value);
        return this;
    }

    @Override
    public void settings(Settings s) {
        beta1 = Arguments.factor("beta1", s.number("beta1", beta1));
        beta2 = Arguments.factor("beta2", s.number("beta2", beta2));
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
    }

    @Override
    protected int slotCount() {
        return 2;
    }

    @Override
    protected StepRule update(int t, float rate) {
        return new KernelRule(new Update.Adamax((float) (rate / (1 - Powers.of(beta1, t))), beta1, beta2, epsilon));
    }
}
