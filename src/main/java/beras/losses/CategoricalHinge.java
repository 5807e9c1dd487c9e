package beras.losses;

import beras.tensor.Tensor;

/**
 * {@code max(max((1 - target) * prediction) - sum(target * prediction) + 1, 0)} over the classes, mean over the batch: 0 as soon
 * as the score of the right class leads by 1. The target is one-hot. Several largest scores share
 * the gradient.
 */
public final class CategoricalHinge extends Loss {

    @Override
    public boolean isOfScores() {
        return true;
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireDistribution(this, target, from, to);
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        Tensor largestOther = target.negate().add(1).multiply(predictions).max(-1);
        return largestOther.subtract(target.multiply(predictions).sum(-1)).add(1).relu();
    }
}
