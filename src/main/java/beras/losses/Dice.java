package beras.losses;

import beras.tensor.Tensor;

/**
 * {@code 1 - 2 sum(target * prediction) / (sum(target) + sum(prediction) + 1e-7)}: how little the regions overlap that prediction and
 * target, numbers from 0 to 1 such as the pixels of masks, mark. The sums are over the setting {@code axis}, as in Keras by default all axes,
 * the batch among them; with all but the batch axis, 0, each example has its own loss.
 *
 * <pre>{@code
 * model.compile("adam", "dice(axis=[1, 2, 3])");
 * }</pre>
 */
public final class Dice extends OverlapLoss {

    @Override
    Tensor overlap(Tensor predictions, Tensor target, int... axes) {
        Tensor both = target.multiply(predictions).sum(axes);
        return both.multiply(2).divide(target.sum(axes).add(predictions.sum(axes)).add(EPSILON));
    }
}
