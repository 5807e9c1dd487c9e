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
 * The focal losses of Lin et al. (2018): a cross-entropy times {@code (1 - p)^gamma}, with {@code p} the probability of the truth, so that
 * examples which are predicted well count little. Settings, as in Keras: {@code alpha} 0.25, {@code gamma} 2, {@code fromLogits} false,
 * {@code labelSmoothing} 0.
 */
final class Focal extends Loss {

    private enum Kind {
        /**
         * {@code (1 - q)^gamma} times the {@linkplain BinaryCrossEntropy binary cross-entropy}, with {@code q} the probability that the
         * prediction gives the truth: for outputs that are binary each by itself, of which few are hard. Mean over the last axis, then over
         * the batch. With {@code applyClassBalancing} it is multiplied by {@code alpha} where the target is 1, and by {@code 1 - alpha}
         * where it is 0.
         */
        BinaryFocalCrossEntropy,
        /**
         * {@code -sum(alpha * (1 - p)^gamma * target * log(p))} over the classes, mean over the batch: a
         * {@linkplain CategoricalCrossEntropy cross-entropy} in which examples that are predicted well count little. Rows of probabilities
         * are divided by their sum first.
         */
        CategoricalFocalCrossEntropy
    }

    private final Kind kind;
    private final boolean isOfClasses; // that exclude each other
    private final LabelSmoothing smoothing = new LabelSmoothing();
    private double alpha = 0.25;
    private double gamma = 2;
    private boolean fromLogits;
    private boolean applyClassBalancing;

    /** @param type one of the table */
    Focal(String type) {
        kind = Kind.valueOf(type);
        isOfClasses = kind == Kind.CategoricalFocalCrossEntropy;
    }

    @Override
    public String typeName() {
        return kind.name();
    }

    @Override
    public void settings(Settings s) {
        alpha = Arguments.share("alpha of " + kind, s.number("alpha", alpha));
        gamma = Arguments.notNegative("gamma of " + kind, s.number("gamma", gamma));
        fromLogits = s.flag("fromLogits", fromLogits);
        smoothing.setting(s);
        applyClassBalancing = !isOfClasses && s.flag("applyClassBalancing", applyClassBalancing);
    }

    @Override
    public Optional<Layer> activation() {
        return !fromLogits ? Optional.empty() : Optional.of(isOfClasses ? new Softmax() : new Sigmoid());
    }

    /** Probabilities, or else logits. */
    @Override
    public void requireOutputs(Shape output, OutputRange outputs) {
        if (isOfClasses) {
            OutputChecks.requireClasses(this, output);
        }
        OutputChecks.require(this, outputs, fromLogits, isOfClasses ? "softmax" : "sigmoid");
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        if (isOfClasses) {
            Targets.requireDistribution(this, target, from, to);
        } else {
            Targets.requireProbabilities(this, target, from, to);
        }
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        Tensor p = !fromLogits ? predictions : isOfClasses ? predictions.softmax(-1) : predictions.sigmoid();
        Tensor t = smoothing.apply(target, isOfClasses ? 1.0 / target.dim(-1) : 0.5);
        if (isOfClasses) {
            Tensor q = clipped(p.divide(p.sum(-1).expandDims(-1)));
            return focus(q).multiply(alpha).multiply(t).multiply(q.log()).sum(-1).negate();
        }
        Tensor no = rest(t);
        Tensor q = t.multiply(p).add(no.multiply(rest(p)));
        Tensor clipped = clipped(p);
        Tensor entropy = t.multiply(clipped.log()).add(no.multiply(rest(clipped).log())).negate();
        Tensor focal = focus(q).multiply(entropy);
        return applyClassBalancing ? focal.multiply(t.multiply(alpha).add(no.multiply(1 - alpha))) : focal;
    }

    /** Within the range that has a logarithm. */
    private static Tensor clipped(Tensor p) {
        return p.clip(FusedLoss.EPSILON, 1 - FusedLoss.EPSILON);
    }

    /** {@code 1 - x}. */
    private static Tensor rest(Tensor x) {
        return Tensor.scalar(1).subtract(x);
    }

    /** {@code (1 - p)^gamma}. */
    private Tensor focus(Tensor p) {
        return rest(p).power(gamma);
    }
}
