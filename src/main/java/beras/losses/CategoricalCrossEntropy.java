package beras.losses;

import beras.autograd.Call;
import beras.config.Config;
import beras.tensor.Tensor;

/**
 * {@code -sum(truth * log(prediction))} over the classes, mean over the batch. The truth is one-hot, or any distribution.
 *
 * <p>Predictions are probabilities, clipped to {@code [epsilon, 1 - epsilon]} and not renormalised; the gradient to them is
 * {@code -(truth / clipped) / batch}, also where the clip acts. In float, {@code 1 - epsilon} is 1 for the default epsilon.
 * With {@code normalize} it is Keras's rule: rows are divided by their sum first, and the gradient goes through that and
 * through the clip, where it is 0; Keras's epsilon is 1e-7.
 *
 * <p>If the predictions come straight from a {@link beras.layers.activations.Softmax} recorded on the same tape, loss and gradient are
 * computed from its logits instead: {@code sum(truth * (log-sum-exp - logit))} and {@code (p - truth) / batch} (for truth that
 * sums to 1). So they are if the predictions are declared to be logits. All ways agree where no clipping happens; from logits
 * nothing is clipped and nothing overflows.
 */
public final class CategoricalCrossEntropy extends ClassCrossEntropy {

    /** The default of {@code epsilon}. */
    public static final float DEFAULT_EPSILON = 1e-12f;

    private final Config config;
    private final LabelSmoothing smoothing;

    /** From probabilities, with epsilon 1e-12. */
    public CategoricalCrossEntropy() {
        this(DEFAULT_EPSILON);
    }

    /**
     * From probabilities.
     *
     * @param epsilon where they are clipped, above 0 and below 0.5
     * @throws IllegalArgumentException if it is not
     */
    public CategoricalCrossEntropy(float epsilon) {
        this(false, 0, epsilon, false);
    }

    /**
     * @param fromLogits     whether predictions are logits, before a softmax, rather than probabilities; default false
     * @param labelSmoothing the truth becomes {@code truth * (1 - labelSmoothing) + labelSmoothing / n}; from 0, the default,
     *                       to 1
     * @param epsilon        where probabilities are clipped, above 0 and below 0.5; default 1e-12
     * @param normalize      whether to divide rows of probabilities by their sum, and not to differentiate what is clipped:
     *                       Keras's rule; default false
     * @throws IllegalArgumentException if an argument is out of range
     */
    public CategoricalCrossEntropy(boolean fromLogits, double labelSmoothing, float epsilon, boolean normalize) {
        super(fromLogits, epsilon, normalize);
        if (!(epsilon > 0f && epsilon < 0.5f)) {
            throw new IllegalArgumentException(
                    "epsilon of CategoricalCrossEntropy must be above 0 and below 0.5. Received: " + epsilon);
        }
        smoothing = new LabelSmoothing(labelSmoothing);
        config = Config.of(getClass()).with("fromLogits", fromLogits).with("labelSmoothing", labelSmoothing)
                .with("epsilon", epsilon).with("normalize", normalize);
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    Tensor truth(Call call) {
        Tensor t = call.input(1).contiguous();
        return smoothing.apply(call, t, 1.0 / t.dim(-1));
    }
}
