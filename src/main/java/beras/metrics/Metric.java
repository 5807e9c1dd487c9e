package beras.metrics;

import beras.config.Configurable;
import beras.tensor.Tensor;

/**
 * A number that tells how good predictions are; not differentiated, not recorded. A metric itself keeps nothing: each pass
 * over data has an {@link Accumulator} of its own, so one metric may serve several passes and threads at once.
 *
 * <p>Unless a metric says otherwise, every row along the last axis is an example, and the metric is the mean over examples,
 * each counted with its weight; 0 where the weights sum to 0.
 */
public abstract class Metric implements Configurable {

    /** What one pass over data has seen so far. */
    public interface Accumulator {

        /**
         * Takes in one more batch. The result does not depend on how examples are cut into batches.
         *
         * @param predictions {@code (batch, ...)}
         * @param truth       {@code (batch, ...)}
         * @param weights     {@code (batch)} or {@code (batch, 1)}, or one for each row; null: all 1
         * @throws IllegalArgumentException if the shapes do not fit
         */
        void update(Tensor predictions, Tensor truth, Tensor weights);

        /** The metric of all batches so far; of a metric with several values, such as one for each class, their mean. */
        double result();

        /** All values of the metric, of most metrics just one. */
        default double[] results() {
            return new double[] {result()};
        }

        /**
         * What was seen so far, in numbers, so that a pass can be gone on with elsewhere. A metric that cannot tell it can serve
         * in a training, which then can be gone on with from the ends of epochs only.
         *
         * @throws UnsupportedOperationException by default
         */
        default double[] state() {
            throw new UnsupportedOperationException(getClass().getName() + " has no state(), so a pass over data that is broken off"
                    + " cannot be gone on with");
        }

        /**
         * Goes on from the {@link #state} of an accumulator of the same metric.
         *
         * @throws UnsupportedOperationException by default
         */
        default void restore(double[] state) {
            throw new UnsupportedOperationException(getClass().getName() + " has no restore(state)");
        }
    }

    /** The name under which {@code fit} reports it, such as {@code accuracy}. */
    public abstract String name();

    /** For a new pass over data. */
    public abstract Accumulator accumulator();

    /** The same metric reported under another name; {@link #config} has it as {@code name}. */
    public final Metric named(String name) {
        return new NamedMetric(this, name);
    }

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
