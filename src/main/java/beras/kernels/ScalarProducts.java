package beras.kernels;

import java.util.Arrays;

/**
 * The definition of {@link Products}, in plain Java: for each row of {@code c}, multiples of rows of {@code b} are added in turn.
 */
class ScalarProducts {

    private static final int INFINITY_BITS = 0x7f800000;
    /** {@link Products#gemm} for some rows and columns of {@code c}. */
    void gemm(boolean transposeA, boolean transposeB, MatrixView a, MatrixView b, MatrixView c, int rowFrom, int rowTo,
            int colFrom, int colTo) {
        gemm(transposeA, transposeB, rowTo - rowFrom, colTo - colFrom, transposeA ? a.rows : a.cols, a.data,
                transposeA ? a.offset + rowFrom : a.row(rowFrom), a.stride, b.data,
                transposeB ? b.row(colFrom) : b.offset + colFrom, b.stride, c.data, c.row(rowFrom) + colFrom, c.stride);
    }

    /** {@code c (m, n) = op(a) (m, k) · op(b) (k, n)}; {@code lda}, {@code ldb}, {@code ldc} are the strides between rows. */
    void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        if (n == 0) {
            return; // c may be an empty array: not even a row to clear
        }
        int cols = transposeB ? Math.max(1, Thresholds.SCALAR_PANEL / Math.max(k, 1)) : n;
        for (int j = 0; j < n; j += Math.min(cols, n - j)) {
            columns(transposeA, transposeB, m, Math.min(cols, n - j), k, a, aOffset, lda, b,
                    transposeB ? bOffset + j * ldb : bOffset, ldb, c, cOffset + j, ldc);
        }
    }

    private static void columns(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        float[] rows = b;
        int rowsOffset = bOffset;
        int rowStride = ldb;
        if (transposeB) {
            // The inner loop runs along rows of op(b): with b stored n x k that would be a jump per element.
            rows = Scratch.floats(k * n);
            rowsOffset = 0;
            rowStride = n;
            Patches.transpose(n, k, b, bOffset, ldb, rows, 0, n);
        }
        boolean skip = m >= Thresholds.SCALAR_SPARSE_ROWS && isFinite(rows, rowsOffset, rowStride, k, n);
        int[] steps = Scratch.steps(k);
        int aRow = transposeA ? 1 : lda;
        int aStep = transposeA ? lda : 1;
        for (int i = 0; i < m; i++) {
            int ai = aOffset + i * aRow;
            int ci = cOffset + i * ldc;
            int count = steps(a, ai, aStep, k, skip, steps);
            Arrays.fill(c, ci, ci + n, 0f);
            addRows(steps, count, a, ai, aStep, rows, rowsOffset, rowStride, c, ci, n);
            addZero(c, ci, n);
        }
    }

    /**
     * {@code c (m, n) = a (m, k) · b (k, n)}, where element {@code (i, p)} of {@code a} is at {@code aOffset + rows[firstRow + i] +
     * steps[firstStep + p]}.
     *
     * @param byColumn   whether {@code a} has an element for each column {@code j} of {@code c}, {@code j} floats further. {@code
     *     a} is read up to the last lane of a vector
     * @param accumulate whether sums start from {@code c} instead of 0
     */
    void gather(boolean byColumn, int m, int n, int k, float[] a, int aOffset, int[] rows, int firstRow, int[] steps, int firstStep,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc, boolean accumulate) {
        if (n == 0) {
            return; // c may be an empty array
        }
        for (int i = 0; i < m; i++) {
            int ai = aOffset + rows[firstRow + i];
            int ci = cOffset + i * ldc;
            if (!accumulate) {
                Arrays.fill(c, ci, ci + n, 0f);
            }
            if (byColumn) {
                addByColumn(k, a, ai, steps, firstStep, b, bOffset, ldb, c, ci, n);
            } else {
                addGathered(k, a, ai, steps, firstStep, b, bOffset, ldb, c, ci, n);
            }
            addZero(c, ci, n);
        }
    }

    // Each has a separate method: it is compiled sooner than a nested loop.

    private static void fma(float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset, int n) {
        for (int j = 0; j < n; j++) {
            c[cOffset + j] = Math.fma(a[aOffset + j], b[bOffset + j], c[cOffset + j]);
        }
    }

    private static void addByColumn(int k, float[] a, int aOffset, int[] steps, int firstStep, float[] b, int bOffset, int ldb,
            float[] c, int cOffset, int n) {
        for (int p = 0; p < k; p++) {
            fma(a, aOffset + steps[firstStep + p], b, bOffset + p * ldb, c, cOffset, n);
        }
    }

    private static void addGathered(int k, float[] a, int aOffset, int[] steps, int firstStep, float[] b, int bOffset, int ldb,
            float[] c, int cOffset, int n) {
        int fours = k - k % 4;
        for (int p = 0; p < fours; p += 4) {
            int at = firstStep + p;
            int bp = bOffset + p * ldb;
            axpy4(a[aOffset + steps[at]], bp, a[aOffset + steps[at + 1]], bp + ldb, a[aOffset + steps[at + 2]], bp + 2 * ldb,
                    a[aOffset + steps[at + 3]], bp + 3 * ldb, b, c, cOffset, n);
        }
        for (int p = fours; p < k; p++) {
            axpy(a[aOffset + steps[firstStep + p]], b, bOffset + p * ldb, c, cOffset, n);
        }
    }

    /** Lists the steps to take: all, or those at which {@code a} is not zero. */
    private static int steps(float[] a, int aOffset, int aStep, int k, boolean skip, int[] steps) {
        int count = 0;
        for (int p = 0; p < k; p++) {
            steps[count] = p;
            count += skip && a[aOffset + p * aStep] == 0f ? 0 : 1;
        }
        return count;
    }

    private static void addRows(int[] steps, int count, float[] a, int aOffset, int aStep, float[] b, int bOffset, int bStride,
            float[] c, int cOffset, int n) {
        int fours = count - count % 4;
        for (int q = 0; q < fours; q += 4) {
            int p0 = steps[q];
            int p1 = steps[q + 1];
            int p2 = steps[q + 2];
            int p3 = steps[q + 3];
            axpy4(a[aOffset + p0 * aStep], bOffset + p0 * bStride, a[aOffset + p1 * aStep], bOffset + p1 * bStride,
                    a[aOffset + p2 * aStep], bOffset + p2 * bStride, a[aOffset + p3 * aStep], bOffset + p3 * bStride, b, c,
                    cOffset, n);
        }
        for (int q = fours; q < count; q++) {
            axpy(a[aOffset + steps[q] * aStep], b, bOffset + steps[q] * bStride, c, cOffset, n);
        }
    }

    static boolean isFinite(float[] x, int offset, int stride, int rows, int cols) {
        int most = 0;
        for (int r = 0; r < rows; r++) {
            int row = offset + r * stride;
            for (int i = row; i < row + cols; i++) {
                most = Math.max(most, Float.floatToRawIntBits(x[i]) & Integer.MAX_VALUE);
            }
        }
        return most < INFINITY_BITS;
    }

    /** Four {@link #axpy} one after the other, which load and store {@code y} once. */
    private static void axpy4(float a0, int x0, float a1, int x1, float a2, int x2, float a3, int x3, float[] x, float[] y,
            int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            float sum = Math.fma(a0, x[x0 + j], y[yOffset + j]);
            sum = Math.fma(a1, x[x1 + j], sum);
            sum = Math.fma(a2, x[x2 + j], sum);
            y[yOffset + j] = Math.fma(a3, x[x3 + j], sum);
        }
    }

    /** {@code y[i] = fma(a, x[i], y[i])}. */
    private static void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Math.fma(a, x[xOffset + j], y[yOffset + j]);
        }
    }

    /** Makes -0 to +0. */
    static void addZero(float[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] += 0f;
        }
    }

    /**
     * Whether {@code aᵀ · b}, which is {@code (m, n)}, is faster as the transpose of {@code bᵀ · a}. Not if it skips zeros of
     * {@code a (k, m)}.
     */
    boolean isFasterTransposed(int m, int n, int k, float[] a, int aOffset, int lda) {
        return false;
    }

    /** Whether {@code y = x · w} is faster where threads share its steps, by {@link #denseSteps}. */
    boolean canSplitK(MatrixView x, MatrixView w, MatrixView y) {
        return false;
    }

    /**
     * Adds the steps {@code from} to {@code to} of {@code x · w} to {@code y}, which the stage before has begun.
     *
     * @return whether it was done; not if w is not finite there
     */
    boolean denseSteps(MatrixView x, MatrixView w, MatrixView y, int from, int to, KSplitStage stage) {
        return false;
    }
}
