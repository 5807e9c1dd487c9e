package beras.losses;

import beras.tensor.Tensor;

/**
 * {@code -sum(alpha * (1 - p)^gamma * target * log(p))} over the classes, mean over the batch: a
 * {@linkplain CategoricalCrossEntropy cross-entropy} in which examples that are predicted well count little. Rows of probabilities are
 * divided by their sum first.
 *
 * <p>Settings, as in Keras: {@code alpha} 0.25, {@code gamma} 2, {@code fromLogits} false, {@code labelSmoothing} 0.
 *
 * <pre>{@code
 * model.compile("adam", new CategoricalFocalCrossEntropy().with("alpha", 1));
 * }</pre>
 */
public final class CategoricalFocalCrossEntropy extends FocalLoss {

    public CategoricalFocalCrossEntropy() {
        super(true);
    }

    @Override
    Tensor focal(Tensor p, Tensor target) {
        Tensor q = clipped(p.divide(p.sum(-1).expandDims(-1)));
        return focus(q).multiply(alpha()).multiply(target).multiply(q.log()).sum(-1).negate();
    }
}
