package beras.metrics;

import beras.tensor.Tensor;

/**
 * The share of examples whose largest prediction is that of the class which the label names; the first of equal ones counts.
 * Predictions {@code (batch, n)}, labels {@code (batch)} or {@code (batch, 1)}.
 */
public final class SparseCategoricalAccuracy extends MeanMetric {

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = Rows.ofLabels(this, predictions, truth, weights);
        rows.requireSeveral(this, Rows.YES_OR_NO);
        int[] predicted = rows.argMax(rows.predictions());
        for (int r = 0; r < rows.count(); r++) {
            mean.add(predicted[r] == rows.label(r) ? 1 : 0, rows.weight(r));
        }
    }
}
