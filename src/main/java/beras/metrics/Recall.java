package beras.metrics;

/**
 * The share of the positives that are found: true positives over all that are positive in truth, 0 if there are none. Otherwise
 * as {@link Precision}.
 */
public final class Recall extends PositiveMetric {

    /** At the threshold 0.5, of all outputs. */
    public Recall() {
        this(new float[0], null, null);
    }

    /**
     * @param thresholds finite; empty: 0.5, or none if there is a {@code topK}
     * @param topK       how many predictions of a row, the largest, can be positive, at least 1; null: all
     * @param classId    the output to look at, from 0; null: all
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Recall(float[] thresholds, Integer topK, Integer classId) {
        super(thresholds, topK, classId);
    }

    @Override
    public String name() {
        return "recall";
    }

    @Override
    boolean counts(boolean predicted, boolean actual) {
        return actual;
    }
}
