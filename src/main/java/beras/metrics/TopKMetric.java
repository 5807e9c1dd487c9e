package beras.metrics;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/** The share of examples whose class is among the {@code k} with the largest predictions. */
abstract class TopKMetric extends MeanMetric {

    private final boolean sparse;
    private int k;

    /** @param sparse whether the truth is labels */
    TopKMetric(boolean sparse, int k) {
        this.sparse = sparse;
        this.k = k;
        Settings.check(this);
    }

    @Override
    public final void settings(Settings s) {
        k = Arguments.atLeast(1, "k of " + getClass().getSimpleName(), s.integer("k", k));
    }

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    protected final void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = sparse ? Rows.ofLabels(this, predictions, truth, weights) : Rows.ofClasses(this, predictions, truth, weights);
        rows.requireSeveral(this, Rows.YES_OR_NO);
        int[] actual = sparse ? null : rows.argMax(rows.truth());
        for (int r = 0; r < rows.count(); r++) {
            mean.add(hit(rows, r, sparse ? rows.label(r) : actual[r]), rows.weight(r));
        }
    }

    /** 1 if fewer than {@code k} predictions of a row are larger than that of the class, which must be finite; else 0. */
    private double hit(Rows rows, int row, float label) {
        int actual = (int) label;
        if (actual != label || actual < 0 || actual >= rows.width() || !Float.isFinite(rows.prediction(row, actual))) {
            return 0;
        }
        int larger = 0;
        for (int i = 0; i < rows.width(); i++) {
            larger += rows.prediction(row, i) > rows.prediction(row, actual) ? 1 : 0;
        }
        return larger < k ? 1 : 0;
    }
}
