package beras.metrics;

/**
 * The share of examples whose class is among the {@code k} with the largest predictions: fewer than {@code k} predictions are
 * larger. Predictions and one-hot truth {@code (batch, n)}.
 */
public final class TopKCategoricalAccuracy extends TopKMetric {

    /** With k = 5. */
    public TopKCategoricalAccuracy() {
        super(false, 5);
    }

    /**
     * @param k at least 1; default 5
     * @throws IllegalArgumentException if it is less
     */
    public TopKCategoricalAccuracy(int k) {
        super(false, k);
    }
}
