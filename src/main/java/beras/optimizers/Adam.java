package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;
import beras.kernels.UpdateRules;

/**
 * Adam (Kingma and Ba, 2015): moving means of the gradient and of its square, corrected for their start at 0;
 * {@code w = w - learningRate * m^ / (sqrt(v^) + epsilon)} with {@code m^ = m / (1 - beta1^t)}, {@code v^ = v / (1 - beta2^t)}.
 * Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7, not AMSGrad. State: {@code [m, v]}, with AMSGrad {@code [m, v, largest v]}.
 *
 * <p>There are two forms, which differ in the place of epsilon. The constructors give the one above, that of the assignment and
 * of PyTorch. {@link #keras(double)} and its like give Keras's, which adds epsilon before the correction:
 * {@code w = w - learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)}. With the default epsilon the
 * difference is negligible.
 *
 * <p>Moments too small to matter become 0, see {@link Update}.
 *
 * <pre>{@code
 * model.compile(new Adam(0.001), new MeanSquaredError());
 * model.compile("adam(0.001, beta2=0.99)", "mse");         // the same by text
 * }</pre>
 */
public sealed class Adam extends Optimizer permits AdamW {

    Form form = Form.ASSIGNMENT;
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

    /** Keras's, with its learning rate of 0.001. */
    public static Adam keras() {
        return new Adam().form(Form.KERAS);
    }

    /** Keras's; else as {@link #Adam(double)}. */
    public static Adam keras(double learningRate) {
        return new Adam(learningRate).form(Form.KERAS);
    }

    private Adam form(Form newForm) {
        form = newForm;
        return this;
    }

    @Override
    public final void settings(Settings s) {
        beta1 = Arguments.factor("beta1", s.number("beta1", beta1));
        beta2 = Arguments.factor("beta2", s.number("beta2", beta2));
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
        amsgrad = s.flag("amsgrad", amsgrad);
        form = getClass() == Adam.class ? s.byName().choice("form", form) : form;
    }

    @Override
    protected final int slotCount() {
        return amsgrad ? 3 : 2;
    }

    @Override
    final Update rule(int t, float rate) {
        boolean keras = form == Form.KERAS;
        double correction1 = 1 - power(beta1, t);
        double correction2 = 1 - power(beta2, t);
        float correctedRate = (float) (keras ? rate * Math.sqrt(correction2) / correction1 : rate / correction1);
        float rootCorrection = keras ? 1f : (float) (1 / Math.sqrt(correction2));
        return amsgrad
                ? new UpdateRules.AmsGrad(correctedRate, beta1, beta2, rootCorrection, epsilon)
                : new UpdateRules.Adam(correctedRate, beta1, beta2, rootCorrection, epsilon);
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
}
