package beras.metrics;

/**
 * The share of the positive predictions that are right: true positives over all predicted positives, 0 if there are none. A
 * prediction is positive above the threshold. Predictions and truth {@code (batch)} or {@code (batch, n)}, all outputs
 * together; a truth other than 0 is positive. With several thresholds there is one result for each.
 */
public final class Precision extends PositiveMetric {

    /** At the threshold 0.5, of all outputs. */
    public Precision() {
        this(new float[0], null, null);
    }

    /**
     * @param thresholds finite; empty: 0.5, or none if there is a {@code topK}
     * @param topK       how many predictions of a row, the largest, can be positive, at least 1; null: all
     * @param classId    the output to look at, from 0; null: all
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Precision(float[] thresholds, Integer topK, Integer classId) {
        super(thresholds, topK, classId);
    }

    @Override
    public String name() {
        return "precision";
    }

    @Override
    boolean counts(boolean predicted, boolean actual) {
        return predicted;
    }
}
