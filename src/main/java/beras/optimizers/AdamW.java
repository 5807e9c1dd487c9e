package beras.optimizers;

import beras.config.Settings;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@link Adam#keras(double)} with
 * {@link Optimizer#weightDecay} set. Defaults: weight decay 0.004, beta1 0.9, beta2 0.999, epsilon 1e-7, not AMSGrad. State:
 * as Adam.
 */
public final class AdamW extends MomentOptimizer<AdamW> {

    private static final double DECAY = 0.004;

    private boolean amsgrad;

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
     * Whether to divide by the root of the largest {@code v} so far. Default false.
     *
     * @throws IllegalStateException after the first step
     */
    public AdamW amsgrad(boolean value) {
        set("amsgrad", value);
        return this;
    }

    @Override
    AdamW self() {
        return this;
    }

    @Override
    public void settings(Settings s) {
        super.settings(s);
        amsgrad = s.flag("amsgrad", amsgrad);
    }

    @Override
    protected int slotCount() {
        return amsgrad ? 3 : 2;
    }

    @Override
    protected StepRule update(int t, float rate) {
        return adam(Form.KERAS, amsgrad, t, rate);
    }
}
