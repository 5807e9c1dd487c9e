package beras.metrics;

import beras.tensor.Tensor;

/**
 * The share of examples whose class is among the {@code k} with the largest predictions: fewer than {@code k} predictions are
 * larger. Predictions and one-hot truth {@code (batch, n)}.
 */
public final class TopKCategoricalAccuracy extends TopKMetric {

    /** With k = 5. */
    public TopKCategoricalAccuracy() {}

    /**
     * @param k at least 1; default 5
     * @throws IllegalArgumentException if it is less
     */
    public TopKCategoricalAccuracy(int k) {
        super(k);
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = Rows.ofClasses(this, predictions, truth, weights);
        rows.requireSeveral(this, Rows.YES_OR_NO);
        int[] actual = rows.argMax(rows.truth());
        for (int r = 0; r < rows.count(); r++) {
            mean.add(hit(rows, r, actual[r]), rows.weight(r));
        }
    }
}
