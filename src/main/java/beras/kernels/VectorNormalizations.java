package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/** {@link Normalizations} with SIMD. */
final class VectorNormalizations extends ScalarNormalizations {

    VectorNormalizations() {
        super(new VectorSums(), new VectorElements(), new VectorRowLoops());
    }

    @Override
    void addProducts(int rows, float[] a, int aOffset, int aStride, float[] aShift, int aShiftOffset, float[] b, int bOffset,
            int bStride, float[] bShift, int bShiftOffset, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += COUNT) {
            addProductsOfVector(rows, a, aOffset + i, aStride, aShift, aShiftOffset + i, b, bOffset + i, bStride, bShift,
                    bShiftOffset + i, out, outOffset + i);
        }
        super.addProducts(rows, a, aOffset + bound, aStride, aShift, aShiftOffset + bound, b, bOffset + bound, bStride, bShift,
                bShiftOffset + bound, out, outOffset + bound, n - bound);
    }

    /** The sum stays in a register: in memory it would wait for the store of the previous row. */
    private static void addProductsOfVector(int rows, float[] a, int aOffset, int aStride, float[] aShift, int aShiftOffset,
            float[] b, int bOffset, int bStride, float[] bShift, int bShiftOffset, float[] out, int outOffset) {
        if (rows == 0) { // as the warm-up calls it most
            return;
        }
        FloatVector ofA = fromArray(FLOATS, aShift, aShiftOffset);
        FloatVector ofB = fromArray(FLOATS, bShift, bShiftOffset);
        FloatVector sum = fromArray(FLOATS, out, outOffset);
        for (int r = 0; r < rows; r++) {
            FloatVector ai = fromArray(FLOATS, a, aOffset + r * aStride).sub(ofA);
            sum = ai.fma(fromArray(FLOATS, b, bOffset + r * bStride).sub(ofB), sum);
        }
        sum.intoArray(out, outOffset);
    }
}
