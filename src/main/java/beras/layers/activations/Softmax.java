package beras.layers.activations;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Softmax over the last axis: {@code y = exp(x - max(x)) / sum(exp(x - max(x)))}, for inputs of any rank from 1.
 *
 * <p>A cross-entropy loss called on the output under the same tape is computed from this layer's input (the logits), which
 * is more exact and cannot overflow.
 */
public final class Softmax extends Layer {

    @Override
    public Shape outputShape(Shape input) {
        requireAxis("Softmax", input);
        return input;
    }

    /** From 0 to 1, and 1 together; of one unit always 1. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return new OutputRange(isOfOneUnit(builtFor()) ? 1 : 0, 1, false, Optional.of(this));
    }

    static boolean isOfOneUnit(List<Shape> inputs) {
        return inputs != null && inputs.get(0).rank() > 0 && inputs.get(0).dim(-1) == 1;
    }

    static void requireAxis(String who, Shape shape) {
        if (shape.rank() == 0) {
            throw new IllegalArgumentException(who + " needs at least one axis. Received shape: " + shape);
        }
    }

    /** That of the input, if it works on each step by itself. */
    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        return inputs[0].mask();
    }

    @Override
    protected Tensor compute(Call call) {
        requireAxis("Softmax", call.input(0).shape());
        return Rows.SOFTMAX.apply(call.input(0));
    }

    /** The softmax of each row, or its logarithm. */
    record Rows(boolean logarithm) implements FusedOperation {

        static final Rows SOFTMAX = new Rows(false);
        static final Rows LOG_SOFTMAX = new Rows(true);

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            int cols = x.dim(-1);
            Tensor y = call.allocate(x.shape());
            if (logarithm) {
                Backend.softmaxes().logSoftmax(x.block(), y.block());
                return y;
            }
            Tensor logSumExp = call.allocate(cols == 0 ? 0 : x.size() / cols, 1); // for a cross-entropy of the result
            Backend.softmaxes().softmax(x.block(), y.block(), logSumExp.block());
            call.save(logSumExp);
            return y;
        }

        /** {@code y * (upstream - sum(upstream * y))}; of the logarithm {@code upstream - exp(y) * sum(upstream)}. */
        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            Tensor out = call.allocate(upstream.shape());
            if (logarithm) {
                Backend.softmaxes().logSoftmaxGradient(call.output().block(), upstream.block(), out.block());
            } else {
                Backend.softmaxes().softmaxGradient(call.output().block(), upstream.block(), out.block());
            }
            return out;
        }

        @Override
        public Tensor composition(OperationCall call) {
            return logarithm ? call.input(0).logSoftmax(-1) : call.input(0).softmax(-1);
        }

        @Override
        public boolean isFusable() {
            return !logarithm;
        }
    }
}
