package beras.losses;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.config.Configurable;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A loss of predictions against the truth, called as {@code loss.call(predictions, truth)}: predictions {@code (batch, n)},
 * truth of a shape that {@link #takes} accepts, the result a single number (rank 0), the mean over the batch. The truth counts
 * as a constant: its gradient is zero.
 *
 * <p>Every row along the last axis is an example. A third input gives their weights, constants too:
 * {@code loss.call(predictions, truth, weights)} is the sum of weight times loss over the number of examples (not over the sum
 * of weights), as in Keras. Weights are {@code (batch)} or {@code (batch, 1)}, or one for each row.
 *
 * <p>Training minimizes a loss. To write one: {@link #perExample} and {@link #gradient}; {@link #takes} with
 * {@link #targetShape} and {@link #needs} if predictions and truth are not of one shape; {@link #counts} with
 * {@link #countsAll} if it leaves examples out; {@link #requireOutputs} if it fits some ends of nets alone,
 * {@link #requireTarget} if some targets alone; {@link #settings} if it has some. To be made by name it is registered:
 * {@link Losses#REGISTRY}.
 */
public abstract class Loss extends Diffable implements Configurable {

    private static final Shape NUMBER = Shape.of();

    /**
     * Writes the loss of each example, without its weight, to {@code out (batch, 1)}; predictions and truth are inputs 0 and 1.
     */
    protected abstract void perExample(Call call, Tensor out);

    /**
     * Writes the gradient to the predictions times {@code scale}, for a loss that is the sum over the batch without weights.
     */
    protected abstract void gradient(Call call, float scale, Tensor out);

    // ---------------------------------------------------------------------------------------------- what it takes

    /**
     * The shape of the truth that goes with an output: given that of one example, of one; given that of a batch, of a batch.
     */
    public Shape targetShape(Shape output) {
        return output;
    }

    /** Whether this loss takes a truth of one shape with predictions of another, both of one example or both of a batch. */
    public boolean takes(Shape predictions, Shape truth) {
        return truth.equals(targetShape(predictions));
    }

    /** What it takes, in words that follow "needs" in errors: the shapes that {@link #takes} accepts. */
    protected String needs() {
        return "predictions and truth of one shape (batch, n)";
    }

    private void requireFit(Tensor predictions, Tensor truth) {
        if (truth == null || predictions.rank() == 0 || !takes(predictions.shape(), truth.shape())) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs " + needs() + ". Received: "
                    + predictions.shape() + " and " + (truth == null ? "nothing" : truth.shape()));
        }
    }

    /**
     * Refuses to train a net with this loss whose outputs are known to be none that it takes, such as any numbers where it takes
     * probabilities; by default none. Asked when a net is compiled, not by a tape.
     *
     * @param output  the shape of one example of what the net gives
     * @param outputs what is known of its numbers
     * @throws IllegalArgumentException if it refuses, saying what to do instead
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
     * @param truth   of a shape that {@link #takes} accepts, as {@link #call} is given it
     * @param weights as {@link #call} is given them; empty: all 1
     * @throws IllegalArgumentException if it refuses one, naming its row, which is that of a batch
     */
    public final void requireTargets(Tensor truth, Optional<Tensor> weights) {
        Tensor t = truth.contiguous();
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
     * Refuses the target of one row if it makes no sense for this loss, such as a label of -1 where 0 and 1 are taken; by default
     * none.
     *
     * @param truth has it at {@code from} (inclusive) to {@code to} (exclusive)
     * @throws IllegalArgumentException if it refuses, saying what to do
     */
    protected void requireTarget(float[] truth, int from, int to) {}

    // --------------------------------------------------------------------------------------------------- calling

    @Override
    protected final Tensor compute(Call call) {
        requireFit(call.input(0), call.inputs().size() < 2 ? null : call.input(1));
        int examples = examples(call);
        Tensor losses = call.allocate(examples, 1);
        perExample(call, losses);
        weigh(call, losses);
        call.save(losses);
        Tensor mean = call.allocate(NUMBER);
        Backend.sums().rowSums(losses.asRow(), mean.block());
        mean.data()[mean.offset()] /= divisor(call);
        return mean;
    }

    /** Multiplies what belongs to each example by the example's weight, if there are weights. */
    private void weigh(Call call, Tensor rows) {
        if (call.inputs().size() == 2) {
            return;
        }
        Tensor weights = call.input(2).contiguous();
        Tensor predictions = call.input(0);
        int batch = predictions.rank() == 1 ? 1 : predictions.dim(0);
        boolean fits = call.inputs().size() == 3 && weights.rank() > 0 && weights.dim(0) == batch
                && (weights.size() == batch || weights.size() == examples(call));
        if (!fits) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs one weight for each of " + batch
                    + " examples. Received: weights of shape " + weights.shape()
                    + (call.inputs().size() == 3 ? "" : " and " + (call.inputs().size() - 3) + " more inputs"));
        }
        if (rows.size() > 0) {
            MatrixView each = new MatrixView(rows.data(), rows.offset(), weights.size(), rows.size() / weights.size());
            Backend.elements().zipRows(BinaryOp.MULTIPLY, each, weights.block(), each);
        }
    }

    /** The number of examples of a call: the product of all axes but the last. */
    protected static int examples(Call call) {
        Tensor predictions = call.input(0);
        return predictions.dim(-1) == 0 ? 0 : predictions.size() / predictions.dim(-1);
    }

    private int counted(Call call) {
        int examples = examples(call);
        if (countsAll()) {
            return examples;
        }
        Tensor truth = call.input(1).contiguous();
        int counted = 0;
        for (int i = 0; i < examples; i++) {
            counted += counts(truth, i) ? 1 : 0;
        }
        return counted;
    }

    /** What the sum over the batch is divided by: if no example counts, 1, so that the loss is 0. */
    private int divisor(Call call) {
        int counted = counted(call);
        return counted == 0 && examples(call) > 0 ? 1 : counted;
    }

    // ----------------------------------------------------------------------------------------------- per example

    /** The loss of each example of a recorded call, times its weight: {@code (batch, 1)}. */
    public static Tensor perExample(Call call) {
        return call.saved();
    }

    /**
     * The number of examples of a recorded call that count for the mean: all but those whose truth the loss ignores. So the
     * mean over several calls is the sum of all {@link #perExample(Call)} over the sum of all counts.
     */
    public static int count(Call call) {
        return ((Loss) call.diffable()).counted(call);
    }

    /**
     * Whether an example counts for the mean: true, unless the loss ignores the truth in this row. A loss that does so has no
     * loss and no gradient there, and {@link #countsAll} of false.
     */
    public boolean counts(Tensor truth, int example) {
        return true;
    }

    /** Whether {@link #counts} is true of every example, so that none need be asked; true by default. */
    protected boolean countsAll() {
        return true;
    }

    /**
     * The loss of each example, without leaving a trace: {@code (batch, 1)}.
     *
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public final Tensor forwardPerExample(Tensor predictions, Tensor truth) {
        return new PerExample().forward(predictions, truth);
    }

    /** The loss before it is averaged. */
    private final class PerExample extends Diffable {

        @Override
        protected Tensor compute(Call call) {
            requireFit(call.input(0), call.input(1));
            Tensor losses = call.allocate(examples(call), 1);
            perExample(call, losses);
            return losses;
        }

        @Override
        protected List<Tensor> inputGradients(Call call) {
            throw new UnsupportedOperationException("Losses per example are for reports alone: differentiate the loss");
        }
    }

    // ------------------------------------------------------------------------------------------------- gradients

    /** {@code [gradient to the predictions, zeros]}, with zeros once more for weights, each of its input's shape. */
    @Override
    protected final List<Tensor> inputGradients(Call call) {
        Tensor toPredictions = gradient(call, 1f);
        Tensor toTruth = Tensor.zeros(call.input(1).shape());
        return call.inputs().size() == 2 ? List.of(toPredictions, toTruth)
                : List.of(toPredictions, toTruth, Tensor.zeros(call.input(2).shape()));
    }

    @Override
    protected final List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor toPredictions = gradient(call, upstream.item());
        return call.inputs().size() == 2 ? Arrays.asList(toPredictions, null) : Arrays.asList(toPredictions, null, null);
    }

    private Tensor gradient(Call call, float upstream) {
        Tensor out = call.allocate(call.input(0).shape());
        gradient(call, upstream / divisor(call), out);
        weigh(call, out);
        return out;
    }

    @Override
    protected final boolean worksByElement() {
        return true;
    }

    /** The type and its settings, such as {@code Huber(delta=1.0)}. */
    @Override
    public String toString() {
        return config().toString();
    }
}
