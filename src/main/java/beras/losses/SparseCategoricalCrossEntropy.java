package beras.losses;

import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Cross-entropy against class labels: predictions {@code (batch, n)}, target {@code (batch)} or {@code (batch, 1)} of whole
 * numbers from 0 to n - 1. The loss of an example is {@code -log(prediction[label])}, mean over the batch.
 *
 * <p>Probabilities are taken by Keras's rule: rows are divided by their sum and clipped to {@code [1e-7, 1 - 1e-7]}; the
 * gradient goes through both, and is 0 where the clip acts. Directly from a {@link beras.layers.activations.Softmax} recorded
 * on the same tape, or from logits, loss and gradient equal {@link CategoricalCrossEntropy} from logits.
 *
 * <p>Examples whose label is {@code ignoreClass} have loss 0, and the mean is over the others (0 if there are none).
 */
public final class SparseCategoricalCrossEntropy extends ClassCrossEntropy {

    private Integer ignoreClass; // null: none

    /** From probabilities, every label a class. */
    public SparseCategoricalCrossEntropy() {
        super((float) EPSILON, true);
    }

    /** Whether predictions are logits, before a softmax, rather than probabilities; default false. */
    public SparseCategoricalCrossEntropy fromLogits(boolean newFromLogits) {
        Settings.set(this, "fromLogits", newFromLogits);
        return this;
    }

    @Override
    public void settings(Settings s) {
        fromLogits = s.flag("fromLogits", fromLogits);
        ignoreClass = s.integer("ignoreClass", ignoreClass);
    }

    /** The loss that gives the same against one-hot target. */
    public Loss ofOneHot() {
        return new CategoricalCrossEntropy().fromLogits(fromLogits).with("epsilon", epsilon).with("normalize", normalize);
    }

    /** The output's shape without its last axis. */
    @Override
    public Shape targetShape(Shape output) {
        return Shape.of(Arrays.copyOf(output.toArray(), output.rank() - 1));
    }

    /** Labels may also have a last axis of size 1. */
    @Override
    public boolean takes(Shape predictions, Shape target) {
        int axes = predictions.rank() - 1;
        boolean fits = target.rank() == axes || target.rank() == axes + 1 && target.dim(axes) == 1;
        for (int i = 0; fits && i < axes; i++) {
            fits = target.dim(i) == predictions.dim(i);
        }
        return fits;
    }

    @Override
    protected String needs() {
        return "predictions (batch, n) and labels (batch) or (batch, 1)";
    }

    @Override
    public boolean counts(Tensor target, int example) {
        Tensor labels = target.contiguous();
        return ignoreClass == null || labels.data()[labels.offset() + example] != ignoreClass;
    }

    @Override
    protected boolean countsAll() {
        return ignoreClass == null;
    }

    /** The label of each row, {@code (..., 1)}; -1 of a row to ignore, so that it has neither loss nor gradient. */
    @Override
    Tensor target(OperationCall call) {
        Tensor p = call.input(0);
        Tensor labels = call.input(1).contiguous();
        int classes = p.dim(-1);
        Tensor out = call.allocate(p.shape().with(p.rank() - 1, 1));
        for (int i = 0; i < examples(p); i++) {
            float label = counts(p, labels, i) ? labels.data()[labels.offset() + i] : -1f;
            if (!(label >= 0 && label < classes && label == (int) label) && counts(p, labels, i)) {
                throw new IllegalArgumentException("Target " + i + " of SparseCategoricalCrossEntropy must be the number of"
                        + " a class, from 0 to " + (classes - 1) + ". Received: " + label);
            }
            out.data()[out.offset() + i] = label;
        }
        return out;
    }

    /** The element of each row at its label, or at another one if it is ignored. */
    private static Tensor ofLabels(Tensor x, Tensor labels) {
        return x.takeAlong(-1, labels.maximum(0));
    }

    @Override
    void ofLogits(Tensor x, Tensor logSumExp, Tensor labels, Tensor out) {
        int classes = x.dim(-1);
        for (int i = 0; i < out.size(); i++) {
            int label = (int) labels.data()[labels.offset() + i];
            out.data()[out.offset() + i] = label < 0 ? 0f
                    : logSumExp.data()[logSumExp.offset() + i] - x.data()[x.offset() + i * classes + label];
        }
    }

    @Override
    Tensor ofProbabilities(Tensor p, Tensor labels) {
        return losses(p, labels);
    }

    @Override
    void gradientOfSoftmax(Tensor p, Tensor labels, float scale, Tensor out) {
        Backend.rowLosses().softmaxCrossEntropyOfLabelsGradient(p.block(), labels.block(), scale, out.block());
    }

    @Override
    void gradientOfProbabilities(Tensor p, Tensor labels, float scale, Tensor out) {
        Tensor sums = sums(p);
        Tensor q = ofLabels(p, labels).divide(sums);
        Tensor counted = Tensor.where(q.less(epsilon).add(q.greater(1f - epsilon)), Tensor.scalar(0), labels.greater(-1));
        Tensor share = Tensor.where(counted, counted.divide(q), counted);
        Tensor others = counted.divide(sums).multiply(scale);
        Tensor own = counted.subtract(share).divide(sums).multiply(scale);
        int classes = p.dim(-1);
        for (int i = 0; i < labels.size(); i++) {
            int row = out.offset() + i * classes;
            int label = (int) labels.data()[labels.offset() + i];
            Arrays.fill(out.data(), row, row + classes, others.data()[others.offset() + i]);
            if (label >= 0) {
                out.data()[row + label] = own.data()[own.offset() + i];
            }
        }
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor labels) {
        Tensor logarithms = fromLogits ? ofLabels(predictions.logSoftmax(-1), labels)
                : ofLabels(predictions, labels).divide(sums(predictions)).clip(epsilon, 1 - epsilon).log();
        return Tensor.where(labels.greater(-1), logarithms.negate(), Tensor.scalar(0));
    }
}
