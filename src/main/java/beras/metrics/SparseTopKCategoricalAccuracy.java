package beras.metrics;

/**
 * The share of examples whose label is among the {@code k} classes with the largest predictions: fewer than {@code k}
 * predictions are larger. Predictions {@code (batch, n)}, labels {@code (batch)} or {@code (batch, 1)}.
 */
public final class SparseTopKCategoricalAccuracy extends TopKMetric {

    /** With k = 5. */
    public SparseTopKCategoricalAccuracy() {
        super(true, 5);
    }

    /**
     * @param k at least 1; default 5
     * @throws IllegalArgumentException if it is less
     */
    public SparseTopKCategoricalAccuracy(int k) {
        super(true, k);
    }
}
