package beras.metrics;

import beras.tensor.Tensor;

/**
 * The mean squared error of probabilities (Brier, 1950): of more than two classes the sum of {@code (prediction - truth)^2} over
 * the classes, from 0 to 2; of two classes half of that, which is the square for one of them, from 0 to 1. Predictions and truth
 * {@code (batch)} or {@code (batch, n)}; one output is the probability of class 1.
 */
public final class BrierScore extends MeanMetric {

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = Rows.ofNumbers(this, predictions, truth, weights);
        for (int r = 0; r < rows.count(); r++) {
            double sum = 0;
            for (int i = 0; i < rows.width(); i++) {
                double error = (double) rows.prediction(r, i) - rows.truth(r, i);
                sum += error * error;
            }
            mean.add(rows.width() == 2 ? sum / 2 : sum, rows.weight(r));
        }
    }
}
