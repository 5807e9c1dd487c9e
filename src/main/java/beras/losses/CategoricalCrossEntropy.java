package beras.losses;

import beras.activations.Softmax;
import beras.autograd.Call;
import beras.kernels.Backend;
import beras.tensor.Tensor;

/**
 * {@code -sum(truth * log(prediction))} over the classes, mean over the batch. The truth is one-hot, or any distribution.
 *
 * <p>Predictions are probabilities, clipped to {@code [epsilon, 1 - epsilon]} and not renormalised; the gradient to them is
 * {@code -(truth / clipped) / batch}, also where the clip acts. In float, {@code 1 - epsilon} is 1 for the default epsilon.
 *
 * <p>If the predictions come straight from a {@link Softmax} recorded on the same tape, loss and gradient are computed from
 * its logits instead: {@code sum(truth * (log-sum-exp - logit))} and {@code (p - truth) / batch} (for truth that sums to 1).
 * Both ways agree where no clipping happens; from logits nothing is clipped and nothing overflows.
 */
public final class CategoricalCrossEntropy extends Loss {

    /** The default of {@code epsilon}. */
    public static final float DEFAULT_EPSILON = 1e-12f;

    private final float epsilon;

    /** With epsilon 1e-12. */
    public CategoricalCrossEntropy() {
        this(DEFAULT_EPSILON);
    }

    /**
     * @param epsilon where probabilities are clipped, above 0 and below 0.5
     * @throws IllegalArgumentException if it is not
     */
    public CategoricalCrossEntropy(float epsilon) {
        if (!(epsilon > 0f && epsilon < 0.5f)) {
            throw new IllegalArgumentException("epsilon of CategoricalCrossEntropy must be above 0 and below 0.5. Received: " + epsilon);
        }
        this.epsilon = epsilon;
    }

    @Override
    protected void perExample(Call call, Tensor out) {
        Tensor t = call.input(1).contiguous();
        int cols = t.dim(-1);
        Call producer = call.producer(0);
        if (producer != null && producer.diffable() instanceof Softmax) {
            call.mergeWith(producer);
            Tensor x = producer.input(0).contiguous();
            Tensor logSumExp = producer.saved();
            Backend.kernels().softmaxCrossEntropy(x.data(), x.offset(), logSumExp.data(), logSumExp.offset(), t.data(), t.offset(),
                    examples(call), cols, out.data(), out.offset());
        } else {
            Tensor p = call.input(0).contiguous();
            Backend.kernels().crossEntropy(p.data(), p.offset(), t.data(), t.offset(), examples(call), cols, epsilon, out.data(),
                    out.offset());
        }
    }

    @Override
    protected void gradient(Call call, float scale, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = call.input(1).contiguous();
        if (call.merging()) {
            Backend.kernels().softmaxCrossEntropyGradient(p.data(), p.offset(), t.data(), t.offset(), examples(call), p.dim(-1),
                    scale, out.data(), out.offset());
        } else {
            Backend.kernels().crossEntropyGradient(p.data(), p.offset(), t.data(), t.offset(), epsilon, scale, out.data(),
                    out.offset(), p.size());
        }
    }
}
