package beras.tensor;

import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;

/** Elementwise operations on two tensors whose shapes broadcast, without copies of either. */
final class Broadcasting {

    static Tensor zip(Memory memory, BinaryOp op, Tensor a, Tensor b) {
        Shape shape = a.shape().broadcast(b.shape());
        Tensor out = memory.allocate(shape);
        if (out.size() == 0) {
            return out;
        }
        if (isWhole(a, out) && isWhole(b, out)) {
            Backend.elements().zip(op, a.block(), b.block(), out.block());
        } else {
            zip(op, a, b, out);
        }
        return out;
    }

    /** Whether a tensor is contiguous, with an element for each of the output, or a single number. */
    private static boolean isWhole(Tensor t, Tensor out) {
        return t.isContiguous() && (t.size() == 1 || t.size() == out.size());
    }

    /**
     * Merges neighbouring axes with a common stride in both tensors: mostly two remain, rows and columns, for the kernel. This
     * method loops over further leading axes.
     */
    private static void zip(BinaryOp op, Tensor a, Tensor b, Tensor out) {
        int rank = out.rank();
        int[] aSteps = a.broadcastView(out.shape()).strides();
        int[] bSteps = b.broadcastView(out.shape()).strides();
        int[] sizes = out.shape().toArray();
        int used = rank; // the axes from here on are the merged ones
        for (int axis = rank - 1; axis >= 0; axis--) {
            int size = sizes[axis];
            int aStep = aSteps[axis];
            int bStep = bSteps[axis];
            if (size == 1) {
                continue;
            }
            if (used < rank && aStep == aSteps[used] * sizes[used] && bStep == bSteps[used] * sizes[used]) {
                sizes[used] *= size;
            } else {
                used--;
                sizes[used] = size;
                aSteps[used] = aStep;
                bSteps[used] = bStep;
            }
        }
        int cols = used < rank ? sizes[rank - 1] : 1;
        int rows = used < rank - 1 ? sizes[rank - 2] : 1;
        int aCol = used < rank ? aSteps[rank - 1] : 0;
        int bCol = used < rank ? bSteps[rank - 1] : 0;
        int aRow = used < rank - 1 ? aSteps[rank - 2] : 0;
        int bRow = used < rank - 1 ? bSteps[rank - 2] : 0;
        int[] index = new int[rank];
        for (int done = 0; done < out.size(); done += rows * cols) {
            int aAt = a.offset();
            int bAt = b.offset();
            for (int axis = used; axis < rank - 2; axis++) {
                aAt += index[axis] * aSteps[axis];
                bAt += index[axis] * bSteps[axis];
            }
            Backend.elements().zip(op, a.data(), aAt, aRow, aCol, b.data(), bAt, bRow, bCol,
                    new MatrixView(out.data(), out.offset() + done, rows, cols));
            for (int axis = rank - 3; axis >= used && ++index[axis] == sizes[axis]; axis--) {
                index[axis] = 0;
            }
        }
    }

    private Broadcasting() {}
}
