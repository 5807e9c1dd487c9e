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

    /** Few channels: along the rows of an image. */
    @Override
    void max(Window w, MatrixView x, MatrixView y, MatrixView taps, int from, int to) {
        if (x.cols >= COUNT || !w.isWithin()) {
            super.max(w, x, y, taps, from, to);
            return;
        }
        for (int position = from; position < to; ) {
            int j = position % w.outWidth();
            int n = Math.min(w.outWidth() - j, to - position);
            int row = position / w.positions() * w.height() + position % w.positions() / w.outWidth() * w.strideHeight();
            maxOfRow(w, x, row * w.width() + j * w.strideWidth(), n, y, taps, position);
            position += n;
        }
    }

    /** Some positions in a row: the largest of each column of taps, and then the largest of these. */
    private static void maxOfRow(Window w, MatrixView x, int pixel, int positions, MatrixView y, MatrixView taps, int position) {
        int n = ((positions - 1) * w.strideWidth() + w.kernelWidth()) * x.cols;
        float[] largest = Scratch.panel(n);
        float[] rows = Scratch.floats(n);
        System.arraycopy(x.data, x.row(pixel), largest, 0, n);
        Arrays.fill(rows, 0, n, 0f);
        int bound = FLOATS.loopBound(n);
        for (int r = 1; r < w.kernelHeight(); r++) {
            int at = x.row(pixel + r * w.width());
            larger(x.data, at, r, largest, 0, rows, 0, bound);
            for (int i = bound; i < n; i++) {
                float value = x.data[at + i];
                if (value > largest[i] || Float.isNaN(value)) {
                    largest[i] = value;
                    rows[i] = r;
                }
            }
        }
        for (int p = 0; p < positions; p++) {
            largestColumn(w.kernelWidth(), x.cols, largest, rows, p * w.strideWidth() * x.cols, y.data, y.row(position + p), taps.data,
                    taps.row(position + p));
        }
    }

    /** Columns are reduced after the rows, so taps are compared explicitly: the first among equal pixels, the last among NaN. */
    private static void largestColumn(int cols, int n, float[] values, float[] rows, int at, float[] y, int yOffset, float[] taps,
            int tapsOffset) {
        for (int i = 0; i < n; i++) {
            float largest = values[at + i];
            int tap = (int) rows[at + i] * cols;
            for (int c = 1; c < cols; c++) {
                float value = values[at + c * n + i];
                int its = (int) rows[at + c * n + i] * cols + c;
                if (value > largest || value == largest && its < tap || Float.isNaN(value) && (its > tap || !Float.isNaN(largest))) {
                    largest = value;
                    tap = its;
                }
            }
            y[yOffset + i] = largest;
            taps[tapsOffset + i] = tap;
        }
    }

    /** Tap by tap: vectors that are live across nested loops would be boxed. */
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

    /** Updates the maxima and their taps, in whole vectors. */
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
