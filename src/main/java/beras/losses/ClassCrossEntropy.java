package beras.losses;

import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.layers.activations.Softmax;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Optional;

/**
 * {@code -sum(target * log(prediction))} over the classes, in all its forms; subclasses define the target, and how it is looked
 * up.
 */
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
     * Probabilities, or else logits. Outputs of sigmoids are rejected unless rows are normalized: all would learn to be 1, as
     * only the true class counts.
     */
    @Override
    public final void requireOutputs(Shape output, OutputRange outputs) {
        OutputChecks.requireClasses(this, output);
        OutputChecks.require(this, outputs, fromLogits, "softmax");
        if (!fromLogits && !normalize) {
            OutputChecks.requireShared(this, outputs);
        }
    }

    @Override
    protected final void perExample(OperationCall call, Tensor out) {
        Tensor t = target(call);
        Tensor p = call.input(0).contiguous();
        if (!fromLogits && call.fuses(Softmax.class)) {
            ofLogits(call.fused().input(0).contiguous(), call.fused().saved(), t, out);
        } else if (fromLogits) {
            Tensor logSumExp = call.allocate(examples(p), 1);
            Backend.softmaxes().softmax(p.block(), null, logSumExp.block());
            ofLogits(p, logSumExp, t, out);
        } else {
            write(ofProbabilities(p, t), out);
        }
    }

    /** Writes the loss of each row of logits. */
    abstract void ofLogits(Tensor x, Tensor logSumExp, Tensor t, Tensor out);

    /** The loss of each row of probabilities. */
    abstract Tensor ofProbabilities(Tensor p, Tensor t);

    static Tensor sums(Tensor p) {
        return p.sum(-1).expandDims(-1);
    }

    @Override
    protected final void gradient(OperationCall call, float scale, Tensor out) {
        Tensor t = target(call);
        Tensor p = call.input(0).contiguous();
        if (call.isFused()) {
            gradientOfSoftmax(p, t, scale, out);
        } else if (fromLogits) {
            Backend.softmaxes().softmax(p.block(), out.block(), null);
            gradientOfSoftmax(out, t, scale, out);
        } else {
            gradientOfProbabilities(p, t, scale, out);
        }
    }

    /** Writes the gradient to the logits of probabilities; may be in place. */
    abstract void gradientOfSoftmax(Tensor p, Tensor t, float scale, Tensor out);

    /** Writes the gradient to probabilities. */
    abstract void gradientOfProbabilities(Tensor p, Tensor t, float scale, Tensor out);
}
