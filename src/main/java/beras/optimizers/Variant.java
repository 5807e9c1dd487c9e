package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;
import beras.kernels.UpdateRules;

/** Optimizers other than {@link SGD}, {@link RMSProp} and {@link Adam}, by the names that configs have. */
final class Variant extends Optimizer {

    private enum Kind {
        /**
         * Adam with Nesterov's look ahead (Dozat, 2016): {@code w = w - learningRate * m^ / (sqrt(v^) + epsilon)} with
         * {@code m^ = u(t+1) m / (1 - U(t+1)) + (1 - u(t)) g / (1 - U(t))}, {@code v^ = v / (1 - beta2^t)},
         * {@code u(t) = beta1 (1 - 0.96^t / 2)} and {@code U(t) = u(1) u(2) ... u(t)}. Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7.
         * State: {@code [m, v]}.
         */
        Nadam(2),
        /**
         * Adam with the largest gradient in place of the root of the mean square (Kingma and Ba, 2015):
         * {@code m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g|); w = w - learningRate / (1 - beta1^t) * m / (u + epsilon)}.
         * Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7. State: {@code [m, u]}.
         */
        Adamax(2),
        /**
         * Steps that shrink with the sum of all squared gradients (Duchi and others, 2011): {@code v = v + g^2;
         * w = w - learningRate * g / sqrt(v + epsilon)}. Defaults: {@code v} begins at 0.1, epsilon 1e-7. State: {@code [v]}.
         */
        Adagrad(1),
        /**
         * Steps as large as earlier ones, whatever the scale of the gradients (Zeiler, 2012): {@code v = rho v + (1 - rho) g^2;
         * s = g * sqrt(d + epsilon) / sqrt(v + epsilon); d = rho d + (1 - rho) s^2; w = w - learningRate * s}. Defaults: rho
         * 0.95, epsilon 1e-7. State: {@code [v, d]}.
         */
        Adadelta(2),
        /**
         * Steps of one size in the direction of a momentum (Chen and others, 2023):
         * {@code w = w - learningRate * sign(beta1 m + (1 - beta1) g)}, then {@code m = beta2 m + (1 - beta2) g}. Wants a smaller
         * learning rate than Adam. Defaults: beta1 0.9, beta2 0.99. State: {@code [m]}.
         */
        Lion(1),
        /**
         * Follows the regularized leader (McMahan and others, 2013), for linear models of many features of which few matter: with
         * {@code n' = n + g^2} and {@code s = (sqrt(n') - sqrt(n)) / learningRate}, {@code z = z + g - s w}; then {@code w} is 0 where
         * {@code |z|} is at most {@code l1}, else {@code (sign(z) l1 - z) / ((beta + sqrt(n')) / learningRate + 2 l2)}. Keras's
         * {@code learning_rate_power} is its default, -0.5. Defaults: {@code n} begins at 0.1, else 0. State: {@code [n, z]}.
         */
        Ftrl(2);

        private final int slots;

        Kind(int slots) {
            this.slots = slots;
        }
    }

    private static final double NADAM_DECAY = 0.96;

    private final Kind kind;
    private double beta1 = 0.9;
    private double beta2;
    private double rho = 0.95;
    private float epsilon = 1e-7f;
    private double initialAccumulatorValue = 0.1;
    private double l1;
    private double l2;
    private double beta;
    private int factors; // in the product of Nadam
    private double product = 1;

    /** @param type one of the table */
    Variant(String type) {
        kind = Kind.valueOf(type);
        beta2 = kind == Kind.Lion ? 0.99 : 0.999;
    }

    @Override
    public String typeName() {
        return kind.name();
    }

    @Override
    public void settings(Settings s) {
        switch (kind) {
            case Nadam, Adamax, Lion -> {
                beta1 = Arguments.factor("beta1", s.number("beta1", beta1));
                beta2 = Arguments.factor("beta2", s.number("beta2", beta2));
            }
            case Adadelta -> rho = Arguments.factor("rho", s.number("rho", rho));
            default -> initialAccumulatorValue = notNegative(s, "initialAccumulatorValue", initialAccumulatorValue);
        }
        if (kind == Kind.Ftrl) {
            l1 = notNegative(s, "l1RegularizationStrength", l1);
            l2 = notNegative(s, "l2RegularizationStrength", l2);
            beta = notNegative(s, "beta", beta);
        } else if (kind != Kind.Lion) {
            epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
        }
    }

    private static double notNegative(Settings s, String name, double present) {
        return Arguments.notNegative(name, s.number(name, present));
    }

    @Override
    protected int slotCount() {
        return kind.slots;
    }

    @Override
    protected float initialSlot(int slot) {
        return slot == 0 && (kind == Kind.Adagrad || kind == Kind.Ftrl) ? (float) initialAccumulatorValue : 0f;
    }

    @Override
    Update rule(int t, float rate) {
        return switch (kind) {
            case Nadam -> nadam(t, rate);
            case Adamax -> new UpdateRules.Adamax((float) (rate / (1 - Adam.power(beta1, t))), beta1, beta2, epsilon);
            case Adagrad -> new UpdateRules.Adagrad(rate, epsilon);
            case Adadelta -> new UpdateRules.Adadelta(rate, rho, epsilon);
            case Lion -> new UpdateRules.Lion(rate, beta1, beta2);
            case Ftrl -> super.rule(t, rate);
        };
    }

    private Update nadam(int t, float rate) {
        if (t < factors) { // it was set to another step: always the same multiplications
            factors = 0;
            product = 1;
        }
        while (factors < t) {
            factors++;
            product *= u(factors);
        }
        double next = u(t + 1);
        float momentRate = (float) (rate * next / (1 - product * next));
        float gradientRate = (float) (rate * (1 - u(t)) / (1 - product));
        float rootCorrection = (float) (1 / Math.sqrt(1 - Adam.power(beta2, t)));
        return new UpdateRules.Nadam(momentRate, gradientRate, beta1, beta2, rootCorrection, epsilon);
    }

    private double u(int t) {
        return beta1 * (1 - 0.5 * Adam.power(NADAM_DECAY, t));
    }

    /** That of Ftrl, which has no kernel. */
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
