package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;
import beras.kernels.UpdateRules;

/**
 * RMSProp in two forms, which differ in the place of epsilon.
 *
 * <p>The constructors give that of the assignment: {@code v = beta v + (1 - beta) g^2;
 * w = w - learningRate * g / (sqrt(v) + epsilon)}. Defaults: beta 0.9, epsilon 1e-6. State: {@code [v]}.
 *
 * <p>{@link #keras(double)} and its like give Keras's, with epsilon inside the root: {@code v = rho v + (1 - rho) g^2;
 * w = w - learningRate * g / sqrt(v + epsilon)}. If centered, the mean gradient {@code a = rho a + (1 - rho) g} turns
 * {@code v} into the variance {@code v - a^2}. With momentum {@code m = momentum * m + learningRate * g / sqrt(...)} is the
 * step, {@code w = w - m}. Defaults: rho 0.9, momentum 0, epsilon 1e-7, not centered. State: {@code [v, a, m]}, without
 * {@code a} and {@code m} where they are not used.
 */
public final class RMSProp extends Optimizer {

    private Form form = Form.ASSIGNMENT;
    private double beta = 0.9;
    private float momentum;
    private float epsilon = 1e-6f;
    private boolean centered;

    /** With a learning rate of 0.001, as in Keras. */
    public RMSProp() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public RMSProp(double learningRate) {
        super(learningRate);
    }

    /** Keras's, with its learning rate of 0.001. */
    public static RMSProp keras() {
        return new RMSProp().inKerasForm();
    }

    /** Keras's; else as {@link #RMSProp(double)}. */
    public static RMSProp keras(double learningRate) {
        return new RMSProp(learningRate).inKerasForm();
    }

    private RMSProp inKerasForm() {
        form = Form.KERAS;
        epsilon = 1e-7f;
        return this;
    }

    @Override
    public void settings(Settings s) {
        boolean keras = s.byName().choice("form", form) == Form.KERAS;
        if (keras && form != Form.KERAS) {
            inKerasForm();
        }
        String share = keras ? "rho" : "beta";
        beta = Arguments.factor(share, s.number(share, beta));
        momentum = keras ? Arguments.factor("momentum", s.real("momentum", momentum)) : momentum;
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
        centered = keras ? s.flag("centered", centered) : centered;
    }

    @Override
    protected int slotCount() {
        return 1 + (centered ? 1 : 0) + (momentum == 0f ? 0 : 1);
    }

    @Override
    Update rule(int t, float rate) {
        return form == Form.KERAS
                ? new UpdateRules.KerasRmsProp(rate, beta, momentum, epsilon, centered)
                : new UpdateRules.RmsProp(rate, beta, epsilon);
    }
}
