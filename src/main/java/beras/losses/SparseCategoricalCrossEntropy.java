package beras.losses;

import beras.autograd.Call;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Cross-entropy against class labels: predictions {@code (batch, n)}, truth {@code (batch)} or {@code (batch, 1)} of whole
 * numbers from 0 to n - 1. The loss of an example is {@code -log(prediction[label])}, mean over the batch.
 *
 * <p>Probabilities are taken by Keras's rule: rows are divided by their sum and clipped to {@code [1e-7, 1 - 1e-7]}; the
 * gradient goes through both, and is 0 where the clip acts. Straight from a {@link beras.layers.activations.Softmax} recorded on the
 * same tape, or from logits, loss and gradient are those of {@link CategoricalCrossEntropy} from logits.
 *
 * <p>Examples whose label is {@code ignoreClass} have loss 0, and the mean is over the others (0 if there are none).
 */
public final class SparseCategoricalCrossEntropy extends ClassCrossEntropy {

    private static final float EPSILON = 1e-7f;

    private final boolean fromLogits;
    private final Integer ignoreClass;

    /** From probabilities, every label a class. */
    public SparseCategoricalCrossEntropy() {
        this(false);
    }

    /**
     * @param fromLogits whether predictions are logits, before a softmax, rather than probabilities
     */
    public SparseCategoricalCrossEntropy(boolean fromLogits) {
        this(fromLogits, null);
    }

    /**
     * @param fromLogits  whether predictions are logits, before a softmax, rather than probabilities; default false
     * @param ignoreClass the label of examples that do not count, which need not be a class; null, the default: all count
     */
    public SparseCategoricalCrossEntropy(boolean fromLogits, Integer ignoreClass) {
        super(fromLogits, EPSILON, true);
        this.fromLogits = fromLogits;
        this.ignoreClass = ignoreClass;
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("fromLogits", fromLogits).with("ignoreClass", ignoreClass);
    }

    /** The output's shape without its last axis. */
    @Override
    public Shape targetShape(Shape output) {
        return Shape.of(Arrays.copyOf(output.toArray(), output.rank() - 1));
    }

    /** Labels may also have a last axis of size 1. */
    @Override
    public boolean takes(Shape predictions, Shape truth) {
        int axes = predictions.rank() - 1;
        boolean fits = truth.rank() == axes || truth.rank() == axes + 1 && truth.dim(axes) == 1;
        for (int i = 0; fits && i < axes; i++) {
            fits = truth.dim(i) == predictions.dim(i);
        }
        return fits;
    }

    @Override
    String needs() {
        return "predictions (batch, n) and labels (batch) or (batch, 1)";
    }

    @Override
    public boolean counts(Tensor truth, int example) {
        Tensor labels = truth.contiguous();
        return ignoreClass == null || labels.data()[labels.offset() + example] != ignoreClass;
    }

    @Override
    int counted(Call call) {
        int examples = examples(call);
        if (ignoreClass == null) {
            return examples;
        }
        Tensor labels = call.input(1).contiguous();
        int counted = 0;
        for (int i = 0; i < examples; i++) {
            counted += counts(labels, i) ? 1 : 0;
        }
        return counted;
    }

    /** One-hot rows; an example to ignore has a row of zeros, so that it has neither loss nor gradient. */
    @Override
    Tensor truth(Call call) {
        Tensor labels = call.input(1).contiguous();
        int classes = call.input(0).dim(-1);
        Tensor out = call.allocate(call.input(0).shape());
        Arrays.fill(out.data(), out.offset(), out.offset() + out.size(), 0f);
        for (int i = 0; i < examples(call); i++) {
            if (counts(labels, i)) {
                float label = labels.data()[labels.offset() + i];
                if (!(label >= 0 && label < classes && label == (int) label)) {
                    throw new IllegalArgumentException("Label " + i + " of SparseCategoricalCrossEntropy must be a whole number"
                            + " from 0 to " + (classes - 1) + ". Received: " + label);
                }
                out.data()[out.offset() + i * classes + (int) label] = 1f;
            }
        }
        return out;
    }
}
