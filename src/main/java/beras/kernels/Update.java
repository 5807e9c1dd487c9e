package beras.kernels;

import static beras.kernels.ScalarUpdates.FIRST_MOMENT_ROUNDER;
import static beras.kernels.ScalarUpdates.SECOND_MOMENT_ROUNDER;

/**
 * The rule by which one step of an optimizer changes a weight {@code w}, given its gradient {@code g} and what is remembered of
 * it (its slots), with the numbers that are the same for all weights. {@link Updates#apply} applies it.
 *
 * <p>The records are the rules of this library; {@code VectorUpdates} repeats each with SIMD.
 *
 * <p><b>Moments are rounded.</b> One that decays without new gradient would soon be subnormal, where processors are slow. So a
 * number is added to each and subtracted again: 1.5 * 2^-77 for first moments {@code m}, 1.5 * 2^-103 for second ones {@code v}.
 * That makes what is below 2^-78 (2^-104) a multiple of 2^-100 (2^-126). What is larger may still change by as much, or by one
 * unit in the last place where one of the two sums is a tie; above 2^-52 (2^-78) a moment keeps its
 * bits. So a step differs by one unit in the last place, or by less than {@code rate * 2^-100 / epsilon}. The formulas leave it
 * out.
 */
@FunctionalInterface
public interface Update {

    /**
     * Changes the elements {@code from} to {@code to} (exclusive) of {@code w} and of the slots, each by itself: several threads
     * may be at work on other elements.
     *
     * @param w     weights
     * @param g     their gradient, not to be changed
     * @param slots as many blocks as the rule remembers numbers of each weight
     */
    void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to);

    /** Descent: {@code w = w - rate * g}. No slots. */
    record Sgd(float rate) implements Update {

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            for (int i = from; i < to; i++) {
                w.data[w.offset + i] = Math.fma(-rate, g.data[g.offset + i], w.data[w.offset + i]);
            }
        }
    }

    /**
     * Descent with momentum: {@code v = momentum v - rate g; w = w + v}, or with Nesterov's look ahead
     * {@code w = w + momentum v - rate g}; {@code v} is rounded as a first moment. Slots {@code [v]}.
     */
    record SgdMomentum(float rate, float momentum, boolean nesterov) implements Update {

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView v = slots[0];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float vi = Math.fma(-rate, gi, momentum * v.data[v.offset + i]);
                vi = vi + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                v.data[v.offset + i] = vi;
                w.data[w.offset + i] += nesterov ? Math.fma(-rate, gi, momentum * vi) : vi;
            }
        }
    }

    /**
     * {@code v = beta v + (1 - beta) g^2; w = w - rate * g / (sqrt(v) + epsilon)}. Slots {@code [v]}.
     *
     * @param oneMinusBeta rounded once
     */
    record RmsProp(float rate, float beta, float oneMinusBeta, float epsilon) implements Update {

        public RmsProp(float rate, double beta, float epsilon) {
            this(rate, (float) beta, (float) (1 - beta), epsilon);
        }

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView v = slots[0];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float vi = Math.fma(oneMinusBeta * gi, gi, beta * v.data[v.offset + i]);
                vi = vi + SECOND_MOMENT_ROUNDER - SECOND_MOMENT_ROUNDER;
                v.data[v.offset + i] = vi;
                w.data[w.offset + i] -= rate * gi / ((float) Math.sqrt(vi) + epsilon);
            }
        }
    }

    /**
     * RMSprop as Keras has it: {@code v = rho v + (1 - rho) g^2; s = rate * g / sqrt(v + epsilon)}, then {@code w = w - s}.
     * If centered, with a mean gradient {@code a = rho a + (1 - rho) g}, the root is that of {@code max(v - a^2, 0) + epsilon};
     * with momentum, {@code m = momentum m + s}, the step is {@code m}; {@code a} and {@code m} are rounded as first moments.
     * Slots {@code [v, a, m]}, without {@code a} and {@code m} where they are not used.
     *
     * @param oneMinusRho rounded once
     * @param momentum    0 for none
     */
    record KerasRmsProp(float rate, float rho, float oneMinusRho, float momentum, float epsilon, boolean centered)
            implements Update {

        public KerasRmsProp(float rate, double rho, float momentum, float epsilon, boolean centered) {
            this(rate, (float) rho, (float) (1 - rho), momentum, epsilon, centered);
        }

        boolean hasMomentum() {
            return momentum != 0f;
        }

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView v = slots[0];
            MatrixView a = centered ? slots[1] : null;
            MatrixView m = hasMomentum() ? slots[centered ? 2 : 1] : null;
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float vi = Math.fma(oneMinusRho * gi, gi, rho * v.data[v.offset + i]);
                vi = vi + SECOND_MOMENT_ROUNDER - SECOND_MOMENT_ROUNDER;
                v.data[v.offset + i] = vi;
                float variance = vi;
                if (a != null) {
                    float ai = Math.fma(oneMinusRho, gi, rho * a.data[a.offset + i]);
                    ai = ai + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                    a.data[a.offset + i] = ai;
                    variance = Math.max(Math.fma(-ai, ai, vi), 0f); // rounding may take it below 0, where there is no root
                }
                float step = rate * gi / (float) Math.sqrt(variance + epsilon);
                if (m != null) {
                    step = Math.fma(momentum, m.data[m.offset + i], step);
                    step = step + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                    m.data[m.offset + i] = step;
                }
                w.data[w.offset + i] -= step;
            }
        }
    }

    /**
     * Adam with the bias corrections as factors: {@code m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
     * w = w - rate * m / (sqrt(v) * rootCorrection + epsilon)}. Slots {@code [m, v]}.
     *
     * @param rate           the learning rate over {@code 1 - beta1^t}
     * @param oneMinusBeta1  rounded once, as {@code oneMinusBeta2}
     * @param rootCorrection {@code 1 / sqrt(1 - beta2^t)}
     */
    record Adam(float rate, float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, float rootCorrection,
            float epsilon) implements Update {

        public Adam(float rate, double beta1, double beta2, float rootCorrection, float epsilon) {
            this(rate, (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), rootCorrection, epsilon);
        }

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView m = slots[0];
            MatrixView v = slots[1];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float mi = Math.fma(oneMinusBeta1, gi, beta1 * m.data[m.offset + i]);
                float vi = Math.fma(oneMinusBeta2 * gi, gi, beta2 * v.data[v.offset + i]);
                mi = mi + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                vi = vi + SECOND_MOMENT_ROUNDER - SECOND_MOMENT_ROUNDER;
                m.data[m.offset + i] = mi;
                v.data[v.offset + i] = vi;
                w.data[w.offset + i] -= rate * mi / Math.fma((float) Math.sqrt(vi), rootCorrection, epsilon);
            }
        }
    }

    /**
     * As {@link Adam}, with the largest {@code v} so far in place of {@code v}: {@code top = max(top, v)}. Slots
     * {@code [m, v, top]}.
     *
     * @param rate           the learning rate over {@code 1 - beta1^t}
     * @param oneMinusBeta1  rounded once, as {@code oneMinusBeta2}
     * @param rootCorrection {@code 1 / sqrt(1 - beta2^t)}
     */
    record AmsGrad(float rate, float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, float rootCorrection,
            float epsilon) implements Update {

        public AmsGrad(float rate, double beta1, double beta2, float rootCorrection, float epsilon) {
            this(rate, (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), rootCorrection, epsilon);
        }

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView m = slots[0];
            MatrixView v = slots[1];
            MatrixView top = slots[2];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float mi = Math.fma(oneMinusBeta1, gi, beta1 * m.data[m.offset + i]);
                float vi = Math.fma(oneMinusBeta2 * gi, gi, beta2 * v.data[v.offset + i]);
                mi = mi + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                vi = vi + SECOND_MOMENT_ROUNDER - SECOND_MOMENT_ROUNDER;
                float most = Math.max(top.data[top.offset + i], vi);
                m.data[m.offset + i] = mi;
                v.data[v.offset + i] = vi;
                top.data[top.offset + i] = most;
                w.data[w.offset + i] -= rate * mi / Math.fma((float) Math.sqrt(most), rootCorrection, epsilon);
            }
        }
    }

    /**
     * Adam with Nesterov's look ahead: the moments of {@link Adam}, then
     * {@code w = w - (momentRate * m + gradientRate * g) / (sqrt(v) * rootCorrection + epsilon)}. Slots {@code [m, v]}.
     *
     * @param oneMinusBeta1  rounded once, as {@code oneMinusBeta2}
     * @param rootCorrection {@code 1 / sqrt(1 - beta2^t)}
     */
    record Nadam(float momentRate, float gradientRate, float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2,
            float rootCorrection, float epsilon) implements Update {

        public Nadam(float momentRate, float gradientRate, double beta1, double beta2, float rootCorrection, float epsilon) {
            this(momentRate, gradientRate, (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), rootCorrection,
                    epsilon);
        }

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView m = slots[0];
            MatrixView v = slots[1];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float mi = Math.fma(oneMinusBeta1, gi, beta1 * m.data[m.offset + i]);
                float vi = Math.fma(oneMinusBeta2 * gi, gi, beta2 * v.data[v.offset + i]);
                mi = mi + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                vi = vi + SECOND_MOMENT_ROUNDER - SECOND_MOMENT_ROUNDER;
                m.data[m.offset + i] = mi;
                v.data[v.offset + i] = vi;
                float step = Math.fma(gradientRate, gi, momentRate * mi);
                w.data[w.offset + i] -= step / Math.fma((float) Math.sqrt(vi), rootCorrection, epsilon);
            }
        }
    }

    /**
     * Adam with the largest gradient in place of a root: {@code m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g|);
     * w = w - rate * m / (u + epsilon)}; {@code u} is rounded as a first moment. Slots {@code [m, u]}.
     *
     * @param rate          the learning rate over {@code 1 - beta1^t}
     * @param oneMinusBeta1 rounded once
     */
    record Adamax(float rate, float beta1, float oneMinusBeta1, float beta2, float epsilon) implements Update {

        public Adamax(float rate, double beta1, double beta2, float epsilon) {
            this(rate, (float) beta1, (float) (1 - beta1), (float) beta2, epsilon);
        }

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView m = slots[0];
            MatrixView u = slots[1];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float mi = Math.fma(oneMinusBeta1, gi, beta1 * m.data[m.offset + i]);
                float ui = Math.max(beta2 * u.data[u.offset + i], Math.abs(gi));
                mi = mi + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                ui = ui + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                m.data[m.offset + i] = mi;
                u.data[u.offset + i] = ui;
                w.data[w.offset + i] -= rate * mi / (ui + epsilon);
            }
        }
    }

    /** {@code v = v + g^2; w = w - rate * g / sqrt(v + epsilon)}; {@code v} is not rounded. Slots {@code [v]}. */
    record Adagrad(float rate, float epsilon) implements Update {

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView v = slots[0];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float vi = Math.fma(gi, gi, v.data[v.offset + i]);
                v.data[v.offset + i] = vi;
                w.data[w.offset + i] -= rate * gi / (float) Math.sqrt(vi + epsilon);
            }
        }
    }

    /**
     * {@code v = rho v + (1 - rho) g^2; s = g * sqrt(d + epsilon) / sqrt(v + epsilon); d = rho d + (1 - rho) s^2;
     * w = w - rate * s}; {@code d} is rounded as a second moment. Slots {@code [v, d]}.
     *
     * @param oneMinusRho rounded once
     */
    record Adadelta(float rate, float rho, float oneMinusRho, float epsilon) implements Update {

        public Adadelta(float rate, double rho, float epsilon) {
            this(rate, (float) rho, (float) (1 - rho), epsilon);
        }

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView v = slots[0];
            MatrixView d = slots[1];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float di = d.data[d.offset + i];
                float vi = Math.fma(oneMinusRho * gi, gi, rho * v.data[v.offset + i]);
                vi = vi + SECOND_MOMENT_ROUNDER - SECOND_MOMENT_ROUNDER;
                float step = gi * (float) Math.sqrt(di + epsilon) / (float) Math.sqrt(vi + epsilon);
                di = Math.fma(oneMinusRho * step, step, rho * di);
                di = di + SECOND_MOMENT_ROUNDER - SECOND_MOMENT_ROUNDER;
                v.data[v.offset + i] = vi;
                d.data[d.offset + i] = di;
                w.data[w.offset + i] = Math.fma(-rate, step, w.data[w.offset + i]);
            }
        }
    }

    /**
     * {@code w = w - rate * sign(beta1 m + (1 - beta1) g)}, where the sign of 0 is 0, then {@code m = beta2 m + (1 - beta2) g}.
     * Slots {@code [m]}.
     *
     * @param oneMinusBeta1 rounded once, as {@code oneMinusBeta2}
     */
    record Lion(float rate, float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2) implements Update {

        public Lion(float rate, double beta1, double beta2) {
            this(rate, (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2));
        }

        @Override
        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            MatrixView m = slots[0];
            for (int i = from; i < to; i++) {
                float gi = g.data[g.offset + i];
                float mi = m.data[m.offset + i];
                float direction = Math.fma(oneMinusBeta1, gi, beta1 * mi);
                float step = direction > 0f ? rate : direction < 0f ? -rate : direction; // which is 0 or NaN
                mi = Math.fma(oneMinusBeta2, gi, beta2 * mi);
                mi = mi + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
                m.data[m.offset + i] = mi;
                w.data[w.offset + i] -= step;
            }
        }
    }
}
