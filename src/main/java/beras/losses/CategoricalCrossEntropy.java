package beras.losses;

import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.layers.activations.Softmax;
import beras.tensor.Tensor;

/**
 * {@code -sum(target * log(prediction))} over the classes, mean over the batch. The target is one-hot, or any distribution; with
 * {@code labelSmoothing} it becomes {@code target * (1 - labelSmoothing) + labelSmoothing / n}.
 *
 * <p>Predictions are probabilities, clipped to {@code [epsilon, 1 - epsilon]} and not renormalised; the gradient to them is
 * {@code -(target / clipped) / batch}, also where the clip acts. In float, {@code 1 - epsilon} is 1 for the default epsilon.
 * With {@code normalize} it is Keras's rule: rows are divided by their sum first, and the gradient goes through that and
 * through the clip, where it is 0; Keras's epsilon is 1e-7.
 *
 * <p>If the predictions come straight from a {@link Softmax} recorded on the same tape, loss and gradient are computed from its
 * logits instead: {@code sum(target * (log-sum-exp - logit))} and {@code (p - target) / batch} (for targets that sum to 1). So they
 * are if the predictions are declared to be logits. All ways agree where no clipping happens; from logits nothing is clipped and
 * nothing overflows.
 *
 * <pre>{@code
 * model.compile(new Adam(0.001), new CategoricalCrossEntropy(), "accuracy");
 * Tensor loss = new CategoricalCrossEntropy().call(model.predict(x), y);     // one number
 * }</pre>
 */
public final class CategoricalCrossEntropy extends ClassCrossEntropy {

    private final LabelSmoothing smoothing = new LabelSmoothing();

    /** From probabilities, with epsilon 1e-12. */
    public CategoricalCrossEntropy() {
        super(1e-12f, false);
    }

    /** Whether predictions are logits, before a softmax, rather than probabilities; default false. */
    public CategoricalCrossEntropy fromLogits(boolean newFromLogits) {
        Settings.set(this, "fromLogits", newFromLogits);
        return this;
    }

    @Override
    public void settings(Settings s) {
        fromLogits = s.flag("fromLogits", fromLogits);
        smoothing.setting(s);
        epsilon = checkedEpsilon(s.real("epsilon", epsilon));
        normalize = s.flag("normalize", normalize);
    }

    private static float checkedEpsilon(float epsilon) {
        if (!(epsilon > 0f && epsilon < 0.5f)) {
            throw new IllegalArgumentException(
                    "epsilon of CategoricalCrossEntropy must be above 0 and below 0.5. Received: " + epsilon);
        }
        return epsilon;
    }

    /** A distribution over the classes, contiguous. */
    @Override
    Tensor target(OperationCall call) {
        Tensor t = call.input(1).contiguous();
        return smoothing.apply(call, t, 1.0 / t.dim(-1));
    }

    @Override
    void ofLogits(Tensor x, Tensor logSumExp, Tensor t, Tensor out) {
        Backend.rowLosses().softmaxCrossEntropy(x.block(), logSumExp.block(), t.block(), out.block());
    }

    @Override
    Tensor ofProbabilities(Tensor p, Tensor t) {
        Tensor q = normalize ? p.divide(sums(p)) : p;
        return Tensor.where(t, t.negate().multiply(q.clip(epsilon, 1f - epsilon).log()), Tensor.scalar(0)).sum(-1);
    }

    @Override
    void gradientOfSoftmax(Tensor p, Tensor t, float scale, Tensor out) {
        Backend.rowLosses().softmaxCrossEntropyGradient(p.block(), t.block(), scale, out.block());
    }

    @Override
    void gradientOfProbabilities(Tensor p, Tensor t, float scale, Tensor out) {
        if (normalize) {
            Tensor sums = sums(p);
            Tensor q = p.divide(sums);
            Tensor counted = Tensor.where(q.less(epsilon).add(q.greater(1f - epsilon)), Tensor.scalar(0), t); // where nothing is clipped
            Tensor share = Tensor.where(counted, counted.divide(q), counted);
            write(sums(counted).subtract(share).divide(sums).multiply(scale), out);
        } else {
            write(Tensor.where(t, t.divide(p.clip(epsilon, 1f - epsilon)).multiply(-scale), Tensor.scalar(0)), out);
        }
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        Tensor logarithms = fromLogits ? predictions.logSoftmax(-1) : logarithms(predictions);
        return target.multiply(logarithms).sum(-1).negate();
    }

    /** The logarithms of probabilities; unless rows are normalized, clipping them changes values alone, not gradients. */
    private Tensor logarithms(Tensor p) {
        if (normalize) {
            return p.divide(sums(p)).clip(epsilon, 1 - epsilon).log();
        }
        return p.add(p.clip(epsilon, 1 - epsilon).subtract(p).stopGradient()).log();
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireDistribution(this, target, from, to);
    }
}
