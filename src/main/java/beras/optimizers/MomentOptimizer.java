package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UpdateRules;

/**
 * What the optimizers of Adam's family share: decay rates of two moments of the gradient, which are corrected for their start at 0,
 * and an epsilon.
 *
 * @param <O> the optimizer itself, which the settings return
 */
public abstract class MomentOptimizer<O extends MomentOptimizer<O>> extends Optimizer {

    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private float epsilon = 1e-7f;

    MomentOptimizer() {}

    MomentOptimizer(double learningRate) {
        super(learningRate);
    }

    MomentOptimizer(LearningRateSchedule schedule) {
        super(schedule);
    }

    /** This. */
    abstract O self();

    /**
     * Decay rate of the first moment, the mean of the gradients: the share of the old mean; default 0.9.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public final O beta1(double value) {
        set("beta1", value);
        return self();
    }

    /**
     * Decay rate of the second moment, the mean of the squared gradients ({@link Adamax}: their maximum norm): the share of the old
     * one; default 0.999.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public final O beta2(double value) {
        set("beta2", value);
        return self();
    }

    /**
     * Keeps divisors from 0; default 1e-7.
     *
     * @throws IllegalArgumentException if it is not above 0
     * @throws IllegalStateException after the first step
     */
    public final O epsilon(double value) {
        set("epsilon", value);
        return self();
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
        return 1 - Powers.of(beta1, t);
    }

    /** {@code 1 - beta2^t}. */
    final double correction2(int t) {
        return 1 - Powers.of(beta2, t);
    }

    /** The step of {@link Adam} in one of its forms. */
    final StepRule adam(Form form, boolean amsgrad, int t, float rate) {
        boolean keras = form == Form.KERAS;
        float correctedRate = (float) (keras ? rate * Math.sqrt(correction2(t)) / correction1(t) : rate / correction1(t));
        float rootCorrection = keras ? 1f : (float) (1 / Math.sqrt(correction2(t)));
        return amsgrad
                ? new KernelRule(new UpdateRules.AmsGrad(correctedRate, beta1, beta2, rootCorrection, epsilon))
                : new KernelRule(new UpdateRules.Adam(correctedRate, beta1, beta2, rootCorrection, epsilon));
    }

    @Override
    protected int slotCount() {
        return 2;
    }
}
