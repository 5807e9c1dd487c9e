package beras.metrics;

import beras.config.Arguments;
import beras.config.Settings;

/** The share of examples whose class is among the {@code k} with the largest predictions. */
abstract class TopKMetric extends MeanMetric {

    private int k = 5;

    /** With k = 5. */
    TopKMetric() {}

    TopKMetric(int k) {
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

    /** 1 if fewer than {@code k} predictions of a row are larger than that of the class, which must be finite; else 0. */
    final double hit(Rows rows, int row, float label) {
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
