package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;

/** What is done to gradients before a step uses them: the mean of a sum is taken, they are unscaled and clipped. */
final class GradientRules {

    /** What is clipped. */
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

    /** From the sum of some gradients to the mean of the unscaled ones. */
    private double scale;
    /** The same, and from there to the clipped ones, if those of a group are clipped together; of each group. */
    private double[] factors = {1};
    private float[] ready = new float[0];

    /**
     * As settings say; null if nothing is to be done.
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
        if (after.sameAs(before)) {
            return present;
        }
        return after;
    }

    private boolean sameAs(GradientRules that) {
        return clip == that.clip && limit == that.limit && calls == that.calls && lossScale == that.lossScale;
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

    float lossScale() {
        return lossScale;
    }

    /** The number of gradients in each sum. */
    int calls() {
        return calls;
    }

    /**
     * To be called before {@link #ready}, with the sums of gradients that {@code ready} will be asked for.
     *
     * @param groups the number of the group of each variable, from 0; empty if all are of one
     */
    void begin(List<Variable> variables, List<Tensor> sums, int[] groups) {
        scale = 1.0 / ((double) lossScale * calls);
        int count = 1;
        for (int group : groups) {
            count = Math.max(count, group + 1);
        }
        if (factors.length != count) {
            factors = new double[count];
        }
        Arrays.fill(factors, clip == Clip.GLOBAL_NORM ? 0 : scale);
        if (clip == Clip.GLOBAL_NORM) {
            for (int i = 0; i < variables.size(); i++) {
                if (Optimizer.changes(variables.get(i), sums.get(i))) {
                    factors[group(groups, i)] += squareSum(sums.get(i).contiguous());
                }
            }
            for (int g = 0; g < count; g++) {
                factors[g] = clipped(factors[g]);
            }
        }
    }

    private static int group(int[] groups, int variable) {
        return groups.length == 0 ? 0 : groups[variable];
    }

    /** The gradient of a variable to use, valid until the next call. */
    MatrixView ready(Tensor sum, int[] groups, int variable) {
        Tensor x = sum.contiguous();
        if (ready.length < x.size()) {
            ready = new float[x.size()];
        }
        MatrixView out = new MatrixView(ready, 0, 1, x.size());
        double factor = clip == Clip.NORM ? clipped(squareSum(x)) : factors[group(groups, variable)];
        Backend.elements().scaleAndClip(x.block(), (float) factor,
                clip == Clip.VALUE ? limit : Float.POSITIVE_INFINITY, out);
        return out;
    }

    private static double squareSum(Tensor x) {
        return Backend.sums().squareSum(x.block());
    }

    private double clipped(double squares) {
        return scale * limit / Math.max(Math.sqrt(squares) * scale, limit);
    }
}
