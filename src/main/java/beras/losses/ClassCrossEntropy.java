package beras.losses;

import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.RowLosses;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.layers.activations.Softmax;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Optional;

/** {@code -sum(target * log(prediction))} over the classes, in all its forms; subclasses say what the target is. */
abstract class ClassCrossEntropy extends FusedLoss {

    /** Whether predictions are logits. */
    boolean fromLogits;
    /** Where probabilities are clipped. */
    float epsilon;
    /** Whether rows of probabilities are divided by their sum. */
    boolean normalize;

    ClassCrossEntropy(float epsilon, boolean normalize) {
        this.epsilon = epsilon;
        this.normalize = normalize;
    }

    @Override
    public final Optional<Layer> activation() {
        return fromLogits ? Optional.of(new Softmax()) : Optional.empty();
    }

    /**
     * Probabilities, or else logits. Not those of sigmoids, unless rows are normalized: all would learn to be 1, as only that of
     * the true class counts.
     */
    @Override
    public final void requireOutputs(Shape output, OutputRange outputs) {
        OutputChecks.requireClasses(this, output);
        if (fromLogits) {
            OutputChecks.requireLogits(this, outputs, "softmax");
            return;
        }
        OutputChecks.requireProbabilities(this, outputs, OutputChecks.cure("softmax"));
        if (!normalize) {
            OutputChecks.requireShared(this, outputs);
        }
    }

    /** The target as a distribution over the classes, contiguous and of the predictions' shape. */
    @Override
    abstract Tensor target(OperationCall call);

    @Override
    protected final void perExample(OperationCall call, Tensor out) {
        Tensor t = target(call);
        Tensor p = call.input(0).contiguous();
        if (!fromLogits && call.fuses(Softmax.class)) {
            fromLogits(call.fused().input(0).contiguous(), call.fused().saved(), t, out);
        } else if (fromLogits) {
            Tensor probabilities = call.allocate(p.shape());
            Tensor logSumExp = call.allocate(examples(call.input(0)), 1);
            Backend.softmaxes().softmax(p.block(), probabilities.block(), logSumExp.block());
            fromLogits(p, logSumExp, t, out);
        } else {
            Tensor q = normalize ? p.divide(sums(p)) : p;
            write(Tensor.where(t, t.negate().multiply(q.clip(epsilon, 1f - epsilon).log()), Tensor.scalar(0)).sum(-1), out);
        }
    }

    private static void fromLogits(Tensor x, Tensor logSumExp, Tensor t, Tensor out) {
        Backend.rowLosses().softmaxCrossEntropy(x.block(), logSumExp.block(), t.block(), out.block());
    }

    private static Tensor sums(Tensor p) {
        return p.sum(-1).expandDims(-1);
    }

    @Override
    protected final void gradient(OperationCall call, float scale, Tensor out) {
        Tensor t = target(call);
        Tensor p = call.input(0).contiguous();
        RowLosses losses = Backend.rowLosses();
        if (call.isFused()) {
            losses.softmaxCrossEntropyGradient(p.block(), t.block(), scale, out.block());
        } else if (fromLogits) {
            Backend.softmaxes().softmax(p.block(), out.block(), null);
            losses.softmaxCrossEntropyGradient(out.block(), t.block(), scale, out.block());
        } else if (normalize) {
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
    protected final Tensor losses(Tensor predictions, Tensor target) {
        Tensor logarithms = fromLogits ? predictions.logSoftmax(-1) : logarithms(predictions);
        return target.multiply(logarithms).sum(-1).negate();
    }

    /** Of probabilities; unless rows are normalized, clipping them changes values alone, not gradients. */
    private Tensor logarithms(Tensor p) {
        if (normalize) {
            return p.divide(sums(p)).clip(epsilon, 1 - epsilon).log();
        }
        return p.add(p.clip(epsilon, 1 - epsilon).subtract(p).stopGradient()).log();
    }
}
