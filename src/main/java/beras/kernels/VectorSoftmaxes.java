package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** {@link Softmaxes} in lanes. */
final class VectorSoftmaxes extends ScalarSoftmaxes {

    /**
     * From so many short rows on, they are computed in lanes. Fewer take microseconds in scalar code, which is compiled at once;
     * vector code would hold up the first steps of a training until it is.
     */
    private static final int MANY_ROWS = 1024;
    /** Rows that are transposed at a time, within the first-level cache. */
    private static final int NARROW_ROWS = 128;

    private final ScalarSoftmaxes scalar = Softmaxes.scalar();

    VectorSoftmaxes() {
        super(new VectorSums(), new VectorElements());
    }

    @Override
    void softmax(Block x, Block y, Block logSumExp, int from, int to) {
        int cols = x.cols;
        if (cols > FloatMath.LANES) {
            super.softmax(x, y, logSumExp, from, to);
            return;
        }
        int bound = from;
        if (cols > 0 && to - from >= MANY_ROWS) {
            bound += FLOATS.loopBound(to - from);
        }
        for (int r = from; r < bound; r += NARROW_ROWS) {
            narrowSoftmax(x.data, x.row(r), Math.min(NARROW_ROWS, bound - r), cols, y.data, y.row(r),
                    logSumExp == null ? null : logSumExp.data, logSumExp == null ? 0 : logSumExp.offset + r);
        }
        scalar.softmax(x, y, logSumExp, bound, to);
    }

    /** Softmax of rows so short that a row would leave lanes empty: transposed, so that a lane has a row. */
    private static void narrowSoftmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset, float[] logSumExp,
            int logSumExpOffset) {
        int size = rows * cols;
        int columns = rows * FloatMath.LANES; // those beyond the last are zero
        int sums = columns;
        int maxima = sums + columns / 2;
        float[] e = Scratch.floats(maxima + rows);
        for (int c = 0; c < cols; c++) {
            gather(rows, x, xOffset + c, cols, e, c * rows);
        }
        Arrays.fill(e, size, columns, 0f);
        System.arraycopy(e, 0, e, maxima, rows);
        for (int i = rows; i < size; i += rows) {
            VectorElements.maximum(e, i, e, maxima, e, maxima, rows);
        }
        for (int i = 0; i < size; i += rows) {
            VectorElements.subtract(e, i, e, maxima, e, i, rows);
        }
        VectorMath.exp(e, 0, 0f, e, 0, size);
        VectorElements.add(e, 0, e, columns / 2, e, sums, columns / 2); // the tree of FloatMath.foldSum
        for (int half = columns / 4; half >= rows; half /= 2) {
            VectorElements.add(e, sums, e, sums + half, e, sums, half);
        }
        for (int i = 0; i < size; i += rows) {
            VectorElements.divide(e, i, e, sums, e, i, rows);
        }
        for (int c = 0; c < cols; c++) {
            scatter(rows, e, c * rows, y, yOffset + c, cols);
        }
        if (logSumExp != null) {
            VectorMath.log(e, sums, e, sums, rows);
            VectorElements.add(e, maxima, e, sums, logSumExp, logSumExpOffset, rows);
        }
    }

    // Places are counted by steps: an index that is a product is multiplied, and its range checked, for each element anew.
    private static void gather(int n, float[] x, int xOffset, int step, float[] y, int yOffset) {
        for (int i = 0, at = xOffset; i < n; i++, at += step) {
            y[yOffset + i] = x[at];
        }
    }

    private static void scatter(int n, float[] x, int xOffset, float[] y, int yOffset, int step) {
        for (int i = 0, at = yOffset; i < n; i++, at += step) {
            y[at] = x[xOffset + i];
        }
    }

    @Override
    void expOfDifference(float[] x, int xOffset, float shift, float[] y, int yOffset, int n) {
        int bound = FLOATS.loopBound(n);
        VectorMath.exp(x, xOffset, shift, y, yOffset, bound);
        super.expOfDifference(x, xOffset + bound, shift, y, yOffset + bound, n - bound);
    }

    @Override
    void divide(float[] y, int yOffset, float divisor, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector divisors = broadcast(FLOATS, divisor);
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, y, yOffset + i).div(divisors).intoArray(y, yOffset + i);
        }
        super.divide(y, yOffset + bound, divisor, n - bound);
    }
}
