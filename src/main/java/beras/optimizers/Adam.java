package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;

/**
 * Adam (Kingma and Ba, 2015): moving means of the gradient and of its square, corrected for their start at 0;
 * {@code w = w - learningRate * m^ / (sqrt(v^) + epsilon)} with {@code m^ = m / (1 - beta1^t)}, {@code v^ = v / (1 - beta2^t)}.
 * Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7, not AMSGrad. State: {@code [m, v]}, with AMSGrad {@code [m, v, largest v]}.
 *
 * <p>There are two forms, which differ in the place of epsilon. The constructors give the one above, that of the assignment and
 * of PyTorch. {@link #keras(double)} and its like give Keras's, which adds epsilon before the correction:
 * {@code w = w - learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)}. With the default epsilon hardly
 * any training can tell.
 *
 * <p>Moments too small to matter become 0, see {@link Update}.
 */
public final class Adam extends Optimizer {

    private Form form = Form.ASSIGNMENT;
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private float epsilon = 1e-7f;
    private boolean amsgrad;

    /** With a learning rate of 0.001, as in Keras. */
    public Adam() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public Adam(double learningRate) {
        super(learningRate);
    }

    /** With a learning rate that follows a schedule. */
    public Adam(LearningRateSchedule schedule) {
        super(schedule);
    }

    /** Keras's, with its learning rate of 0.001. */
    public static Adam keras() {
        return new Adam().form(Form.KERAS);
    }

    /** Keras's; else as {@link #Adam(double)}. */
    public static Adam keras(double learningRate) {
        return new Adam(learningRate).form(Form.KERAS);
    }

    /** Keras's; else as {@link #Adam(LearningRateSchedule)}. */
    public static Adam keras(LearningRateSchedule schedule) {
        return new Adam(schedule).form(Form.KERAS);
    }

    private Adam form(Form newForm) {
        form = newForm;
        return this;
    }

    /**
     * Share of the old mean; default 0.9.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public Adam beta1(double value) {
        set("beta1", value);
        return this;
    }

    /**
     * Share of the old mean square; default 0.999.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public Adam beta2(double value) {
        set("beta2", value);
        return this;
    }

    /**
     * What keeps divisors from 0; default 1e-7.
     *
     * @throws IllegalArgumentException if it is not above 0
     * @throws IllegalStateException after the first step
     */
    public Adam epsilon(double value) {
        set("epsilon", value);
        return this;
    }

    /**
     * Whether to divide by the root of the largest {@code v} so far: AMSGrad (Reddi and others, 2018). Default false.
     *
     * @throws IllegalStateException after the first step
     */
    public Adam amsgrad(boolean value) {
        set("amsgrad", value);
        return this;
    }

    @Override
    public void settings(Settings s) {
        moments(s);
        form = s.byName().choice("form", form);
    }

    /** The settings without the form. */
    void moments(Settings s) {
        beta1 = Arguments.factor("beta1", s.number("beta1", beta1));
        beta2 = Arguments.factor("beta2", s.number("beta2", beta2));
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
        amsgrad = s.flag("amsgrad", amsgrad);
    }

    @Override
    protected int slotCount() {
        return amsgrad ? 3 : 2;
    }

    @Override
    protected StepRule update(int t, float rate) {
        double correction1 = 1 - Powers.of(beta1, t);
        double correction2 = 1 - Powers.of(beta2, t);
        boolean keras = form == Form.KERAS;
        float correctedRate = (float) (keras ? rate * Math.sqrt(correction2) / correction1 : rate / correction1);
        float rootCorrection = keras ? 1f : (float) (1 / Math.sqrt(correction2));
        return amsgrad
                ? new KernelRule(new Update.AmsGrad(correctedRate, beta1, beta2, rootCorrection, epsilon))
                : new KernelRule(new Update.Adam(correctedRate, beta1, beta2, rootCorrection, epsilon));
    }
}
