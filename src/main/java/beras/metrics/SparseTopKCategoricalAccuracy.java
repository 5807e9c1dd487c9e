package beras.metrics;

import beras.tensor.Tensor;

/**
 * The share of examples whose label is among the {@code k} classes with the largest predictions: fewer than {@code k}
 * predictions are larger. Predictions {@code (batch, n)}, labels {@code (batch)} or {@code (batch, 1)}.
 */
public final class SparseTopKCategoricalAccuracy extends TopKMetric {

    /** With k = 5. */
    public SparseTopKCategoricalAccuracy() {}

    /**
     * @param k at least 1; default 5
     * @throws IllegalArgumentException if it is less
     */
    public SparseTopKCategoricalAccuracy(int k) {
        super(k);
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = Rows.ofLabels(this, predictions, truth, weights);
        rows.requireSeveral(this, Rows.YES_OR_NO);
        for (int r = 0; r < rows.count(); r++) {
            mean.add(hit(rows, r, rows.label(r)), rows.weight(r));
        }
    }
}
