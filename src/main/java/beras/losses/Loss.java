package beras.losses;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.config.Configurable;
import beras.config.Settings;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A loss of predictions against the target, called as {@code loss.call(predictions, target)}: predictions {@code (batch, n)},
 * target of a shape that {@link #takes} accepts, the result a single number (rank 0), the mean over the batch. The target counts
 * as a constant: its gradient is zero.
 *
 * <p>Every row along the last axis is an example. A third input gives their weights, constants too:
 * {@code loss.call(predictions, target, weights)} is the sum of weight times loss over the number of examples (not over the sum
 * of weights), as in Keras. Weights are {@code (batch)} or {@code (batch, 1)}, or one for each row.
 *
 * <p>Steps of sequences that are {@linkplain Tensor#mask() masked} in the predictions have no loss and no gradient, and the sum is
 * divided by the number of the others.
 *
 * <p>Training minimizes a loss. To write one: {@link #losses}, by operations of tensors, which is differentiated through these;
 * without a class, {@link Losses#lambda}. A class may override {@link #takes} with {@link #targetShape} and {@link #needs} if
 * predictions and targets are not of one shape; {@link #counts} with {@link #countsAll} if it leaves examples out;
 * {@link #requireOutputs} if it accepts some output layers alone, {@link #requireTarget} if some targets alone;
 * {@link #settings} if it has some. To be made by name it is registered: {@link Losses#REGISTRY}. A loss with its own gradient
 * is a {@link FusedLoss}.
 *
 * <pre>{@code
 * public final class Expectile extends Loss {
 *     private double q = 0.5;
 *
 *     @Override
 *     public void settings(Settings s) {
 *         q = Arguments.share("q of Expectile", s.number("q", q));
 *     }
 *
 *     @Override
 *     protected Tensor losses(Tensor predictions, Tensor target) {
 *         Tensor error = target.subtract(predictions);
 *         return error.square().multiply(error.greater(0).multiply(2 * q - 1).add(1 - q));
 *     }
 * }
 * }</pre>
 */
public abstract class Loss extends Diffable implements Configurable {

    /**
     * The losses, by operations of tensors or calls of layers and other losses. The result may have one of these shapes, for
     * predictions {@code (batch, ..., n)}:
     * <ul>
     * <li>the shape of the predictions: the mean over the last axis is taken;
     * <li>{@code (batch, ...)} or {@code (batch, ..., 1)}: the loss of each row;
     * <li>{@code (batch)} or {@code (batch, 1)}: the loss of each example;
     * <li>one number, rank 0, the mean over the batch. It cannot be weighted, and the loss of an epoch is the mean over its batches, each
     *     counted by its examples.
     * </ul>
     *
     * @param target a constant
     */
    protected abstract Tensor losses(Tensor predictions, Tensor target);

    /**
     * Changes one setting, by the name that configs and the reference have, such as {@code with("labelSmoothing", 0.1)}.
     *
     * @return this
     * @throws IllegalArgumentException if there is no such setting, with a list of all, or the value does not fit
     */
    public final Loss with(String setting, Object value) {
        Settings.set(this, setting, value);
        return this;
    }

    // ---------------------------------------------------------------------------------------------- what it takes

    /**
     * The shape of the target that goes with an output: given that of one example, of one; given that of a batch, of a batch.
     */
    public Shape targetShape(Shape output) {
        return output;
    }

    /** Whether this loss takes a target of one shape with predictions of another, both of one example or both of a batch. */
    public boolean takes(Shape predictions, Shape target) {
        return target.equals(targetShape(predictions));
    }

    /** The accepted shapes of {@link #takes}, in words that follow "needs" in errors. */
    protected String needs() {
        return "predictions and targets of one shape (batch, n)";
    }

    private void requireFit(Tensor predictions, Tensor target) {
        if (target == null || predictions.rank() == 0 || !takes(predictions.shape(), target.shape())) {
            throw new IllegalArgumentException(typeName() + " needs " + needs() + ". Received: "
                    + predictions.shape() + " and " + (target == null ? "nothing" : target.shape()));
        }
    }

    /**
     * Rejects a network whose outputs this loss certainly cannot train, such as unbounded numbers where it needs probabilities;
     * by default none. Called when a network is compiled, not by a tape.
     *
     * @param output  the shape of one example of the network's output
     * @param outputs the range of its numbers
     * @throws IllegalArgumentException if they are rejected; the message proposes another loss or output
     */
    public void requireOutputs(Shape output, OutputRange outputs) {}

    /**
     * The activation that makes probabilities of the predictions, if this loss takes logits; empty, the default, if it takes
     * predictions as they are.
     */
    public Optional<Layer> activation() {
        return Optional.empty();
    }

    /**
     * Whether predictions are scores, such as logits, and no probabilities: of one unit, a score above 0 is then a yes, and a
     * probability above 0.5. By default, whether there is an {@link #activation}.
     */
    public boolean isOfScores() {
        return activation().isPresent();
    }

    /**
     * Refuses targets that make no sense for this loss, of examples whose weight is not 0; see {@link #requireTarget}. Asked when
     * a model is trained, in its first epoch, and when it is evaluated, not by a tape.
     *
     * @param target   of a shape that {@link #takes} accepts, as {@link #call} is given it
     * @param weights as {@link #call} is given them; empty: all 1
     * @throws IllegalArgumentException if it refuses one, naming its row, which is that of a batch
     */
    public final void requireTargets(Tensor target, Optional<Tensor> weights) {
        Tensor t = target.contiguous();
        int cols = t.rank() < 2 ? 1 : t.dim(-1);
        int rows = cols == 0 ? 0 : t.size() / cols;
        Tensor w = weights.isEmpty() ? null : weights.get().contiguous();
        for (int r = 0; r < rows; r++) {
            if (w == null || w.data()[w.offset() + (int) ((long) r * w.size() / rows)] != 0f) {
                int from = t.offset() + r * cols;
                try {
                    requireTarget(t.data(), from, from + cols);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("Row " + r + " of a batch: " + e.getMessage(), e);
                }
            }
        }
    }

    /**
     * Rejects the target of one row if it makes no sense for this loss, such as a label of -1 where 0 and 1 are taken; by
     * default none.
     *
     * @param target has it at {@code from} (inclusive) to {@code to} (exclusive)
     * @throws IllegalArgumentException if it is rejected; the message has the remedy
     */
    protected void requireTarget(float[] target, int from, int to) {}

    // --------------------------------------------------------------------------------------------------- calling

    @Override
    protected final Tensor compute(Call call) {
        requireFit(call.input(0), call.inputCount() < 2 ? null : call.input(1));
        return mean(call);
    }

    /** The mean of the losses, which the call keeps. */
    Tensor mean(Call call) {
        List<Tensor> inputs = call.inputs();
        Tensor losses = weighted(inputs, ofRows(inputs.get(0), inputs.get(1)));
        call.save(losses);
        return mean(inputs, losses);
    }

    /** The losses without weights, {@code (rows, 1)}, or one number for all. */
    Tensor ofRows(Tensor p, Tensor target) {
        Shape predictions = p.shape();
        Tensor losses = losses(p, target.stopGradient());
        if (losses == null) {
            throw new IllegalStateException(typeName() + " must give a tensor. Received: null");
        }
        Shape shape = losses.shape();
        if (shape.rank() == 0) {
            return losses;
        }
        if (shape.equals(predictions)) {
            losses = losses.mean(-1);
        } else if (predictions.rank() == 1 || !isColumn(shape, predictions, predictions.rank() - 1) && !isColumn(shape, predictions, 1)) {
            throw new IllegalArgumentException(typeName() + " must give one number for each example, of shape "
                    + Shape.of(predictions.dim(0)) + " or " + Shape.of(predictions.dim(0), 1) + "; one for each prediction, of shape "
                    + predictions + "; or one for the batch, of shape (). Received: " + shape + " for predictions of shape " + predictions
                    + " and targets of shape " + target.shape());
        }
        int count = losses.size();
        if (!countsAll(p) && count != examples(p)) {
            throw new IllegalArgumentException(typeName() + " ignores rows, so it must give the loss of each of " + examples(p)
                    + " rows. Received: losses of shape " + shape);
        }
        return losses.reshape(count, 1);
    }

    /** Whether a shape has the first axes of the predictions, and then nothing or an axis of size 1. */
    private static boolean isColumn(Shape shape, Shape predictions, int axes) {
        boolean column = shape.rank() == axes || shape.rank() == axes + 1 && shape.dim(axes) == 1;
        for (int i = 0; column && i < axes; i++) {
            column = shape.dim(i) == predictions.dim(i);
        }
        return column;
    }

    /** The losses times their weights, if there are weights; 0 where a step is masked. */
    final Tensor weighted(List<Tensor> inputs, Tensor losses) {
        if (inputs.get(0).mask().isPresent() && losses.rank() > 0) {
            Tensor mask = inputs.get(0).mask().get().stopGradient();
            Tensor each = mask.reshape(mask.size(), 1).broadcastTo(mask.size(), mask.size() == 0 ? 1 : losses.size() / mask.size());
            return weightedAll(inputs, Tensor.where(each.reshape(losses.size(), 1), losses, Tensor.scalar(0)));
        }
        return weightedAll(inputs, losses);
    }

    private Tensor weightedAll(List<Tensor> inputs, Tensor losses) {
        if (inputs.size() == 2) {
            return losses;
        }
        if (losses.rank() == 0) {
            throw new IllegalArgumentException(typeName() + " gives one number for a batch, which weights of examples or classes do not"
                    + " apply to. Received: weights of shape " + inputs.get(2).shape() + ". Leave the weights out, or let the loss be"
                    + " one number for each example, of shape (batch)");
        }
        Tensor weights = requireWeights(inputs.get(0), inputs.get(2), inputs.size(), losses.size()).stopGradient();
        Tensor groups = losses.reshape(weights.size(), weights.size() == 0 ? 0 : losses.size() / weights.size());
        return groups.multiply(weights.reshape(weights.size(), 1)).reshape(losses.size(), 1);
    }

    /** Weights, contiguous: one for each example, or for each of its losses. */
    final Tensor requireWeights(Tensor predictions, Tensor given, int inputs, int losses) {
        Tensor weights = given.contiguous();
        int batch = batch(predictions);
        boolean fits = inputs == 3 && weights.rank() > 0 && weights.dim(0) == batch
                && (weights.size() == batch || weights.size() == losses);
        if (!fits) {
            throw new IllegalArgumentException(typeName() + " needs one weight for each of " + batch
                    + " examples. Received: weights of shape " + weights.shape()
                    + (inputs == 3 ? "" : " and " + (inputs - 3) + " more inputs"));
        }
        return weights;
    }

    /** The result of the call: the mean of the losses that count. */
    final Tensor mean(List<Tensor> inputs, Tensor losses) {
        return losses.rank() == 0 ? losses : losses.sum().divide(divisor(inputs.get(0), inputs.get(1), losses));
    }

    /** The number of examples of predictions: the product of all axes but the last. */
    protected static int examples(Tensor predictions) {
        return predictions.dim(-1) == 0 ? 0 : predictions.size() / predictions.dim(-1);
    }

    private int counted(Tensor predictions, Tensor target, Tensor losses) {
        if (countsAll(predictions)) {
            return losses.rank() == 0 ? batch(predictions) : losses.size();
        }
        int examples = examples(predictions);
        Tensor t = target.contiguous();
        int counted = 0;
        for (int i = 0; i < examples; i++) {
            counted += counts(predictions, t, i) ? 1 : 0;
        }
        return counted;
    }

    private boolean countsAll(Tensor predictions) {
        return countsAll() && predictions.mask().isEmpty();
    }

    /** Whether an example counts: its step is not masked, and {@link #counts(Tensor, int)}. */
    final boolean counts(Tensor predictions, Tensor target, int example) {
        return !isMasked(predictions, example) && counts(target, example);
    }

    /** Whether a row of predictions is of a step that is masked. */
    static boolean isMasked(Tensor predictions, int row) {
        if (predictions.mask().isEmpty()) {
            return false;
        }
        Tensor mask = predictions.mask().get().contiguous();
        return mask.data()[mask.offset() + (int) ((long) row * mask.size() / examples(predictions))] == 0f;
    }

    /** The divisor of the sum over the batch: if no example counts, 1, so that the loss is 0. */
    final int divisor(Tensor predictions, Tensor target, Tensor losses) {
        int counted = counted(predictions, target, losses);
        return counted == 0 && examples(predictions) > 0 ? 1 : counted;
    }

    private static int batch(Tensor predictions) {
        return predictions.rank() == 1 ? 1 : predictions.dim(0);
    }

    // ----------------------------------------------------------------------------------------------- per example

    /**
     * The loss of each example of a {@linkplain beras.autograd.GradientTape#call recorded call}, times its weight:
     * {@code (batch, 1)}; of a loss that is one number for a batch, that number.
     */
    public static Tensor perExample(Call call) {
        return call.saved();
    }

    /**
     * The number of examples of a recorded call that count for the mean: all but those whose target the loss ignores. So the
     * mean over several calls is the sum of all {@link #perExample(Call)} over the sum of all counts.
     */
    public static int count(Call call) {
        return ((Loss) call.diffable()).counted(call.input(0), call.input(1), call.saved());
    }

    /**
     * Whether an example counts for the mean: true, unless the loss ignores the target in this row. A loss that does so has no
     * loss and no gradient there, and {@link #countsAll} of false.
     */
    public boolean counts(Tensor target, int example) {
        return true;
    }

    /** Whether {@link #counts} is true of every example, so that none need be checked; true by default. */
    protected boolean countsAll() {
        return true;
    }

    /**
     * The loss of each example, without leaving a trace: {@code (batch, 1)}; one number, rank 0, of a loss that is one for a batch.
     *
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public final Tensor forwardPerExample(Tensor predictions, Tensor target) {
        return new PerExample().forward(predictions, target);
    }

    /** The loss before it is averaged. */
    private final class PerExample extends Diffable {

        @Override
        protected Tensor compute(Call call) {
            requireFit(call.input(0), call.input(1));
            return ofRows(call.input(0), call.input(1));
        }
    }

    /** The type and its settings, such as {@code Huber(delta=1.0)}. */
    @Override
    public String toString() {
        return config().toString();
    }
}
