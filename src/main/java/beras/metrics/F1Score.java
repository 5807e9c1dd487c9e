package beras.metrics;

import beras.config.Settings;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * The harmonic mean of precision and recall of each class, {@code 2 precision recall / (precision + recall)}, averaged over the
 * classes. Predictions and one-hot (or multi-hot) truth {@code (batch, n)}. As in Keras, 1e-7 is added to each divisor.
 * Settings: {@code average}, default {@link Average#NONE}; {@code threshold}, above which a prediction is positive, default none: the largest
 * of each row is.
 */
public final class F1Score extends Metric {

    /** How the scores of the classes become one number. */
    public enum Average {
        /** Not: there is a result for each class. */
        NONE,
        /** The score of all classes taken together. */
        MICRO,
        /** The mean over the classes. */
        MACRO,
        /** The mean over the classes, each weighted by how often it is true. */
        WEIGHTED
    }

    private static final int HITS = 0;
    private static final int PREDICTED = 1;
    private static final int ACTUAL = 2;
    private static final double EPSILON = 1e-7;
    /** Without a threshold, a largest prediction nearer to 0 than this is not positive. */
    private static final float LEAST = 1e-9f;

    private Average average = Average.NONE;
    private Float threshold; // null: the largest of each row is positive

    @Override
    public void settings(Settings s) {
        average = s.choice("average", average);
        threshold = Metrics.requireThreshold("F1Score", s.real("threshold", threshold));
    }

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    public Accumulator accumulator() {
        return new ColumnSums(this, 3) {

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                Rows rows = Rows.ofClasses(F1Score.this, predictions, truth, weights);
                int classes = rows.width();
                if (threshold == null) {
                    rows.requireSeveral(F1Score.this, "Give it a threshold, such as f1(threshold=0.5)");
                }
                requireColumns(classes);
                for (int r = 0; r < rows.count(); r++) {
                    float largest = Float.NEGATIVE_INFINITY;
                    for (int i = 0; i < classes; i++) {
                        largest = Math.max(largest, rows.prediction(r, i));
                    }
                    for (int i = 0; i < classes; i++) {
                        float p = rows.prediction(r, i);
                        boolean positive = threshold == null ? p >= largest && Math.abs(p) > LEAST : p > threshold;
                        double present = rows.truth(r, i) * rows.weight(r);
                        sums[HITS][i] += positive ? present : 0;
                        sums[PREDICTED][i] += positive ? rows.weight(r) : 0;
                        sums[ACTUAL][i] += present;
                    }
                }
            }

            @Override
            public double[] results() {
                double[] scores = new double[columns()];
                Arrays.setAll(scores, i -> score(sums[HITS][i], sums[PREDICTED][i], sums[ACTUAL][i]));
                return switch (average) {
                    case NONE -> scores;
                    case MACRO -> new double[] {Mean.of(scores)};
                    case MICRO -> new double[] {score(sum(sums[HITS]), sum(sums[PREDICTED]), sum(sums[ACTUAL]))};
                    case WEIGHTED -> new double[] {weightedMean(scores, sums[ACTUAL])};
                };
            }
        };
    }

    private static double weightedMean(double[] scores, double[] actual) {
        double total = sum(actual) + EPSILON;
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += scores[i] * (actual[i] / total);
        }
        return sum;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static double score(double hits, double predicted, double actual) {
        double precision = hits / (predicted + EPSILON);
        double recall = hits / (actual + EPSILON);
        return 2 * precision * recall / (precision + recall + EPSILON);
    }
}
