package beras.metrics;

/**
 * The share of the positive predictions that are right: true positives over all predicted positives, 0 if there are none. A
 * prediction is positive above the threshold. Predictions and truth {@code (batch)} or {@code (batch, n)}, all outputs
 * together; a truth above 0 is positive. With several thresholds there is one result for each.
 */
public final class Precision extends PositiveMetric<Precision> {

    @Override
    boolean counts(boolean predicted, boolean actual) {
        return predicted;
    }

    @Override
    Precision self() {
        return this;
    }
}
