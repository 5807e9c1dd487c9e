package beras.metrics;

import beras.kernels.Backend;
import beras.tensor.Tensor;

/** The share of examples whose largest prediction is at the largest entry of the truth; the first of equal ones counts. */
public final class CategoricalAccuracy extends MeanMetric {

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = Rows.ofClasses(this, predictions, truth, weights);
        rows.requireSeveral(this, Rows.YES_OR_NO);
        Tensor p = rows.predictions();
        Tensor t = rows.truth();
        if (weights == null) {
            int matches = Backend.sums().rowArgMaxMatches(p.block(), t.block());
            mean.add(1, matches);
            mean.add(0, rows.count() - matches);
            return;
        }
        int[] predicted = rows.argMax(p);
        int[] actual = rows.argMax(t);
        for (int r = 0; r < rows.count(); r++) {
            mean.add(predicted[r] == actual[r] ? 1 : 0, rows.weight(r));
        }
    }
}
