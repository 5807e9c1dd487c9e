package beras.tensor;

import beras.kernels.MatrixView;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** Operations along one axis, on a tensor viewed as (outer, axis, inner). */
final class AlongAxis {

    private static final int MOST_INDICES = 1 << 24;

    /** Applies a kernel of rows along any axis. */
    static Tensor compute(Memory memory, Tensor input, int axis, BiConsumer<MatrixView, MatrixView> kernel) {
        int last = input.rank() - 1;
        int[] swapped = new int[input.rank()];
        for (int i = 0; i < swapped.length; i++) {
            swapped[i] = i == axis ? last : i == last ? axis : i;
        }
        Tensor in = (axis == last ? input : input.transposedView(swapped)).contiguousValues(memory);
        Tensor out = memory.allocate(in.shape());
        if (out.size() > 0) {
            kernel.accept(in.block(), out.block());
        }
        return axis == last ? out : out.transposedView(swapped).contiguousValues(memory);
    }

    /** Copies all of {@code in} to {@code out} from position {@code at} of the axis on. */
    static void copy(Tensor in, Tensor out, int axis, int at) {
        int inner = inner(in.shape(), axis);
        int block = in.dim(axis) * inner;
        int outBlock = out.dim(axis) * inner;
        int outer = block == 0 ? 0 : in.size() / block;
        for (int i = 0; i < outer; i++) {
            System.arraycopy(in.data(), in.offset() + i * block, out.data(), out.offset() + i * outBlock + at * inner, block);
        }
    }

    static Tensor gather(Memory memory, Tensor in, int axis, int[] indices) {
        Tensor out = memory.allocate(in.shape().with(axis, indices.length));
        requireIndices(indices, in.dim(axis), in.shape());
        int inner = inner(in.shape(), axis);
        int outer = outer(in, axis);
        int at = out.offset();
        for (int i = 0; i < outer; i++) {
            int block = in.offset() + i * in.dim(axis) * inner;
            for (int index : indices) {
                if (inner == 1) {
                    out.data()[at] = in.data()[block + index];
                } else {
                    System.arraycopy(in.data(), block + index * inner, out.data(), at, inner);
                }
                at += inner;
            }
        }
        return out;
    }

    static Tensor scatterAdd(Memory memory, Tensor in, int axis, int size, int[] indices) {
        Tensor out = memory.allocate(in.shape().with(axis, size));
        out.fillWithZeros();
        requireIndices(indices, size, out.shape());
        int inner = inner(in.shape(), axis);
        int outer = outer(in, axis);
        int at = in.offset();
        for (int i = 0; i < outer; i++) {
            int block = out.offset() + i * size * inner;
            for (int index : indices) {
                int to = block + index * inner;
                for (int j = 0; j < inner; j++) {
                    out.data()[to + j] += in.data()[at + j];
                }
                at += inner;
            }
        }
        return out;
    }

    /** Where in row-major order of a shape the elements at indices along an axis are, {@code count} of which there are for each other. */
    static int[] positions(Shape shape, int axis, int[] indices, int count) {
        requireIndices(indices, shape.dim(axis), shape);
        int inner = inner(shape, axis);
        int[] positions = new int[indices.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = (i / inner / count * shape.dim(axis) + indices[i]) * inner + i % inner;
        }
        return positions;
    }

    /** The indices that sort an axis, NaN as the largest; the sort is stable. */
    static Tensor order(Tensor input, int axis, boolean decreasing) {
        if (input.dim(axis) > MOST_INDICES) {
            throw new IllegalArgumentException("An axis to be sorted has at most 2^24 elements, as indices are floats. Received: shape "
                    + input.shape() + ", axis " + axis);
        }
        long[] keys = new long[input.dim(axis)];
        return compute(Memory.FRESH, input, axis, (x, y) -> {
            for (int first = 0; first < input.size(); first += keys.length) {
                for (int i = 0; i < keys.length; i++) {
                    int bits = Float.floatToIntBits(x.get(first + i) + 0f); // the bits of 0 for -0
                    int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
                    keys[i] = (long) (decreasing ? ~ordered : ordered) << 32 | i;
                }
                Arrays.sort(keys);
                for (int i = 0; i < keys.length; i++) {
                    y.set(first + i, (int) keys[i]);
                }
            }
        });
    }

    private static void requireIndices(int[] indices, int size, Shape shape) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= size) {
                throw new IndexOutOfBoundsException("Index " + i + " must be from 0 to " + (size - 1) + " along an axis of size "
                        + size + ". Received: " + indices[i] + ", shape " + shape);
            }
        }
    }

    private static int outer(Tensor t, int axis) {
        int outer = 1;
        for (int i = 0; i < axis; i++) {
            outer *= t.dim(i);
        }
        return outer;
    }

    private static int inner(Shape shape, int axis) {
        int inner = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            inner *= shape.dim(i);
        }
        return inner;
    }

    private AlongAxis() {}
}
