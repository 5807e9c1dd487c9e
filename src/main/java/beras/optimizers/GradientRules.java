package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/** The treatment of gradients before a step uses them: averaged over accumulated steps, unscaled and clipped. */
final class GradientRules {

    /** The quantity that is clipped. */
    enum Clip {
        NORM("clipnorm"), VALUE("clipvalue"), GLOBAL_NORM("globalClipnorm");

        private final String setting;

        Clip(String setting) {
            this.setting = setting;
        }
    }

    private Clip clip; // null for none
    private float limit;
    private float lossScale = 1f;
    private int calls = 1;

    private final ThreadLocal<float[]> ready = ThreadLocal.withInitial(() -> new float[0]);

    /**
     * From settings; null if there is nothing to do.
     *
     * @param present null: nothing
     */
    static GradientRules of(Settings s, GradientRules present) {
        GradientRules before = present == null ? new GradientRules() : present;
        GradientRules after = new GradientRules();
        for (Clip way : Clip.values()) {
            after.clip(way, s.byName().real(way.setting, before.clip == way ? (Float) before.limit : null));
        }
        Integer sums = s.byName().integer("gradientAccumulationSteps", before.calls == 1 ? null : (Integer) before.calls);
        Float factor = s.byName().real("lossScaleFactor", before.lossScale == 1f ? null : (Float) before.lossScale);
        after.calls = sums == null ? 1 : Arguments.atLeast(2, "gradientAccumulationSteps", sums);
        after.lossScale = factor == null ? 1f : Arguments.positive("lossScaleFactor", factor);
        return after.clip == before.clip && after.limit == before.limit && after.calls == before.calls
                && after.lossScale == before.lossScale ? present : after;
    }

    private void clip(Clip way, Float newLimit) {
        if (newLimit == null) {
            return;
        }
        if (clip != null) {
            throw new IllegalArgumentException("Only one of clipnorm, clipvalue and globalClipnorm can be set. Received: "
                    + clip.setting + " and " + way.setting);
        }
        limit = Arguments.positive(way.setting, newLimit);
        clip = way;
    }

    /** The factor of the loss. */
    float lossScale() {
        return lossScale;
    }

    /** The number of gradients in each sum. */
    int calls() {
        return calls;
    }

    /** From a sum of gradients to the mean of the unscaled ones. */
    private double scale() {
        return 1.0 / ((double) lossScale * calls);
    }

    /** The factor of each sum of gradients: their {@link #scale}, and the clipping of all of them together. */
    double factor(List<Variable> variables, List<Tensor> sums) {
        if (clip != Clip.GLOBAL_NORM) {
            return scale();
        }
        double squares = 0;
        for (int i = 0; i < variables.size(); i++) {
            if (Optimizer.changes(variables.get(i), sums.get(i))) {
                squares += squareSum(sums.get(i).contiguous());
            }
        }
        return clipped(squares);
    }

    /**
     * The gradient of a variable to use, valid until this thread's next call.
     *
     * @param factor of the step, see {@link #factor}
     */
    MatrixView ready(Tensor sum, double factor) {
        Tensor x = sum.contiguous();
        if (ready.get().length < x.size()) {
            ready.set(new float[x.size()]);
        }
        MatrixView out = new MatrixView(ready.get(), 0, 1, x.size());
        Backend.elements().scaleAndClip(x.block(), (float) (clip == Clip.NORM ? clipped(squareSum(x)) : factor),
                clip == Clip.VALUE ? limit : Float.POSITIVE_INFINITY, out);
        return out;
    }

    private static double squareSum(Tensor x) {
        return Backend.sums().squareSum(x.block());
    }

    private double clipped(double squares) {
        return scale() * limit / Math.max(Math.sqrt(squares) * scale(), limit);
    }
}
