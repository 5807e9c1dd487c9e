package beras.autograd;

import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.UnaryOp;
import beras.tensor.Operation;
import beras.tensor.Tensor;

/**
 * {@code op(x · w + b)} over the last axis of x: {@code (..., k)}, {@code (k, n)} and, unless there is no third input, {@code (1, n)}
 * give {@code (..., n)}.
 *
 * @param op    whose derivative follows from its output
 * @param alpha its parameter, where it has one
 */
@SuppressWarnings("exports") // for the layers of this module
public record Affine(UnaryOp op, float alpha) implements LinearOperation {

    /** Whether there is no function of the sum. */
    boolean isLinear() {
        return op == UnaryOp.LINEAR;
    }

    @Override
    public Tensor compute(OperationCall call) {
        Tensor x = call.input(0).contiguous();
        Tensor w = call.input(1);
        int units = w.dim(1);
        Tensor y = x.rank() == 2 ? call.allocate(x.dim(0), units) : call.allocate(x.shape().with(x.rank() - 1, units));
        Backend.products().dense(op, alpha, x.block(), w.block(), call.inputCount() == 2 ? null : call.input(2).block(), y.block());
        return y;
    }

    @Override
    public void gradient(OperationCall call, int i, Tensor upstream, Tensor out) {
        if (i == 0) {
            Backend.products().gemm(false, true, upstream.block(), call.input(1).block(), out.block());
        } else {
            Backend.products().gemm(true, false, call.input(0).contiguous().block(), upstream.block(), out.block());
        }
    }

    @Override
    public Tensor product(OperationCall call) {
        return call.input(0).matmul(call.input(1));
    }

    /** The function of each element. */
    public static Tensor of(UnaryOp op, float alpha, Tensor x) {
        return op == UnaryOp.LINEAR ? x : new Operation.Unary(op, alpha).apply(x);
    }

    /** The gradient to a bias, input {@code i}: the sums over all rows of the upstream. */
    public static Tensor columnSums(OperationCall call, int i, Tensor upstream) {
        Tensor sums = call.allocate(call.input(i).shape());
        Backend.sums().reduceColumns(BinaryOp.ADD, upstream.block(), sums.block());
        return sums;
    }

    /**
     * The gradient to the argument of a final function. The derivative is computed from the output alone: the argument is not
     * kept. (LeakyReLU of a subnormal may round to 0, and has the derivative of 0 then.)
     */
    public static Tensor ofArgument(OperationCall call, UnaryOp op, float alpha, Tensor upstream) {
        if (op == UnaryOp.LINEAR) {
            return upstream;
        }
        Tensor known = call.cached(upstream);
        if (known != null) {
            return known;
        }
        Tensor out = call.allocate(upstream.shape());
        Backend.elements().mapGradient(op, alpha, call.output().block(), call.output().block(), upstream.block(), out.block());
        return call.cache(upstream, out);
    }
}
