package beras.metrics;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * The coefficient of determination: 1 minus the sum of squared errors over the sum of squared differences of the truth from its
 * mean. 1 is perfect, 0 as good as the mean. Predictions and truth {@code (batch)} or {@code (batch, n)}; each output has a
 * score. As in Keras, where all truth is equal the score is 0, and NaN if all predictions are equal to it too.
 *
 * <p>Settings: {@code classAggregation}, default {@link Aggregation#UNIFORM_AVERAGE}; {@code numRegressors}, the number of variables that
 * predictions are made from, to adjust the score for them: 0, the default, is the plain score, and so is that of too few examples for them.
 */
public final class R2Score extends Metric {

    /** How the scores of the outputs become one number. */
    public enum Aggregation {
        /** Not: there is a result for each output. */
        NONE,
        /** The mean over the outputs. */
        UNIFORM_AVERAGE,
        /** The mean over the outputs, each weighted by how much its truth varies. */
        VARIANCE_WEIGHTED_AVERAGE
    }

    // Mean and variation are by Welford's method, which stays at 0 where all truth is equal.
    private static final int MEAN = 0;
    private static final int VARIATION = 1;
    private static final int ERROR = 2;
    private static final int WEIGHT = 3;
    private static final int EXAMPLES = 4;

    private Aggregation classAggregation = Aggregation.UNIFORM_AVERAGE;
    private int numRegressors;

    @Override
    public void settings(Settings s) {
        classAggregation = s.choice("classAggregation", classAggregation);
        numRegressors = Arguments.atLeast(0, "numRegressors of R2Score", s.integer("numRegressors", numRegressors));
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    public Accumulator accumulator() {
        return new ColumnSums(this, 5) {

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                Rows rows = Rows.ofNumbers(R2Score.this, predictions, truth, weights);
                requireColumns(rows.width());
                double[] means = sums[MEAN];
                for (int r = 0; r < rows.count(); r++) {
                    double w = rows.weight(r);
                    for (int i = 0; i < means.length; i++) {
                        sums[EXAMPLES][i]++;
                        if (w == 0) {
                            continue;
                        }
                        sums[WEIGHT][i] += w;
                        double t = rows.truth(r, i);
                        double error = t - rows.prediction(r, i);
                        double difference = t - means[i];
                        means[i] += w / sums[WEIGHT][i] * difference;
                        sums[VARIATION][i] += w * difference * (t - means[i]);
                        sums[ERROR][i] += w * error * error;
                    }
                }
            }

            private double score(int i) {
                double score = 1 - sums[ERROR][i] / sums[VARIATION][i];
                return sums[WEIGHT][i] == 0 || Double.isInfinite(score) ? 0 : score;
            }

            @Override
            public double[] results() {
                double[] scores = new double[columns()];
                Arrays.setAll(scores, this::score);
                if (classAggregation == Aggregation.UNIFORM_AVERAGE) {
                    scores = new double[] {Mean.of(scores)};
                } else if (classAggregation == Aggregation.VARIANCE_WEIGHTED_AVERAGE) {
                    scores = new double[] {weightedMean(scores, sums[VARIATION])};
                }
                double examples = columns() == 0 ? 0 : sums[EXAMPLES][0];
                for (int i = 0; i < scores.length && numRegressors > 0 && numRegressors < examples - 1; i++) {
                    scores[i] = 1 - (1 - scores[i]) * (examples - 1) / (examples - numRegressors - 1);
                }
                return scores;
            }
        };
    }

    private static double weightedMean(double[] scores, double[] weights) {
        Mean mean = new Mean();
        for (int i = 0; i < scores.length; i++) {
            mean.add(scores[i], weights[i]);
        }
        return mean.result();
    }
}
