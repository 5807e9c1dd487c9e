package beras.metrics;

/**
 * The share of the positive predictions that are right: true positives over all predicted positives, 0 if there are none. A
 * prediction is positive above the threshold. Predictions and truth {@code (batch)} or {@code (batch, n)}, all outputs
 * together; a truth above 0 is positive. With several thresholds there is one result for each.
 *
 * <p>Settings: {@code thresholds}, default 0.5, or none if there is a {@code topK}, how many predictions of a row, the largest, can be
 * positive; {@code classId}, the one output to look at, from 0, default all.
 */
public final class Precision extends PositiveMetric {

    @Override
    boolean counts(boolean predicted, boolean actual) {
        return predicted;
    }
}
