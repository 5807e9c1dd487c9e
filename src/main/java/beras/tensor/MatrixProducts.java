package beras.tensor;

import beras.kernels.Backend;
import beras.kernels.MatrixView;

/** Matrix products over the last two axes of two tensors. Transposed views are multiplied without a copy. */
final class MatrixProducts {

    static Tensor matmul(Memory memory, Tensor a, Tensor b) {
        if (a.rank() < 2 || b.rank() < 2 || a.dim(-1) != b.dim(-2)) {
            throw new IllegalArgumentException("matmul needs shapes (..., m, k) and (..., k, n). Received: " + a.shape() + " and "
                    + b.shape());
        }
        Shape front = front(a).broadcast(front(b));
        Tensor out = memory.allocate(front.append(a.dim(-2), b.dim(-1)));
        if (out.size() == 0) {
            return out;
        }
        if (b.rank() == 2) { // one product, for any leading axes
            int rows = out.size() / out.dim(-1);
            multiply(memory, asMatrix(memory, a, rows), b, asMatrix(memory, out, rows));
            return out;
        }
        Tensor as = a.broadcastView(front.append(a.dim(-2), a.dim(-1)));
        Tensor bs = b.broadcastView(front.append(b.dim(-2), b.dim(-1)));
        int[] index = new int[front.rank()];
        for (int i = 0; i < front.size(); i++) {
            multiply(memory, as.matrixAt(index), bs.matrixAt(index), out.matrixAt(index));
            front.next(index);
        }
        return out;
    }

    /** All axes but the last two. */
    static Shape front(Tensor t) {
        return t.shape().without(t.rank() - 1).without(t.rank() - 2);
    }

    private static Tensor asMatrix(Memory memory, Tensor t, int rows) {
        return t.rank() == 2 ? t : t.reshapedView(memory, Shape.of(rows, t.dim(-1)));
    }

    private static void multiply(Memory memory, Tensor a, Tensor b, Tensor out) {
        Tensor x = plain(memory, a);
        Tensor y = plain(memory, b);
        Backend.products().gemm(isTransposed(x), isTransposed(y), stored(x), stored(y), stored(out));
    }

    /** This matrix, or a copy of it if it has no axis of stride 1 or overlapping rows. */
    private static Tensor plain(Memory memory, Tensor matrix) {
        return isOfRows(matrix) || isOfColumns(matrix) ? matrix : matrix.contiguousValues(memory);
    }

    private static boolean isOfRows(Tensor matrix) {
        return matrix.stride(1) == 1 && matrix.stride(0) >= matrix.dim(1);
    }

    private static boolean isOfColumns(Tensor matrix) {
        return matrix.stride(0) == 1 && matrix.stride(1) >= matrix.dim(0);
    }

    private static boolean isTransposed(Tensor matrix) {
        return !isOfRows(matrix) && !matrix.isContiguous();
    }

    /** The rows as they are stored: the columns, if the matrix is transposed. */
    private static MatrixView stored(Tensor m) {
        if (m.isContiguous()) {
            return m.size() == 0 ? new MatrixView(m.data(), 0, m.dim(0), m.dim(1)) : m.block();
        }
        return isTransposed(m) ? new MatrixView(m.data(), m.offset(), m.dim(1), m.dim(0), m.stride(1))
                : new MatrixView(m.data(), m.offset(), m.dim(0), m.dim(1), m.stride(0));
    }

    private MatrixProducts() {}
}
