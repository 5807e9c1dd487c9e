package beras.metrics;

import beras.losses.MeanSquaredError;
import beras.tensor.Tensor;

/** The square root of the mean of {@code (prediction - truth)^2} over all outputs and examples. */
public final class RootMeanSquaredError extends MeanMetric {

    private static final LossMetric SQUARES = new LossMetric(new MeanSquaredError());

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        SQUARES.add(predictions, truth, weights, mean);
    }

    @Override
    protected double result(Mean mean) {
        return Math.sqrt(mean.result());
    }
}
