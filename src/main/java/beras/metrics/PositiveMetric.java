package beras.metrics;

import beras.config.Config;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The share of right ones among those predictions that a subclass looks at, at one or several thresholds. */
abstract class PositiveMetric extends Metric {

    private final float[] thresholds;
    private final Integer topK;
    private final Integer classId;

    PositiveMetric(float[] thresholds, Integer topK, Integer classId) {
        String type = getClass().getSimpleName();
        if (topK != null && topK < 1) {
            throw new IllegalArgumentException("topK of " + type + " must be at least 1. Received: " + topK);
        }
        if (classId != null && classId < 0) {
            throw new IllegalArgumentException("classId of " + type + " must be at least 0. Received: " + classId);
        }
        for (float threshold : thresholds) {
            Metrics.requireThreshold(type, threshold);
        }
        this.thresholds = thresholds.clone();
        this.topK = topK;
        this.classId = classId;
    }

    /** Whether a prediction counts in the divisor. */
    abstract boolean counts(boolean predicted, boolean actual);

    @Override
    public final Config config() {
        List<Float> list = new ArrayList<>();
        for (float threshold : thresholds) {
            list.add(threshold);
        }
        return Config.of(getClass()).with("thresholds", list).with("topK", topK).with("classId", classId);
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
        return new Accumulator() {

            private final Mean[] shares = new Mean[levels.length];

            {
                Arrays.setAll(shares, k -> new Mean());
            }

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
                boolean actual = rows.truth(row, i) != 0f;
                boolean eligible = topK == null || isAmongLargest(rows, row, i);
                for (int k = 0; k < levels.length; k++) {
                    boolean predicted = eligible && rows.prediction(row, i) > levels[k];
                    if (counts(predicted, actual)) {
                        shares[k].add(predicted && actual ? 1 : 0, rows.weight(row));
                    }
                }
            }

            @Override
            public double result() {
                return Mean.of(results());
            }

            @Override
            public double[] results() {
                return Arrays.stream(shares).mapToDouble(Mean::result).toArray();
            }

            @Override
            public double[] state() {
                return Arrays.stream(shares).flatMapToDouble(share -> Arrays.stream(share.state())).toArray();
            }

            @Override
            public void restore(double[] state) {
                for (int k = 0; k < shares.length; k++) {
                    shares[k].restore(state, 2 * k);
                }
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
