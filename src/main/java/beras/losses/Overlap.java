package beras.losses;

import beras.config.Arguments;
import beras.config.Settings;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Losses of an overlap, which is one number for all elements along some axes: by default all, the batch included. Then weights
 * of examples do not apply, and the loss of an epoch is the mean over its batches.
 */
final class Overlap extends Loss {

    private enum Kind {
        /**
         * {@code 1 - 2 sum(target * prediction) / (sum(target) + sum(prediction) + 1e-7)}: how little the regions overlap that prediction
         * and target, numbers from 0 to 1 such as the pixels of masks, mark. The sums are over the setting {@code axis}, as in Keras by
         * default all axes, the batch among them; with all but the batch axis, 0, each example has its own loss: {@code dice(axis=[1, 2, 3])}.
         */
        Dice,
        /**
         * {@code 1 - both / (both + alpha * sum(target * (1 - prediction)) + beta * sum(prediction * (1 - target)) + 1e-7)} with
         * {@code both = sum(target * prediction)}, for numbers from 0 to 1: {@code alpha} is the weight of false negatives,
         * {@code beta} of false positives; with both 0.5 it is {@code Dice}; Salehi et al. (2017). (Keras's code has alpha at false
         * negatives, as here; its description has it at false positives.)
         */
        Tversky
    }

    private final Kind kind;
    private float alpha = 0.5f;
    private float beta = 0.5f;
    private int[] axis; // null: all

    /** @param type one of the table */
    Overlap(String type) {
        kind = Kind.valueOf(type);
    }

    @Override
    public String typeName() {
        return kind.name();
    }

    @Override
    public void settings(Settings s) {
        if (kind == Kind.Tversky) {
            alpha = Arguments.notNegative("alpha of Tversky", s.real("alpha", alpha));
            beta = Arguments.notNegative("beta of Tversky", s.real("beta", beta));
        }
        axis = s.integers("axis", axis);
    }

    /** Probabilities. */
    @Override
    public void requireOutputs(Shape output, OutputRange outputs) {
        OutputChecks.requireProbabilities(this, outputs, "End in a sigmoid or a softmax");
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireProbabilities(this, target, from, to);
    }

    /** Steps that are masked are zeros in both, which overlap nowhere and count in no sum. */
    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        int rank = predictions.rank();
        int[] axes = axis == null ? all(rank) : Arrays.stream(axis).map(each -> each < 0 ? each + rank : each).sorted().distinct().toArray();
        if (Arrays.stream(axes).anyMatch(each -> each < 0 || each >= rank)) {
            throw new IllegalArgumentException(typeName() + " needs predictions that have the axes " + Arrays.toString(axis)
                    + ". Received: " + predictions.shape());
        }
        Tensor loss = Tensor.scalar(1).subtract(overlap(counted(predictions, predictions), counted(predictions, target), axes));
        return axes.length > 0 && axes[0] == 0 ? loss.mean() : loss;
    }

    private static int[] all(int rank) {
        int[] all = new int[rank];
        Arrays.setAll(all, i -> i);
        return all;
    }

    private static Tensor counted(Tensor predictions, Tensor values) {
        if (predictions.mask().isEmpty()) {
            return values;
        }
        int[] sizes = new int[values.rank()];
        Arrays.setAll(sizes, i -> i < 2 ? values.dim(i) : 1);
        return Tensor.where(predictions.mask().get().reshape(sizes), values, Tensor.scalar(0));
    }

    /** The share that both have in common, along some axes, which go. */
    private Tensor overlap(Tensor predictions, Tensor target, int... axes) {
        Tensor both = target.multiply(predictions).sum(axes);
        if (kind == Kind.Dice) {
            return both.multiply(2).divide(target.sum(axes).add(predictions.sum(axes)).add(FusedLoss.EPSILON));
        }
        Tensor missed = target.multiply(Tensor.scalar(1).subtract(predictions)).sum(axes);
        Tensor excess = predictions.multiply(Tensor.scalar(1).subtract(target)).sum(axes);
        return both.divide(both.add(missed.multiply(alpha)).add(excess.multiply(beta)).add(FusedLoss.EPSILON));
    }
}
