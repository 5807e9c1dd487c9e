package beras.losses;

import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Cross-entropy against class labels: predictions {@code (batch, n)}, target {@code (batch)} or {@code (batch, 1)} of whole
 * numbers from 0 to n - 1. The loss of an example is {@code -log(prediction[label])}, mean over the batch.
 *
 * <p>Probabilities are taken by Keras's rule: rows are divided by their sum and clipped to {@code [1e-7, 1 - 1e-7]}; the
 * gradient goes through both, and is 0 where the clip acts. Straight from a {@link beras.layers.activations.Softmax} recorded on
 * the same tape, or from logits, loss and gradient are those of {@link CategoricalCrossEntropy} from logits.
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

    /** One-hot rows; an example to ignore has a row of zeros, so that it has neither loss nor gradient. */
    @Override
    Tensor target(OperationCall call) {
        Tensor labels = call.input(1).contiguous();
        int classes = call.input(0).dim(-1);
        Tensor out = call.allocate(call.input(0).shape());
        Arrays.fill(out.data(), out.offset(), out.offset() + out.size(), 0f);
        for (int i = 0; i < examples(call.input(0)); i++) {
            if (counts(call.input(0), labels, i)) {
                float label = labels.data()[labels.offset() + i];
                if (!(label >= 0 && label < classes && label == (int) label)) {
                    throw new IllegalArgumentException("Target " + i + " of SparseCategoricalCrossEntropy must be the number of"
                            + " a class, from 0 to " + (classes - 1) + ". Received: " + label);
                }
                out.data()[out.offset() + i * classes + (int) label] = 1f;
            }
        }
        return out;
    }
}
