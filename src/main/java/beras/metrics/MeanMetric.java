package beras.metrics;

import beras.tensor.Tensor;

/** A metric that is the weighted mean of one number for each example. */
abstract class MeanMetric extends Metric {

    /** Adds the numbers of one more batch, in the order of its examples. */
    abstract void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean);

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
                return mean.result();
            }

            @Override
            public double[] state() {
                return mean.state();
            }

            @Override
            public void restore(double[] state) {
                mean.restore(state, 0);
            }
        };
    }
}
