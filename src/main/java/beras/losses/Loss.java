package beras.losses;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.kernels.Backend;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A loss of predictions against the truth, called as {@code loss.call(predictions, truth)}: both {@code (batch, n)}, the
 * result a single number (rank 0), the mean over the batch. The truth counts as a constant: its gradient is zero.
 */
public abstract class Loss extends Diffable {

    private static final Shape NUMBER = Shape.of();

    /** Writes the loss of each example to {@code out (batch, 1)}; predictions and truth are inputs 0 and 1. */
    protected abstract void perExample(Call call, Tensor out);

    /** Writes the gradient to the predictions times {@code scale}, for a loss that is the sum over the batch. */
    protected abstract void gradient(Call call, float scale, Tensor out);

    @Override
    protected final Tensor compute(Call call) {
        Tensor predictions = call.input(0);
        Tensor truth = call.inputs().size() == 2 ? call.input(1) : null;
        if (truth == null || !predictions.shape().equals(truth.shape()) || predictions.rank() == 0) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs predictions and truth of one shape (batch, n)."
                    + " Received: " + predictions.shape() + " and " + (truth == null ? "nothing" : truth.shape()));
        }
        int examples = examples(call);
        Tensor losses = call.allocate(examples, 1);
        perExample(call, losses);
        call.save(losses);
        Tensor mean = call.allocate(NUMBER);
        Backend.kernels().rowSums(losses.data(), losses.offset(), 1, examples, mean.data(), mean.offset());
        mean.data()[mean.offset()] /= examples;
        return mean;
    }

    /** The number of examples of a call: the product of all axes but the last. */
    protected static int examples(Call call) {
        Tensor predictions = call.input(0);
        return predictions.dim(-1) == 0 ? 0 : predictions.size() / predictions.dim(-1);
    }

    /** The loss of each example of a recorded call, {@code (batch, 1)}. */
    public static Tensor perExample(Call call) {
        return call.saved();
    }

    /** {@code [gradient to the predictions, zeros]}, each {@code (batch, n)}. */
    @Override
    protected final List<Tensor> inputGradients(Call call) {
        Tensor out = call.allocate(call.input(0).shape());
        gradient(call, 1f / examples(call), out);
        return List.of(out, Tensor.zeros(call.input(1).shape()));
    }

    @Override
    protected final List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor out = call.allocate(call.input(0).shape());
        gradient(call, upstream.item() / examples(call), out);
        return Arrays.asList(out, null);
    }

    @Override
    protected final boolean worksByElement() {
        return true;
    }
}
