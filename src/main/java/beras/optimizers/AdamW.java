package beras.optimizers;

import beras.config.Settings;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@link Adam#keras(double)} with
 * {@link Optimizer#weightDecay} set. Defaults: weight decay 0.004, beta1 0.9, beta2 0.999, epsilon 1e-7, not AMSGrad. State:
 * as Adam.
 */
public final class AdamW extends Optimizer {

    private static final double DECAY = 0.004;

    private final Adam adam = Adam.keras();

    /** With a learning rate of 0.001, as in Keras. */
    public AdamW() {
        weightDecay(DECAY);
    }

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public AdamW(double learningRate) {
        super(learningRate);
        weightDecay(DECAY);
    }

    /** With a learning rate that follows a schedule. */
    public AdamW(LearningRateSchedule schedule) {
        super(schedule);
        weightDecay(DECAY);
    }

    /**
     * Share of the old mean; default 0.9.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public AdamW beta1(double value) {
        set("beta1", value);
        return this;
    }

    /**
     * Share of the old mean square; default 0.999.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public AdamW beta2(double value) {
        set("beta2", value);
        return this;
    }

    /**
     * What keeps divisors from 0; default 1e-7.
     *
     * @throws IllegalArgumentException if it is not above 0
     * @throws IllegalStateException after the first step
     */
    public AdamW epsilon(double value) {
        set("epsilon", value);
        return this;
    }

    /**
     * Whether to divide by the root of the largest {@code v} so far. Default false.
     *
     * @throws IllegalStateException after the first step
     */
    public AdamW amsgrad(boolean value) {
        set("amsgrad", value);
        return this;
    }

    @Override
    public void settings(Settings s) {
        adam.moments(s);
    }

    @Override
    protected int slotCount() {
        return adam.slotCount();
    }

    @Override
    protected StepRule update(int t, float rate) {
        return adam.update(t, rate);
    }
}
