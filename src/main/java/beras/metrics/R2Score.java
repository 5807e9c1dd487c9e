package beras.metrics;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * The coefficient of determination: 1 minus the sum of squared errors over the sum of squared differences of the truth from its
 * mean. 1 is perfect, 0 as good as the mean. Predictions and truth {@code (batch)} or {@code (batch, n)}; each output has a
 * score. As in Keras, where all truth is equal the score is 0, and NaN if all predictions are equal to it too.
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

    private Aggregation classAggregation = Aggregation.UNIFORM_AVERAGE;
    private int numRegressors;

    /** How the scores of the outputs become one number; default {@code UNIFORM_AVERAGE}. */
    public R2Score classAggregation(Aggregation aggregation) {
        classAggregation = Objects.requireNonNull(aggregation, "classAggregation");
        return this;
    }

    /**
     * The number of variables that predictions are made from, to adjust the score for them; 0, the default, is the plain score.
     * With too few examples for them it is the plain score too.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public R2Score numRegressors(int number) {
        Settings.set(this, "numRegressors", number);
        return this;
    }

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
        return new Accumulator() {

            // By Welford's method, which stays at 0 where all truth is equal.
            private double[] means = {};
            private double[] variations = {};
            private double[] errors = {};
            private double weight;
            private long examples;

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                Rows rows = Rows.ofNumbers(R2Score.this, predictions, truth, weights);
                int width = rows.width();
                if (means.length == 0) {
                    means = new double[width];
                    variations = new double[width];
                    errors = new double[width];
                }
                Metrics.requireWidth("R2Score", means.length, width);
                for (int r = 0; r < rows.count(); r++) {
                    double w = rows.weight(r);
                    if (w == 0) {
                        continue;
                    }
                    weight += w;
                    for (int i = 0; i < width; i++) {
                        double t = rows.truth(r, i);
                        double error = t - rows.prediction(r, i);
                        double difference = t - means[i];
                        means[i] += w / weight * difference;
                        variations[i] += w * difference * (t - means[i]);
                        errors[i] += w * error * error;
                    }
                }
                examples += rows.count();
            }

            @Override
            public double[] state() {
                int width = means.length;
                double[] state = Arrays.copyOf(means, 3 * width + 2);
                System.arraycopy(variations, 0, state, width, width);
                System.arraycopy(errors, 0, state, 2 * width, width);
                state[3 * width] = weight;
                state[3 * width + 1] = examples;
                return state;
            }

            @Override
            public void restore(double[] state) {
                int width = state.length / 3;
                means = Arrays.copyOf(state, width);
                variations = Arrays.copyOfRange(state, width, 2 * width);
                errors = Arrays.copyOfRange(state, 2 * width, 3 * width);
                weight = state[3 * width];
                examples = (long) state[3 * width + 1];
            }

            private double[] scores() {
                double[] scores = new double[means.length];
                Arrays.setAll(scores, i -> {
                    double score = 1 - errors[i] / variations[i];
                    return weight == 0 || Double.isInfinite(score) ? 0 : score;
                });
                return scores;
            }

            @Override
            public double result() {
                return Mean.of(results());
            }

            @Override
            public double[] results() {
                double[] scores = scores();
                if (classAggregation == Aggregation.UNIFORM_AVERAGE) {
                    scores = new double[] {Mean.of(scores)};
                } else if (classAggregation == Aggregation.VARIANCE_WEIGHTED_AVERAGE) {
                    scores = new double[] {weightedMean(scores)};
                }
                for (int i = 0; i < scores.length && numRegressors > 0 && numRegressors < examples - 1; i++) {
                    scores[i] = 1 - (1 - scores[i]) * (examples - 1) / (examples - numRegressors - 1);
                }
                return scores;
            }

            private double weightedMean(double[] scores) {
                Mean mean = new Mean();
                for (int i = 0; i < scores.length; i++) {
                    mean.add(scores[i], variations[i]);
                }
                return mean.result();
            }
        };
    }
}
