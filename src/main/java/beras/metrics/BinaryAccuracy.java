package beras.metrics;

import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * The share of binary predictions that are right: a prediction above the threshold is 1, another is 0, or -1 if that
 * is the truth's no. Predictions and truth {@code (batch)} or {@code (batch, n)}; several outputs are averaged within an example.
 */
public final class BinaryAccuracy extends MeanMetric {

    private Float threshold; // null: by default

    /** With threshold 0.5; in a model that is compiled with a loss of scores, such as logits, 0. */
    public BinaryAccuracy() {}

    /**
     * @param threshold finite
     * @throws IllegalArgumentException if it is not
     */
    public BinaryAccuracy(double threshold) {
        this.threshold = (float) threshold;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        Float level = s.real("threshold", threshold);
        threshold = level == null ? null : (Float) Metrics.requireThreshold("BinaryAccuracy", level);
    }

    boolean hasThreshold() {
        return threshold != null;
    }

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = Rows.ofNumbers(this, predictions, truth, weights);
        float level = hasThreshold() ? threshold : Metrics.THRESHOLD;
        for (int r = 0; r < rows.count(); r++) {
            int right = 0;
            for (int i = 0; i < rows.width(); i++) {
                float actual = rows.truth(r, i);
                boolean isRight = rows.prediction(r, i) > level ? actual == 1f : actual == 0f || actual == -1f;
                right += isRight ? 1 : 0;
            }
            mean.add((double) right / rows.width(), rows.weight(r));
        }
    }
}
