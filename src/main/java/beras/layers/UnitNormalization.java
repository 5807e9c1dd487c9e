package beras.layers;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Gives the features of each example, the last axis, the Euclidean norm 1: {@code y = x / max(|x|, 1e-12)}, for inputs of any
 * rank from 1.
 */
public final class UnitNormalization extends Layer implements KeepsSteps {

    private static final float SMALLEST_SQUARE = 1e-24f; // of a norm

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() == 0) {
            throw new IllegalArgumentException("UnitNormalization needs at least one axis. Received shape: " + input);
        }
        return input;
    }

    /** From -1 to 1; from 0 on if the inputs are. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return new OutputRange(inputs.get(0).min() >= 0 ? 0 : -1, 1, false, Optional.of(this));
    }

    @Override
    protected Tensor compute(Call call) {
        outputShape(example(call.input(0)));
        return new Rows(false, SMALLEST_SQUARE).apply(call.input(0));
    }

    /**
     * Each row over its norm, or over the root of the mean of its squares.
     *
     * @param ofMean  whether it is the mean of the squares, to which {@code epsilon} is added
     * @param epsilon else the smallest sum of squares
     */
    record Rows(boolean ofMean, float epsilon) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor inverse = sumsOfProducts(call, x, x);
            for (int i = inverse.offset(); i < inverse.offset() + inverse.size(); i++) {
                float sum = inverse.data()[i];
                inverse.data()[i] = (float) (1 / Math.sqrt(ofMean ? sum / x.dim(-1) + epsilon : Math.max(sum, epsilon)));
            }
            call.save(inverse);
            Tensor y = call.allocate(x.shape());
            Backend.elements().zipRows(BinaryOp.MULTIPLY, x.block(), inverse.block(), y.block());
            return y;
        }

        /** {@code (upstream - y * sum(upstream * y)) / |x|}, or with the mean in place of the sum. */
        @Override
        public Tensor gradient(OperationCall call, int number, Tensor upstream) {
            Tensor y = call.output();
            Tensor inverse = call.saved();
            Tensor sums = sumsOfProducts(call, upstream, y);
            for (int i = 0; i < sums.size(); i++) {
                boolean isConstant = !ofMean && inverse.data()[inverse.offset() + i] >= (float) (1 / Math.sqrt(epsilon)); // too small
                sums.data()[sums.offset() + i] *= isConstant ? 0f : 1f;
                sums.data()[sums.offset() + i] /= ofMean ? y.dim(-1) : 1f;
            }
            Tensor out = call.allocate(y.shape());
            Backend.elements().zipRows(BinaryOp.MULTIPLY, y.block(), sums.block(), out.block());
            Backend.elements().zip(BinaryOp.SUBTRACT, upstream.block(), out.block(), out.block());
            Backend.elements().zipRows(BinaryOp.MULTIPLY, out.block(), inverse.block(), out.block());
            return out;
        }

        /** The sum of {@code a * b} over each row. */
        private static Tensor sumsOfProducts(OperationCall call, Tensor a, Tensor b) {
            int features = a.dim(-1);
            Tensor products = call.allocate(a.shape());
            Backend.elements().zip(BinaryOp.MULTIPLY, a.block(), b.block(), products.block());
            Tensor sums = call.allocate(features == 0 ? 0 : a.size() / features, 1);
            Backend.sums().reduceRows(BinaryOp.ADD, products.block(), sums.block());
            return sums;
        }

        @Override
        public Tensor composition(OperationCall call) {
            Tensor squares = call.input(0).square();
            Tensor norms = ofMean ? squares.mean(-1).add(epsilon) : squares.sum(-1).maximum(epsilon);
            return call.input(0).divide(norms.sqrt().expandDims(-1));
        }
    }
}
