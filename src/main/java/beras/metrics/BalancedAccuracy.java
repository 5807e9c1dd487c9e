package beras.metrics;

import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * The mean, over the classes that occur, of the share of a class's examples that are found: accuracy as if all classes were equally
 * frequent. The predicted class is that of the first largest score. Predictions {@code (batch, n)} and a truth that is one-hot, or
 * labels {@code (batch)} or {@code (batch, 1)}; of one output, more than 0.5 is class 1.
 */
public final class BalancedAccuracy extends Metric {

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    public Accumulator accumulator() {
        return new Accumulator() {

            private double[] hits = {};
            private double[] actual = {};

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                int width = predictions.rank() == 2 ? predictions.dim(1) : 0;
                int classes = Math.max(2, width);
                int[] truths = Rows.trueClasses("BalancedAccuracy", predictions, truth, classes);
                if (hits.length == 0) {
                    hits = new double[classes];
                    actual = new double[classes];
                }
                Metrics.requireWidth("BalancedAccuracy", hits.length, classes);
                Rows rows = Rows.of("BalancedAccuracy", predictions, truth, weights);
                int[] guesses = rows.argMax(rows.predictions());
                for (int r = 0; r < rows.count(); r++) {
                    int guess = width > 1 ? guesses[r] : rows.prediction(r, 0) > Metrics.THRESHOLD ? 1 : 0;
                    hits[truths[r]] += guess == truths[r] ? rows.weight(r) : 0;
                    actual[truths[r]] += rows.weight(r);
                }
            }

            @Override
            public double result() {
                Mean mean = new Mean();
                for (int c = 0; c < hits.length; c++) {
                    if (actual[c] != 0) {
                        mean.add(hits[c] / actual[c], 1);
                    }
                }
                return mean.result();
            }

            @Override
            public double[] state() {
                double[] state = Arrays.copyOf(hits, 2 * hits.length);
                System.arraycopy(actual, 0, state, hits.length, hits.length);
                return state;
            }

            @Override
            public void restore(double[] state) {
                hits = Arrays.copyOf(state, state.length / 2);
                actual = Arrays.copyOfRange(state, state.length / 2, state.length);
            }
        };
    }
}
