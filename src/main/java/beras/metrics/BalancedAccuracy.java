package beras.metrics;

import beras.tensor.Tensor;

/**
 * The mean, over the classes that occur, of the share of a class's examples that are found: accuracy as if all classes were equally
 * frequent. The predicted class is that of the first largest score. Predictions {@code (batch, n)} and a truth that is one-hot, or
 * labels {@code (batch)} or {@code (batch, 1)}; of one output, more than 0.5 is class 1.
 */
public final class BalancedAccuracy extends Metric {

    private static final int HITS = 0;
    private static final int ACTUAL = 1;

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    public Accumulator accumulator() {
        return new ColumnSums(this, 2) {

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                int classes = Math.max(2, predictions.rank() == 2 ? predictions.dim(1) : 0);
                int[] truths = Rows.trueClasses("BalancedAccuracy", predictions, truth, classes);
                requireColumns(classes);
                Rows rows = Rows.of("BalancedAccuracy", predictions, truth, weights);
                int[] guesses = rows.predictedClasses();
                for (int r = 0; r < rows.count(); r++) {
                    sums[HITS][truths[r]] += guesses[r] == truths[r] ? rows.weight(r) : 0;
                    sums[ACTUAL][truths[r]] += rows.weight(r);
                }
            }

            @Override
            public double[] results() {
                Mean mean = new Mean();
                for (int c = 0; c < columns(); c++) {
                    if (sums[ACTUAL][c] != 0) {
                        mean.add(sums[HITS][c] / sums[ACTUAL][c], 1);
                    }
                }
                return new double[] {mean.result()};
            }
        };
    }
}
