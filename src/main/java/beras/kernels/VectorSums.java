package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Sums} with SIMD. */
final class VectorSums extends ScalarSums {

    VectorSums() {
        super(new VectorElements());
    }

    @Override
    float blockSum(float[] x, int offset, int n, float[] lanes) {
        if (n < FloatMath.LANES) {
            return super.blockSum(x, offset, n, lanes); // no vector to add, and a vector of zeros might be boxed
        }
        // A vector of fewer than 16 lanes takes the row in several passes, each for its share of the 16 virtual lanes.
        int whole = n - n % FloatMath.LANES;
        for (int lane = 0; lane < FloatMath.LANES; lane += COUNT) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += FloatMath.LANES) {
                sum = fromArray(FLOATS, x, offset + i).add(sum);
            }
            sum.intoArray(lanes, lane);
        }
        for (int i = whole; i < n; i++) {
            lanes[i - whole] += x[offset + i];
        }
        return FloatMath.foldSum(lanes);
    }

    @Override
    void addRows(int rows, float[] x, int xOffset, int stride, float[] out, int outOffset, int n) {
        int bound = n - n % (2 * COUNT);
        for (int i = 0; i < bound; i += 2 * COUNT) {
            addRowsOfTwoVectors(rows, x, xOffset + i, stride, out, outOffset + i);
        }
        super.addRows(rows, x, xOffset + bound, stride, out, outOffset + bound, n - bound);
    }

    /** The sums stay in registers: in memory they would wait for the store of the previous row. */
    private static void addRowsOfTwoVectors(int rows, float[] x, int xOffset, int stride, float[] out, int outOffset) {
        if (rows == 0) { // as the warm-up calls it most
            return;
        }
        FloatVector s = fromArray(FLOATS, out, outOffset);
        FloatVector t = fromArray(FLOATS, out, outOffset + COUNT);
        for (int r = 0; r < rows; r++) {
            int at = xOffset + r * stride;
            s = fromArray(FLOATS, x, at).add(s);
            t = fromArray(FLOATS, x, at + COUNT).add(t);
        }
        s.intoArray(out, outOffset);
        t.intoArray(out, outOffset + COUNT);
    }

    @Override
    float signedMaximum(float sign, float[] x, int offset, int n) {
        int bound = FLOATS.loopBound(n);
        if (bound < 2 * COUNT) {
            return super.signedMaximum(sign, x, offset, n);
        }
        FloatVector signs = broadcast(FLOATS, sign);
        FloatVector max = fromArray(FLOATS, x, offset).mul(signs);
        for (int i = COUNT; i < bound; i += COUNT) {
            max = fromArray(FLOATS, x, offset + i).mul(signs).max(max);
        }
        // The largest is the largest in any order, so this reduction is safe.
        return Math.max(max.reduceLanes(VectorOperators.MAX), super.signedMaximum(sign, x, offset + bound, n - bound));
    }

    @Override
    boolean isFinite(MatrixView x, int from, int to) {
        return SparseGemm.isFinite(x.data, x.offset + from, to - from);
    }
}
