package beras.metrics;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;
import java.util.Arrays;

/** The share of right ones among the predictions that a subclass selects, at one or several thresholds. */
abstract class PositiveMetric extends Metric {

    private static final int HITS = 0;
    private static final int COUNTED = 1;

    private float[] thresholds = {};
    private Integer topK; // null: all
    private Integer classId; // null: all

    PositiveMetric() {}

    @Override
    public final void settings(Settings s) {
        String type = getClass().getSimpleName();
        float[] levels = s.reals("thresholds", thresholds);
        for (float level : levels) {
            Metrics.requireThreshold(type, level);
        }
        thresholds = levels;
        topK = atLeast(1, "topK of " + type, s.integer("topK", topK));
        classId = atLeast(0, "classId of " + type, s.integer("classId", classId));
    }

    private static Integer atLeast(int min, String name, Integer value) {
        return value == null ? null : (Integer) Arguments.atLeast(min, name, value);
    }

    @Override
    public final boolean isOfClasses() {
        return true;
    }

    /** Whether a prediction counts in the divisor. */
    abstract boolean counts(boolean predicted, boolean actual);

    /** Whether its threshold was given. */
    final boolean hasThreshold() {
        return thresholds.length > 0 || topK != null;
    }

    /** The thresholds to compare with: without any, 0.5, or nothing more than to be among the largest. */
    private float[] effectiveThresholds() {
        if (thresholds.length > 0) {
            return thresholds;
        }
        return new float[] {topK == null ? Metrics.THRESHOLD : Float.NEGATIVE_INFINITY};
    }

    @Override
    public final Accumulator accumulator() {
        float[] levels = effectiveThresholds();
        return new ColumnSums(this, 2, levels.length) {

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                Rows rows = Rows.ofNumbers(PositiveMetric.this, predictions, truth, weights);
                if (classId != null && classId >= rows.width()) {
                    throw new IllegalArgumentException(PositiveMetric.this.getClass().getSimpleName() + " of class " + classId
                            + " needs predictions of more classes. Received: " + predictions.shape());
                }
                int from = classId == null ? 0 : classId;
                int to = classId == null ? rows.width() : classId + 1;
                for (int r = 0; r < rows.count(); r++) {
                    for (int i = from; i < to; i++) {
                        add(rows, r, i);
                    }
                }
            }

            private void add(Rows rows, int row, int i) {
                boolean actual = rows.truth(row, i) > 0f; // a no may be -1
                boolean eligible = topK == null || isAmongLargest(rows, row, i);
                for (int k = 0; k < levels.length; k++) {
                    boolean predicted = eligible && rows.prediction(row, i) > levels[k];
                    if (counts(predicted, actual)) {
                        sums[HITS][k] += predicted && actual ? rows.weight(row) : 0;
                        sums[COUNTED][k] += rows.weight(row);
                    }
                }
            }

            @Override
            public double[] results() {
                double[] shares = new double[levels.length];
                Arrays.setAll(shares, k -> sums[COUNTED][k] == 0 ? 0 : sums[HITS][k] / sums[COUNTED][k]);
                return shares;
            }
        };
    }

    /** Whether a prediction is one of the {@code topK} largest of its row; of equal ones the first are. */
    private boolean isAmongLargest(Rows rows, int row, int i) {
        float value = rows.prediction(row, i);
        int before = 0;
        for (int j = 0; j < rows.width(); j++) {
            float other = rows.prediction(row, j);
            before += other > value || other == value && j < i ? 1 : 0;
        }
        return before < topK;
    }
}
