package beras.metrics;

import beras.losses.MeanSquaredError;
import beras.tensor.Tensor;

/** The square root of the mean of {@code (prediction - truth)^2} over all outputs and examples. */
public final class RootMeanSquaredError extends Metric {

    private static final LossMetric SQUARES = new LossMetric(new MeanSquaredError());

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }

    @Override
    public Accumulator accumulator() {
        Accumulator squares = SQUARES.accumulator();
        return new Accumulator() {

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                squares.update(predictions, truth, weights);
            }

            @Override
            public double result() {
                return Math.sqrt(squares.result());
            }

            @Override
            public double[] state() {
                return squares.state();
            }

            @Override
            public void restore(double[] state) {
                squares.restore(state);
            }
        };
    }
}
