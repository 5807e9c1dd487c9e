package beras.losses;

import beras.config.Arguments;
import beras.config.Settings;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Optional;

/**
 * What the focal losses of Lin et al. (2018) share: a cross-entropy times {@code (1 - p)^gamma}, with {@code p} the probability of the
 * truth, so that examples which are predicted well count little.
 */
abstract class FocalLoss extends Loss {

    /** Keras's epsilon: probabilities are clipped to {@code [1e-7, 1 - 1e-7]}. */
    private static final double EPSILON = 1e-7;

    private final boolean isOfClasses;
    private final LabelSmoothing smoothing = new LabelSmoothing();
    private double alpha = 0.25;
    private double gamma = 2;
    private boolean fromLogits;

    /** @param isOfClasses whether the outputs are classes that exclude each other */
    FocalLoss(boolean isOfClasses) {
        this.isOfClasses = isOfClasses;
    }

    @Override
    public void settings(Settings s) {
        alpha = Arguments.share("alpha of " + typeName(), s.number("alpha", alpha));
        gamma = Arguments.notNegative("gamma of " + typeName(), s.number("gamma", gamma));
        fromLogits = s.flag("fromLogits", fromLogits);
        smoothing.setting(s);
    }

    final double alpha() {
        return alpha;
    }

    @Override
    public final Optional<Layer> activation() {
        return !fromLogits ? Optional.empty() : Optional.of(isOfClasses ? new Softmax() : new Sigmoid());
    }

    /** Probabilities, or else logits. */
    @Override
    public final void requireOutputs(Shape output, OutputRange outputs) {
        String activation = isOfClasses ? "softmax" : "sigmoid";
        if (isOfClasses) {
            OutputChecks.requireClasses(this, output);
        }
        if (fromLogits) {
            OutputChecks.requireLogits(this, outputs, activation);
        } else {
            OutputChecks.requireProbabilities(this, outputs, OutputChecks.cure(activation));
        }
    }

    @Override
    protected final void requireTarget(float[] target, int from, int to) {
        if (isOfClasses) {
            Targets.requireDistribution(this, target, from, to);
        } else {
            Targets.requireProbabilities(this, target, from, to);
        }
    }

    @Override
    protected final Tensor losses(Tensor predictions, Tensor target) {
        Tensor p = !fromLogits ? predictions : isOfClasses ? predictions.softmax(-1) : predictions.sigmoid();
        return focal(p, smoothing.apply(target, isOfClasses ? 1.0 / target.dim(-1) : 0.5));
    }

    /** The losses of probabilities. */
    abstract Tensor focal(Tensor p, Tensor target);

    /** Within the range that has a logarithm. */
    static Tensor clipped(Tensor p) {
        return p.clip(EPSILON, 1 - EPSILON);
    }

    /** {@code 1 - x}. */
    static Tensor rest(Tensor x) {
        return Tensor.scalar(1).subtract(x);
    }

    /** {@code (1 - p)^gamma}. */
    final Tensor focus(Tensor p) {
        return rest(p).power(gamma);
    }
}
