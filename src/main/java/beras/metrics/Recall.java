package beras.metrics;

/**
 * The share of the positives that are found: true positives over all that are positive in truth, 0 if there are none. Otherwise
 * as {@link Precision}.
 */
public final class Recall extends PositiveMetric {

    @Override
    boolean counts(boolean predicted, boolean actual) {
        return actual;
    }
}
