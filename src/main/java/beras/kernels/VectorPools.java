package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Pools} with SIMD: the loops that the compiler leaves with a branch for each float. */
final class VectorPools extends ScalarPools {

    /** Tap by tap: vectors that live through nested loops would go to the heap. */
    @Override
    void largest(float[] x, int xOffset, int rows, int rowStep, int cols, int n, int tap, int tapStep, float[] y, int yOffset,
            float[] taps, int tapsOffset) {
        int bound = FLOATS.loopBound(n);
        System.arraycopy(x, xOffset, y, yOffset, bound);
        Arrays.fill(taps, tapsOffset, tapsOffset + bound, tap);
        for (int r = 0; r < rows; r++) {
            for (int c = r == 0 ? 1 : 0; c < cols; c++) {
                larger(x, xOffset + r * rowStep + c * n, tap + r * tapStep + c, y, yOffset, taps, tapsOffset, bound);
            }
        }
        largestFrom(bound, x, xOffset, rows, rowStep, cols, n, tap, tapStep, y, yOffset, taps, tapsOffset);
    }

    /** Takes what is larger than the largest so far, and its tap, in whole vectors. */
    private static void larger(float[] x, int xOffset, float tap, float[] y, int yOffset, float[] taps, int tapsOffset, int n) {
        FloatVector thisTap = broadcast(FLOATS, tap);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector value = fromArray(FLOATS, x, xOffset + i);
            FloatVector largest = fromArray(FLOATS, y, yOffset + i);
            VectorMask<Float> larger = value.compare(VectorOperators.GT, largest);
            VectorMask<Float> nan = value.compare(VectorOperators.NE, value);
            largest.blend(value, larger).blend(value, nan).intoArray(y, yOffset + i);
            fromArray(FLOATS, taps, tapsOffset + i).blend(thisTap, larger).blend(thisTap, nan).intoArray(taps, tapsOffset + i);
        }
    }

    @Override
    void addChosen(boolean first, float[] upstream, int upstreamOffset, float[] taps, int tapsOffset, float tap, float[] out,
            int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector thisTap = broadcast(FLOATS, tap);
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; first && i < bound; i += COUNT) {
            chosen(upstream, upstreamOffset + i, taps, tapsOffset + i, thisTap, zero).add(zero).intoArray(out, outOffset + i);
        }
        for (int i = 0; !first && i < bound; i += COUNT) {
            chosen(upstream, upstreamOffset + i, taps, tapsOffset + i, thisTap, zero).add(fromArray(FLOATS, out, outOffset + i))
                    .intoArray(out, outOffset + i);
        }
        super.addChosen(first, upstream, upstreamOffset + bound, taps, tapsOffset + bound, tap, out, outOffset + bound, n - bound);
    }

    private static FloatVector chosen(float[] upstream, int upstreamOffset, float[] taps, int tapsOffset, FloatVector tap,
            FloatVector zero) {
        return zero.blend(fromArray(FLOATS, upstream, upstreamOffset),
                fromArray(FLOATS, taps, tapsOffset).compare(VectorOperators.EQ, tap));
    }
}
