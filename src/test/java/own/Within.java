package own;

import beras.config.Arguments;
import beras.config.Settings;
import beras.metrics.Mean;
import beras.metrics.MeanMetric;
import beras.metrics.Rows;
import beras.tensor.Tensor;

/** The share of predictions that are near the truth. */
public final class Within extends MeanMetric {

    private double tolerance = 0.1;

    @Override
    public void settings(Settings s) {
        tolerance = Arguments.positive("tolerance of Within", s.number("tolerance", tolerance));
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = Rows.ofNumbers(this, predictions, truth, weights);
        for (int r = 0; r < rows.count(); r++) {
            mean.add(Math.abs(rows.prediction(r, 0) - rows.truth(r, 0)) <= tolerance ? 1 : 0, rows.weight(r));
        }
    }
}
