package beras.metrics;

import beras.tensor.Tensor;

/**
 * A metric that is the weighted mean of one number for each example.
 *
 * <pre>{@code
 * protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
 *     Rows rows = Rows.ofNumbers(this, predictions, truth, weights);
 *     for (int r = 0; r < rows.count(); r++) {
 *         mean.add(Math.abs(rows.prediction(r, 0) - rows.truth(r, 0)) < 0.1 ? 1 : 0, rows.weight(r));
 *     }
 * }
 * }</pre>
 */
public abstract class MeanMetric extends Metric {

    /**
     * Adds the numbers of one more batch, in the order of its examples.
     *
     * @param weights of the examples; null: all 1
     * @throws IllegalArgumentException if the shapes do not fit
     */
    protected abstract void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean);

    /** The metric, if this is the mean: the mean itself by default. */
    protected double result(Mean mean) {
        return mean.result();
    }

    @Override
    public final Accumulator accumulator() {
        return new Accumulator() {

            private final Mean mean = new Mean();

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                add(predictions, truth, weights, mean);
            }

            @Override
            public double result() {
                return MeanMetric.this.result(mean);
            }

            @Override
            public double[] state() {
                return mean.state();
            }

            @Override
            public void restore(double[] state) {
                mean.restore(state);
            }
        };
    }
}
