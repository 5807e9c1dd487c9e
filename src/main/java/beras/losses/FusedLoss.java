package beras.losses;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A loss that writes its values and its gradient into arrays by itself, in one pass and in memory that a training uses again: as
 * all of BERAS's are. To write one: {@link #perExample} and {@link #gradient}; and {@link #losses}, the same function by operations
 * of tensors, if its gradient is to be differentiated in turn.
 */
public abstract class FusedLoss extends Loss {

    /** Keras's fuzz factor: keeps logarithms and divisors off 0. */
    static final double FUZZ = 1e-7;

    private static final Shape NUMBER = Shape.of();

    /**
     * Writes the loss of each example, without its weight, to {@code out (batch, 1)}; predictions and truth are inputs 0 and 1.
     */
    protected abstract void perExample(Call call, Tensor out);

    /**
     * Writes the gradient to the predictions times {@code scale}, for a loss that is the sum over the batch without weights.
     */
    protected abstract void gradient(Call call, float scale, Tensor out);

    /**
     * {@inheritDoc} Only for the derivative of the gradient.
     *
     * @throws UnsupportedOperationException by default
     */
    @Override
    protected Tensor losses(Tensor predictions, Tensor truth) {
        throw new UnsupportedOperationException("The gradient of " + typeName() + " has no derivative: it has no definition by"
                + " operations of tensors. Override losses(Tensor, Tensor), or take another loss");
    }

    @Override
    protected final Tensor define(Call call) {
        return super.mean(call, super.weighted(call, super.each(call)));
    }

    @Override
    Tensor truth(Call call) {
        return call.input(1).contiguous();
    }

    @Override
    final Tensor each(Call call) {
        Tensor losses = call.allocate(examples(call), 1);
        perExample(call, losses);
        return losses;
    }

    @Override
    final Tensor weighted(Call call, Tensor losses) {
        weigh(call, losses);
        return losses;
    }

    /** Multiplies what belongs to each example by the example's weight, if there are weights. */
    private void weigh(Call call, Tensor rows) {
        if (call.inputs().size() == 2) {
            return;
        }
        Tensor weights = requireWeights(call, examples(call));
        if (rows.size() > 0) {
            MatrixView each = new MatrixView(rows.data(), rows.offset(), weights.size(), rows.size() / weights.size());
            Backend.elements().zipRows(BinaryOp.MULTIPLY, each, weights.block(), each);
        }
    }

    @Override
    final Tensor mean(Call call, Tensor losses) {
        Tensor mean = call.allocate(NUMBER);
        Backend.sums().rowSums(losses.asRow(), mean.block());
        mean.data()[mean.offset()] /= divisor(call);
        return mean;
    }

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
}
