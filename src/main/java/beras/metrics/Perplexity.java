package beras.metrics;

import beras.config.Settings;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.tensor.Tensor;

/**
 * The exponential of the mean cross-entropy against labels: among so many equally likely tokens a model that is as unsure would choose.
 * Predictions {@code (batch, ..., n)}, labels {@code (batch, ...)}.
 *
 * <p>Settings: {@code fromLogits}, whether predictions are logits (false; of a net that is trained for a loss, what that takes);
 * {@code maskTokenId}, a label that does not count (none).
 */
public final class Perplexity extends MeanMetric {

    private boolean fromLogits;
    private Integer maskTokenId; // null: none
    private LossMetric crossEntropy;

    /** Of probabilities. */
    public Perplexity() {
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        fromLogits = s.flag("fromLogits", fromLogits);
        maskTokenId = s.integer("maskTokenId", maskTokenId);
        crossEntropy = new LossMetric(new SparseCategoricalCrossEntropy().fromLogits(fromLogits).with("ignoreClass", maskTokenId));
    }

    @Override
    public boolean isOfClasses() {
        return true;
    }

    /** Less is better. */
    @Override
    public Direction direction() {
        return Direction.DOWN;
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        crossEntropy.add(predictions, truth, weights, mean);
    }

    @Override
    protected double result(Mean mean) {
        return mean.isEmpty() ? 0 : StrictMath.exp(mean.result());
    }
}
