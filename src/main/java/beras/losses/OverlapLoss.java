package beras.losses;

import beras.config.Settings;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * What losses of an overlap share, which is one number for all elements along some axes: by default all, those of the batch among them.
 * Then weights of examples do not apply, and the loss of an epoch is the mean over its batches.
 */
abstract class OverlapLoss extends Loss {

    /** Keras's epsilon: keeps divisors off 0. */
    static final double EPSILON = 1e-7;

    private int[] axis; // null: all

    @Override
    public void settings(Settings s) {
        axis = s.integers("axis", axis);
    }

    /** Probabilities. */
    @Override
    public final void requireOutputs(Shape output, OutputRange outputs) {
        OutputChecks.requireProbabilities(this, outputs, "End in a sigmoid or a softmax");
    }

    @Override
    protected final void requireTarget(float[] target, int from, int to) {
        Targets.requireProbabilities(this, target, from, to);
    }

    /** Steps that are masked are zeros in both, which overlap nowhere and count in no sum. */
    @Override
    protected final Tensor losses(Tensor predictions, Tensor target) {
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
    abstract Tensor overlap(Tensor predictions, Tensor target, int... axes);
}
