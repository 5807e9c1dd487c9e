package beras.tensor;

import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.kernels.Sums;
import beras.kernels.UnaryOp;
import java.util.Arrays;
import java.util.List;

/**
 * A primitive operation of {@link Tensor} with its settings: one record for each kind. All other methods of {@code Tensor} are
 * composed of these, so a tape that differentiates them differentiates every formula.
 *
 * <p>Axes are numbers from 0. A result is row-major, except for the views {@link Transpose}, {@link BroadcastTo}, {@link Slice},
 * {@link Reshape} and {@link StopGradient}, which share the buffer of their input.
 */
public interface Operation {

    /** The result, in this memory unless it is a view or a {@link Copy}; no tape records it. */
    Tensor compute(Memory memory, Tensor... inputs);

    /** The result; an open tape records it. */
    default Tensor apply(Tensor... inputs) {
        return Recorder.apply(this, inputs);
    }

    /** The number of multiply-adds that computed {@code output}; by default none. */
    default long multiplyAdds(Tensor output, List<Tensor> inputs) {
        return 0;
    }

    /** The name of the elementwise function or reduction, such as {@code MULTIPLY}; else the kind of the operation. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** An elementwise function. */
    @SuppressWarnings("exports") // for the tape and the formats of this module, as the next
    record Unary(UnaryOp op, float alpha) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            Tensor in = inputs[0].contiguousValues(memory);
            Tensor out = memory.allocate(in.shape());
            Backend.elements().map(op, alpha, in.block(), out.block());
            return out;
        }

        @Override
        public String name() {
            return op.name();
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** An elementwise function of two tensors, broadcast. */
    @SuppressWarnings("exports")
    record Binary(BinaryOp op) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return Broadcasting.zip(memory, op, inputs[0], inputs[1]);
        }

        @Override
        public String name() {
            return op.name();
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** Clips elements to {@code min} and {@code max}; NaN stays NaN. */
    record Clip(double min, double max) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            Tensor in = inputs[0].contiguousValues(memory);
            Tensor out = memory.allocate(in.shape());
            Backend.elements().clip(in.block(), (float) min, (float) max, out.block());
            return out;
        }
    }

    /** The second input where the first is not 0, else the third; broadcast. */
    record Where() implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            Shape shape = inputs[0].shape().broadcast(inputs[1].shape()).broadcast(inputs[2].shape());
            Tensor out = memory.allocate(shape);
            Backend.elements().select(values(memory, inputs[0], shape), values(memory, inputs[1], shape),
                    values(memory, inputs[2], shape), out.block());
            return out;
        }

        private static MatrixView values(Memory memory, Tensor input, Shape shape) {
            return input.broadcastView(shape).contiguousValues(memory).block();
        }
    }

    /** Reductions of {@link Reduce}. */
    enum Reduction {
        /** Their sum, in the order of {@link Sums}. */
        SUM(BinaryOp.ADD),
        /** The largest; NaN if one is NaN. */
        MAX(BinaryOp.MAXIMUM),
        /** The smallest; NaN if one is NaN. */
        MIN(BinaryOp.MINIMUM),
        /** Their product, from the first on. */
        PRODUCT(BinaryOp.MULTIPLY),
        /** The root of the sum of their squares. */
        NORM(BinaryOp.ADD);

        private final BinaryOp op;

        Reduction(BinaryOp op) {
            this.op = op;
        }
    }

    /** A reduction along some axes, at least one, in increasing order, which are removed. */
    record Reduce(Reduction reduction, int... axes) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            Tensor in = inputs[0].contiguousValues(memory);
            return switch (reduction) {
                case NORM -> new Unary(UnaryOp.SQRT, 0f).compute(memory,
                        new Reduce(Reduction.SUM, axes).compute(memory, new Unary(UnaryOp.SQUARE, 0f).compute(memory, in)));
                default -> reduce(memory, in);
            };
        }

        /** Neighbouring axes at once, the last first. */
        private Tensor reduce(Memory memory, Tensor in) {
            if (axes.length == in.rank()) {
                return reduce(memory, in, 1, in.size(), 1, Shape.of());
            }
            Tensor result = in;
            for (int last = axes.length - 1; last >= 0;) {
                int first = last;
                while (first > 0 && axes[first - 1] == axes[first] - 1) {
                    first--;
                }
                result = reduce(memory, result, axes[first], axes[last]);
                last = first - 1;
            }
            return result;
        }

        private Tensor reduce(Memory memory, Tensor in, int first, int last) {
            int outer = 1;
            int length = 1;
            int inner = 1;
            Shape rest = in.shape();
            for (int axis = in.rank() - 1; axis >= 0; axis--) {
                int n = in.dim(axis);
                if (axis < first) {
                    outer *= n;
                } else if (axis > last) {
                    inner *= n;
                } else {
                    length *= n;
                    rest = rest.without(axis);
                }
            }
            return reduce(memory, in, outer, length, inner, rest);
        }

        private Tensor reduce(Memory memory, Tensor in, int outer, int length, int inner, Shape rest) {
            Tensor out = memory.allocate(rest);
            if (inner == 1) {
                Backend.sums().reduceRows(reduction.op, new MatrixView(in.data(), in.offset(), outer, length), out.asRow());
                return out;
            }
            for (int i = 0; i < outer; i++) {
                Backend.sums().reduceColumns(reduction.op, new MatrixView(in.data(), in.offset() + i * length * inner, length, inner),
                        new MatrixView(out.data(), out.offset() + i * inner, 1, inner));
            }
            return out;
        }

        @Override
        public String name() {
            return reduction.name();
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** Softmax along an axis, or its logarithm. */
    record Softmax(int axis, boolean logarithm) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return AlongAxis.compute(memory, inputs[0], axis, logarithm ? (x, y) -> Backend.softmaxes().logSoftmax(x, y)
                    : (x, y) -> Backend.softmaxes().softmax(x, y, null));
        }

        @Override
        public String toString() {
            return logarithm ? "LOG_SOFTMAX" : "SOFTMAX";
        }
    }

    /** The cumulative sums along an axis; reversed: from the last element. */
    record CumulativeSum(int axis, boolean reversed) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return AlongAxis.compute(memory, inputs[0], axis, (x, y) -> Backend.sums().cumulativeSums(x, reversed, y));
        }
    }

    /** Matrix products over the last two axes; leading axes are broadcast. */
    record MatMul() implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return MatrixProducts.matmul(memory, inputs[0], inputs[1]);
        }

        @Override
        public long multiplyAdds(Tensor output, List<Tensor> inputs) {
            return (long) output.size() * inputs.get(0).dim(-1);
        }
    }

    /** The solutions {@code x} of {@code a.matmul(x) = b}, of matrices in the last two axes; leading axes are broadcast. */
    record Solve() implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return LinearSystems.solve(memory, inputs[0], inputs[1]);
        }
    }

    /** The same elements, in row-major order, under another shape of that size. */
    record Reshape(Shape shape) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return inputs[0].reshapedView(memory, shape);
        }
    }

    /** Axis {@code i} of the result is the input's axis {@code axes[i]}. */
    record Transpose(int... axes) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return inputs[0].transposedView(axes);
        }
    }

    /** The input repeated along axes of size 1 or missing leading axes. */
    record BroadcastTo(Shape shape) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return inputs[0].broadcastView(shape);
        }
    }

    /** The part of an axis {@code from} (inclusive) {@code to} (exclusive). */
    record Slice(int axis, int from, int to) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return inputs[0].slicedView(axis, from, to);
        }
    }

    /** A row-major copy. */
    record Copy() implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return Tensor.wrap(inputs[0].toArray(), inputs[0].shape());
        }
    }

    /** A view of the input without a gradient: a tape does not differentiate it. */
    record StopGradient() implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return inputs[0].view();
        }
    }

    /** Pads an axis with zeros before and after its elements. */
    record Pad(int axis, int before, int after) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            Tensor in = inputs[0].contiguousValues(memory);
            Tensor out = memory.allocate(in.shape().with(axis, Math.addExact(Math.addExact(before, in.dim(axis)), after)));
            out.fillWithZeros();
            AlongAxis.copy(in, out, axis, before);
            return out;
        }
    }

    /** Concatenates inputs along an axis. */
    record Concatenate(int axis) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            int size = 0;
            for (Tensor input : inputs) {
                size = Math.addExact(size, input.dim(axis));
            }
            Tensor out = memory.allocate(inputs[0].shape().with(axis, size));
            int from = 0;
            for (Tensor input : inputs) {
                AlongAxis.copy(input.contiguousValues(memory), out, axis, from);
                from += input.dim(axis);
            }
            return out;
        }
    }

    /** The parts of an axis with these indices, in their order. */
    record Gather(int axis, int... indices) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return AlongAxis.gather(memory, inputs[0].contiguousValues(memory), axis, indices);
        }

        @Override
        public String toString() {
            return "Gather[axis=" + axis + ", indices=" + indices.length + "]";
        }
    }

    /** Zeros, of {@code size} along an axis, to which part {@code i} of the input is added at {@code indices[i]}, in order. */
    record ScatterAdd(int axis, int size, int... indices) implements Operation {

        @Override
        public Tensor compute(Memory memory, Tensor... inputs) {
            return AlongAxis.scatterAdd(memory, inputs[0].contiguousValues(memory), axis, size, indices);
        }

        @Override
        public String toString() {
            return "ScatterAdd[axis=" + axis + ", indices=" + indices.length + "]";
        }
    }

    /**
     * The given axes of a tensor, or all if none is given, as numbers from 0 in increasing order; negative axes count from the
     * last.
     */
    static int[] axes(Shape shape, int... named) {
        int[] axes = new int[named.length == 0 ? shape.rank() : named.length];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = named.length == 0 ? i : shape.axis(named[i]);
        }
        Arrays.sort(axes);
        for (int i = 1; i < axes.length; i++) {
            if (axes[i] == axes[i - 1]) {
                throw new IllegalArgumentException("Each axis may be named once. Received: " + Arrays.toString(named));
            }
        }
        return axes;
    }
}
