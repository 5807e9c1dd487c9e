package beras.metrics;

import beras.config.Configurable;
import beras.tensor.Tensor;

/**
 * A number that tells how good predictions are; not differentiated, not recorded. A metric itself keeps nothing: each pass
 * over data has an {@link Accumulator} of its own, so one metric may serve several passes and threads at once.
 */
public abstract class Metric implements Configurable {

    /** What one pass over data has seen so far. */
    public interface Accumulator {

        /**
         * Takes in one more batch. The result does not depend on how examples are cut into batches.
         *
         * @param predictions {@code (batch, ...)}
         * @param truth       {@code (batch, ...)}
         * @param weights     one for each example; null: all 1
         * @throws IllegalArgumentException if the shapes do not fit
         */
        void update(Tensor predictions, Tensor truth, Tensor weights);

        /** The metric of all batches so far. */
        double result();
    }

    /** The name under which {@code fit} reports it, such as {@code accuracy}. */
    public abstract String name();

    /** For a new pass over data. */
    public abstract Accumulator accumulator();

    /** The metric of one batch alone. */
    public final float forward(Tensor predictions, Tensor truth) {
        Accumulator accumulator = accumulator();
        accumulator.update(predictions, truth, null);
        return (float) accumulator.result();
    }

    /** {@link #forward} as a tensor of rank 0. */
    public final Tensor call(Tensor predictions, Tensor truth) {
        return Tensor.scalar(forward(predictions, truth));
    }
}
