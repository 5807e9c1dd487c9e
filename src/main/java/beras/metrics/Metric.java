package beras.metrics;

import beras.tensor.Tensor;

/** A number that tells how good predictions are, averaged over examples; not differentiated, not recorded. */
public abstract class Metric {

    /** The name under which {@code fit} reports it, such as {@code accuracy}. */
    public abstract String name();

    /**
     * The sum of the metric over the examples of a batch.
     *
     * @param predictions {@code (batch, n)}
     * @param truth       of the same shape
     */
    protected abstract double total(Tensor predictions, Tensor truth);

    /**
     * The sum of the metric over the examples of a batch.
     *
     * @throws IllegalArgumentException if the shapes are not one and the same {@code (batch, n)}
     */
    public final double sum(Tensor predictions, Tensor truth) {
        if (predictions.rank() != 2 || !predictions.shape().equals(truth.shape())) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs predictions and truth of one shape (batch, n)."
                    + " Received: " + predictions.shape() + " and " + truth.shape());
        }
        return total(predictions, truth);
    }

    /** The mean over the batch; NaN for an empty one. */
    public final float forward(Tensor predictions, Tensor truth) {
        return (float) (sum(predictions, truth) / predictions.dim(0));
    }

    /** {@link #forward} as a tensor of rank 0. */
    public final Tensor call(Tensor predictions, Tensor truth) {
        return Tensor.scalar(forward(predictions, truth));
    }
}
