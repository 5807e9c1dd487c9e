package beras.losses;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * A loss that writes its values and its gradient into arrays by itself, in one pass and in memory that training reuses, as all
 * of BERAS's do. To write one: {@link #perExample} and {@link #gradient}; and {@link #losses}, the same function by operations
 * of tensors, if its gradient is to be differentiated in turn.
 */
public abstract class FusedLoss extends Loss {

    /** Keras's epsilon: keeps logarithms and divisors off 0. */
    static final double EPSILON = 1e-7;

    private static final Shape NUMBER = Shape.of();

    /**
     * Writes the loss of each example, without its weight, to {@code out (batch, 1)}; predictions and targets are inputs 0 and 1.
     */
    protected abstract void perExample(OperationCall call, Tensor out);

    /**
     * Writes the gradient to the predictions times {@code scale}, for a loss that is the sum over the batch without weights.
     */
    protected abstract void gradient(OperationCall call, float scale, Tensor out);

    /**
     * {@inheritDoc} Only for the derivative of the gradient.
     *
     * @throws UnsupportedOperationException by default
     */
    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        throw FusedOperation.withoutComposition(typeName(), "Override losses(Tensor, Tensor), or take another loss");
    }

    static void write(Tensor values, Tensor out) {
        System.arraycopy(values.contiguous().data(), values.contiguous().offset(), out.data(), out.offset(), out.size());
    }

    /** The target as the function takes it. */
    Tensor target(OperationCall call) {
        return call.input(1).contiguous();
    }

    @Override
    final Tensor ofRows(Tensor p, Tensor target) {
        return new PerRow(this).apply(p, target);
    }

    @Override
    final Tensor mean(Call call) {
        Mean mean = new Mean(this, call);
        return call.inputCount() == 2 ? mean.apply(call.input(0), call.input(1)) : mean.apply(call.inputs().toArray(Tensor[]::new));
    }

    /**
     * Multiplies the rows of each example by the example's weight, if there are weights; sets them to 0 where a step is masked.
     */
    private void weigh(OperationCall call, Tensor rows) {
        int examples = examples(call.input(0));
        if (call.inputCount() > 2) {
            Tensor weights = requireWeights(call.input(0), call.input(2), call.inputCount(), examples);
            if (rows.size() > 0) {
                MatrixView groups = new MatrixView(rows.data(), rows.offset(), weights.size(), rows.size() / weights.size());
                Backend.elements().zipRows(BinaryOp.MULTIPLY, groups, weights.block(), groups);
            }
        }
        int columns = examples == 0 ? 0 : rows.size() / examples;
        for (int i = 0; call.input(0).mask().isPresent() && i < examples; i++) {
            if (isMasked(call.input(0), i)) {
                Arrays.fill(rows.data(), rows.offset() + i * columns, rows.offset() + (i + 1) * columns, 0f);
            }
        }
    }

    private Tensor composed(OperationCall call) {
        return super.ofRows(call.input(0), target(call));
    }

    /** The loss of each example, without weights. */
    private record PerRow(FusedLoss loss) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor losses = call.allocate(examples(call.input(0)), 1);
            loss.perExample(call, losses);
            return losses;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            throw new UnsupportedOperationException("Losses of examples have no gradient; their mean has one");
        }
    }

    /** The mean over the batch of the losses times their weights, if there is a third input; it is also that of the gradient. */
    private record Mean(FusedLoss loss, Call ofLoss) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor losses = call.allocate(examples(call.input(0)), 1);
            loss.perExample(call, losses);
            loss.weigh(call, losses);
            call.save(losses);
            ofLoss.save(losses);
            Tensor mean = call.allocate(NUMBER);
            Backend.sums().reduceRows(BinaryOp.ADD, losses.asRow(), mean.block());
            mean.data()[mean.offset()] /= loss.divisor(call.input(0), call.input(1), losses);
            return mean;
        }

        /** None to the target and to weights, which are constants. */
        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            if (i > 0) {
                return null;
            }
            Tensor out = call.allocate(call.input(0).shape());
            loss.gradient(call, upstream.item() / loss.divisor(call.input(0), call.input(1), call.saved()), out);
            loss.weigh(call, out);
            return out;
        }

        @Override
        public Tensor composition(OperationCall call) {
            return loss.mean(call.inputs(), loss.weighted(call.inputs(), loss.composed(call)));
        }
    }
}
