package beras.kernels;

import java.util.List;
import java.util.Objects;

/**
 * The public face of the kernels: checks every range, then splits what is large enough over {@link Threads} and passes it
 * on. Work is split by rows, columns or elements of the output only.
 */
final class ParallelKernels implements Kernels {

    /** Multiply-adds below which a second thread costs more than it brings. */
    private static final long GEMM_WORK = 1 << 19;
    /** The same in elements, for everything else: some microseconds. */
    private static final int ELEMENTS = 1 << 15;
    /** Parts of a matrix product start at multiples of these, so that the tiles of every part are whole. */
    private static final int ROW_GRAIN = 24; // of tiles with 6 and with 8 rows
    private static final int COLUMN_GRAIN = 32;
    /** Elementwise parts start on a cache line. */
    private static final int GRAIN = 16;

    // Volatile: the vector kernels take the place of the scalar ones while these work, see WarmUp.
    private volatile Kernels products;
    private volatile Kernels others;
    private volatile Kernels shortSoftmaxes;
    private final long gemmWork;
    private final int elements;

    ParallelKernels(Kernels kernels) {
        this(kernels, GEMM_WORK, ELEMENTS);
    }

    /** With thresholds of one's own: at 1 everything is split. */
    ParallelKernels(Kernels kernels, long gemmWork, int elements) {
        this.products = kernels;
        this.others = kernels;
        this.shortSoftmaxes = kernels;
        this.gemmWork = gemmWork;
        this.elements = elements;
    }

    void useForProducts(Kernels kernels) {
        products = kernels;
    }

    void useForOthers(Kernels kernels) {
        others = kernels;
    }

    /** For the softmax of rows that a vector has room for. */
    void useForShortSoftmaxes(Kernels kernels) {
        shortSoftmaxes = kernels;
    }

    /** The kernels in use, for products, all others, and the softmax of short rows. */
    List<Kernels> inUse() {
        return List.of(products, others, shortSoftmaxes);
    }

    // ------------------------------------------------------------------------------------------ matrix product

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        checkMatrix("a", a, aOffset, transposeA ? k : m, transposeA ? m : k, lda);
        checkMatrix("b", b, bOffset, transposeB ? n : k, transposeB ? k : n, ldb);
        checkMatrix("c", c, cOffset, m, n, ldc);
        if (single((long) m * n * k)) {
            products.gemm(transposeA, transposeB, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
        } else if (n >= m) {
            Threads.split(n, COLUMN_GRAIN, (from, to) -> products.gemm(transposeA, transposeB, m, to - from, k, a, aOffset, lda,
                    b, transposeB ? bOffset + from * ldb : bOffset + from, ldb, c, cOffset + from, ldc));
        } else {
            Threads.split(m, ROW_GRAIN, (from, to) -> products.gemm(transposeA, transposeB, to - from, n, k, a,
                    transposeA ? aOffset + from : aOffset + from * lda, lda, b, bOffset, ldb, c, cOffset + from * ldc, ldc));
        }
    }

    @Override
    public void biasActivation(UnaryOp op, float alpha, float[] y, int yOffset, int rows, int cols, float[] bias,
            int biasOffset) {
        checkRows("y", y, yOffset, rows, cols);
        check("bias", bias, biasOffset, cols);
        rows(rows, cols, (from, to) ->
                others.biasActivation(op, alpha, y, yOffset + from * cols, to - from, cols, bias, biasOffset));
    }

    @Override
    public void dense(UnaryOp op, float alpha, int m, int n, int k, float[] x, int xOffset, float[] w, int wOffset,
            float[] bias, int biasOffset, float[] y, int yOffset) {
        checkRows("x", x, xOffset, m, k);
        checkRows("w", w, wOffset, k, n);
        check("bias", bias, biasOffset, n);
        checkRows("y", y, yOffset, m, n);
        if (single((long) m * n * k)) {
            products.dense(op, alpha, m, n, k, x, xOffset, w, wOffset, bias, biasOffset, y, yOffset);
        } else {
            Threads.split(m, ROW_GRAIN, (from, to) -> products.dense(op, alpha, to - from, n, k, x, xOffset + from * k, w,
                    wOffset, bias, biasOffset, y, yOffset + from * n));
        }
    }

    // --------------------------------------------------------------------------------------------- elementwise

    @Override
    public void map(UnaryOp op, float alpha, float[] x, int xOffset, float[] y, int yOffset, int n) {
        check("x", x, xOffset, n);
        check("y", y, yOffset, n);
        elements(n, (from, to) -> others.map(op, alpha, x, xOffset + from, y, yOffset + from, to - from));
    }

    @Override
    public void mapGradient(UnaryOp op, float alpha, float[] x, int xOffset, float[] y, int yOffset, float[] upstream,
            int upstreamOffset, float[] out, int outOffset, int n) {
        check("x", x, xOffset, n);
        check("y", y, yOffset, n);
        check("upstream", upstream, upstreamOffset, n);
        check("out", out, outOffset, n);
        elements(n, (from, to) -> others.mapGradient(op, alpha, x, xOffset + from, y, yOffset + from, upstream,
                upstreamOffset + from, out, outOffset + from, to - from));
    }

    @Override
    public void zip(BinaryOp op, float[] a, int aOffset, int aStep, float[] b, int bOffset, int bStep, float[] y, int yOffset,
            int n) {
        checkStep("a", a, aOffset, aStep, n);
        checkStep("b", b, bOffset, bStep, n);
        check("y", y, yOffset, n);
        elements(n, (from, to) -> others.zip(op, a, aOffset + from * aStep, aStep, b, bOffset + from * bStep, bStep, y,
                yOffset + from, to - from));
    }

    @Override
    public void scaledDifference(float[] p, int pOffset, float[] t, int tOffset, float scale, float[] out, int outOffset, int n) {
        check("p", p, pOffset, n);
        check("t", t, tOffset, n);
        check("out", out, outOffset, n);
        elements(n, (from, to) ->
                others.scaledDifference(p, pOffset + from, t, tOffset + from, scale, out, outOffset + from, to - from));
    }

    @Override
    public void unitFloats(byte[] bytes, int bytesOffset, float[] out, int outOffset, int n) {
        Objects.checkFromIndexSize(bytesOffset, n, bytes.length);
        check("out", out, outOffset, n);
        elements(n, (from, to) -> others.unitFloats(bytes, bytesOffset + from, out, outOffset + from, to - from));
    }

    @Override
    public void unitFloatRows(byte[] bytes, int bytesOffset, int[] rows, int from, int count, int cols, float[] out,
            int outOffset) {
        Objects.checkFromIndexSize(from, count, rows.length);
        for (int i = from; i < from + count; i++) {
            if (rows[i] < 0 || bytesOffset < 0 || bytesOffset + (rows[i] + 1L) * cols > bytes.length) {
                throw new IndexOutOfBoundsException("Array bytes of " + bytes.length + " does not hold row " + rows[i] + " of "
                        + cols + " from offset " + bytesOffset);
            }
        }
        checkRows("out", out, outOffset, count, cols);
        rows(count, cols, (first, end) -> others.unitFloatRows(bytes, bytesOffset, rows, from + first, end - first, cols, out,
                outOffset + first * cols));
    }

    // ---------------------------------------------------------------------------------------------- reductions

    @Override
    public void rowSums(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset) {
        checkRows("x", x, xOffset, rows, cols);
        check("out", out, outOffset, rows);
        rows(rows, cols, (from, to) -> others.rowSums(x, xOffset + from * cols, to - from, cols, out, outOffset + from));
    }

    @Override
    public void rowMaxima(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset) {
        checkRows("x", x, xOffset, rows, cols);
        check("out", out, outOffset, rows);
        rows(rows, cols, (from, to) -> others.rowMaxima(x, xOffset + from * cols, to - from, cols, out, outOffset + from));
    }

    @Override
    public void rowArgMax(float[] x, int xOffset, int rows, int cols, int[] out, int outOffset) {
        checkRows("x", x, xOffset, rows, cols);
        Objects.checkFromIndexSize(outOffset, rows, out.length);
        rows(rows, cols, (from, to) -> others.rowArgMax(x, xOffset + from * cols, to - from, cols, out, outOffset + from));
    }

    @Override
    public int rowArgMaxMatches(float[] a, int aOffset, float[] b, int bOffset, int rows, int cols) {
        checkRows("a", a, aOffset, rows, cols);
        checkRows("b", b, bOffset, rows, cols);
        return others.rowArgMaxMatches(a, aOffset, b, bOffset, rows, cols);
    }

    @Override
    public void columnSums(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset) {
        checkRows("x", x, xOffset, rows, cols);
        check("out", out, outOffset, cols);
        others.columnSums(x, xOffset, rows, cols, out, outOffset);
    }

    @Override
    public void columnMaxima(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset) {
        checkRows("x", x, xOffset, rows, cols);
        check("out", out, outOffset, cols);
        others.columnMaxima(x, xOffset, rows, cols, out, outOffset);
    }

    // ------------------------------------------------------------------------------- softmax and cross-entropy

    @Override
    public void softmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset, float[] logSumExp,
            int logSumExpOffset) {
        checkRows("x", x, xOffset, rows, cols);
        checkRows("y", y, yOffset, rows, cols);
        if (logSumExp != null) {
            check("logSumExp", logSumExp, logSumExpOffset, rows);
        }
        Kernels kernels = cols <= FloatMath.LANES ? shortSoftmaxes : others;
        rows(rows, cols, (from, to) -> kernels.softmax(x, xOffset + from * cols, to - from, cols, y, yOffset + from * cols,
                logSumExp, logSumExpOffset + from));
    }

    @Override
    public void softmaxGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, int rows, int cols, float[] out,
            int outOffset) {
        checkRows("y", y, yOffset, rows, cols);
        checkRows("upstream", upstream, upstreamOffset, rows, cols);
        checkRows("out", out, outOffset, rows, cols);
        rows(rows, cols, (from, to) -> others.softmaxGradient(y, yOffset + from * cols, upstream, upstreamOffset + from * cols,
                to - from, cols, out, outOffset + from * cols));
    }

    @Override
    public void logSoftmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset) {
        checkRows("x", x, xOffset, rows, cols);
        checkRows("y", y, yOffset, rows, cols);
        rows(rows, cols, (from, to) ->
                others.logSoftmax(x, xOffset + from * cols, to - from, cols, y, yOffset + from * cols));
    }

    @Override
    public void logSoftmaxGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, int rows, int cols, float[] out,
            int outOffset) {
        checkRows("y", y, yOffset, rows, cols);
        checkRows("upstream", upstream, upstreamOffset, rows, cols);
        checkRows("out", out, outOffset, rows, cols);
        rows(rows, cols, (from, to) -> others.logSoftmaxGradient(y, yOffset + from * cols, upstream, upstreamOffset + from * cols,
                to - from, cols, out, outOffset + from * cols));
    }

    @Override
    public void crossEntropy(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float epsilon, float[] out,
            int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        check("out", out, outOffset, rows);
        rows(rows, cols, (from, to) -> others.crossEntropy(p, pOffset + from * cols, t, tOffset + from * cols, to - from, cols,
                epsilon, out, outOffset + from));
    }

    @Override
    public void crossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, float epsilon, float scale, float[] out,
            int outOffset, int n) {
        check("p", p, pOffset, n);
        check("t", t, tOffset, n);
        check("out", out, outOffset, n);
        elements(n, (from, to) -> others.crossEntropyGradient(p, pOffset + from, t, tOffset + from, epsilon, scale, out,
                outOffset + from, to - from));
    }

    @Override
    public void softmaxCrossEntropy(float[] x, int xOffset, float[] logSumExp, int logSumExpOffset, float[] t, int tOffset,
            int rows, int cols, float[] out, int outOffset) {
        checkRows("x", x, xOffset, rows, cols);
        check("logSumExp", logSumExp, logSumExpOffset, rows);
        checkRows("t", t, tOffset, rows, cols);
        check("out", out, outOffset, rows);
        rows(rows, cols, (from, to) -> others.softmaxCrossEntropy(x, xOffset + from * cols, logSumExp, logSumExpOffset + from, t,
                tOffset + from * cols, to - from, cols, out, outOffset + from));
    }

    @Override
    public void softmaxCrossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale,
            float[] out, int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        checkRows("out", out, outOffset, rows, cols);
        rows(rows, cols, (from, to) -> others.softmaxCrossEntropyGradient(p, pOffset + from * cols, t, tOffset + from * cols,
                to - from, cols, scale, out, outOffset + from * cols));
    }

    @Override
    public void squaredErrors(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out, int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        check("out", out, outOffset, rows);
        rows(rows, cols, (from, to) -> others.squaredErrors(p, pOffset + from * cols, t, tOffset + from * cols, to - from, cols,
                out, outOffset + from));
    }

    // ------------------------------------------------------------------------------------------------- losses

    @Override
    public void losses(LossOp op, float alpha, float[] p, int pOffset, float[] t, int tOffset, int rows, int cols,
            float divisor, float[] out, int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        check("out", out, outOffset, rows);
        rows(rows, cols, (from, to) -> others.losses(op, alpha, p, pOffset + from * cols, t, tOffset + from * cols, to - from,
                cols, divisor, out, outOffset + from));
    }

    @Override
    public void lossGradient(LossOp op, float alpha, float[] p, int pOffset, float[] t, int tOffset, float scale, float[] out,
            int outOffset, int n) {
        check("p", p, pOffset, n);
        check("t", t, tOffset, n);
        check("out", out, outOffset, n);
        elements(n, (from, to) -> others.lossGradient(op, alpha, p, pOffset + from, t, tOffset + from, scale, out,
                outOffset + from, to - from));
    }

    @Override
    public void normalizedCrossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols,
            float epsilon, float scale, float[] out, int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        checkRows("out", out, outOffset, rows, cols);
        rows(rows, cols, (from, to) -> others.normalizedCrossEntropyGradient(p, pOffset + from * cols, t, tOffset + from * cols,
                to - from, cols, epsilon, scale, out, outOffset + from * cols));
    }

    @Override
    public void categoricalHinge(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out,
            int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        check("out", out, outOffset, rows);
        rows(rows, cols, (from, to) -> others.categoricalHinge(p, pOffset + from * cols, t, tOffset + from * cols, to - from,
                cols, out, outOffset + from));
    }

    @Override
    public void categoricalHingeGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale,
            float[] out, int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        checkRows("out", out, outOffset, rows, cols);
        rows(rows, cols, (from, to) -> others.categoricalHingeGradient(p, pOffset + from * cols, t, tOffset + from * cols,
                to - from, cols, scale, out, outOffset + from * cols));
    }

    @Override
    public void negativeCosine(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out, int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        check("out", out, outOffset, rows);
        rows(rows, cols, (from, to) -> others.negativeCosine(p, pOffset + from * cols, t, tOffset + from * cols, to - from,
                cols, out, outOffset + from));
    }

    @Override
    public void negativeCosineGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale,
            float[] out, int outOffset) {
        checkRows("p", p, pOffset, rows, cols);
        checkRows("t", t, tOffset, rows, cols);
        checkRows("out", out, outOffset, rows, cols);
        rows(rows, cols, (from, to) -> others.negativeCosineGradient(p, pOffset + from * cols, t, tOffset + from * cols,
                to - from, cols, scale, out, outOffset + from * cols));
    }

    @Override
    public void zipRows(BinaryOp op, float[] x, int xOffset, float[] b, int bOffset, int rows, int cols, float[] y,
            int yOffset) {
        checkRows("x", x, xOffset, rows, cols);
        check("b", b, bOffset, rows);
        checkRows("y", y, yOffset, rows, cols);
        rows(rows, cols, (from, to) -> others.zipRows(op, x, xOffset + from * cols, b, bOffset + from, to - from, cols, y,
                yOffset + from * cols));
    }

    // --------------------------------------------------------------------------------------------- dropout

    @Override
    public void dropoutMask(long key, long threshold, float value, float[] out, int outOffset, int n) {
        check("out", out, outOffset, n);
        if (threshold < 0 || threshold > 0xffff_ffffL) {
            throw new IllegalArgumentException("The threshold must be from 0 to 2^32 - 1. Received: " + threshold);
        }
        elements(n, (from, to) -> others.dropoutMask(SplitMix.skip(key, from / 2), threshold, value, out, outOffset + from,
                to - from));
    }

    // ---------------------------------------------------------------------------------------------- optimizers

    @Override
    public void scaleAndClip(float[] x, int xOffset, float factor, float limit, float[] out, int outOffset, int n) {
        check("x", x, xOffset, n);
        check("out", out, outOffset, n);
        elements(n, (from, to) -> others.scaleAndClip(x, xOffset + from, factor, limit, out, outOffset + from, to - from));
    }

    @Override
    public double squareSum(float[] x, int xOffset, int n) {
        check("x", x, xOffset, n);
        return others.squareSum(x, xOffset, n);
    }

    // -------------------------------------------------------------------------------------------- regularizers

    @Override
    public void weightPenalties(float[] w, int wOffset, float l1, float l2, float[] out, int outOffset, int n) {
        check("w", w, wOffset, n);
        check("out", out, outOffset, n);
        elements(n, (from, to) -> others.weightPenalties(w, wOffset + from, l1, l2, out, outOffset + from, to - from));
    }

    @Override
    public void weightPenaltyGradient(float[] w, int wOffset, float l1, float l2, float[] out, int outOffset, int n) {
        check("w", w, wOffset, n);
        check("out", out, outOffset, n);
        elements(n, (from, to) -> others.weightPenaltyGradient(w, wOffset + from, l1, l2, out, outOffset + from, to - from));
    }

    // ------------------------------------------------------------------------------------- splitting, checking

    private boolean single(long multiplyAdds) {
        return multiplyAdds < gemmWork || !Threads.shared();
    }

    private void rows(int rows, int cols, Threads.Range task) {
        if ((long) rows * cols < elements || !Threads.shared()) {
            task.run(0, rows);
        } else {
            Threads.split(rows, 1, task);
        }
    }

    private void elements(int n, Threads.Range task) {
        if (n < elements || !Threads.shared()) {
            task.run(0, n);
        } else {
            Threads.split(n, GRAIN, task);
        }
    }

    private static void check(String name, float[] array, int offset, int n) {
        if (n < 0 || offset < 0 || offset > array.length - n) {
            throw new IndexOutOfBoundsException(
                    "Array " + name + " of " + array.length + " floats does not hold " + n + " from offset " + offset);
        }
    }

    private static void checkRows(String name, float[] array, int offset, int rows, int cols) {
        checkMatrix(name, array, offset, rows, cols, cols);
    }

    private static void checkMatrix(String name, float[] array, int offset, int rows, int cols, int stride) {
        if (rows < 0 || cols < 0 || offset < 0 || stride < cols) {
            throw new IndexOutOfBoundsException("Matrix " + name + " has " + rows + " rows, " + cols + " columns, offset "
                    + offset + " and row stride " + stride + ": all must be at least 0, the stride at least the columns");
        }
        long end = rows == 0 || cols == 0 ? offset : offset + (rows - 1L) * stride + cols;
        if (end > array.length) {
            throw new IndexOutOfBoundsException("Array " + name + " of " + array.length + " floats does not hold " + rows + " x "
                    + cols + " with row stride " + stride + " from offset " + offset);
        }
    }

    private static void checkStep(String name, float[] array, int offset, int step, int n) {
        if (step != 0 && step != 1) {
            throw new IllegalArgumentException("The step of " + name + " must be 0 or 1. Received: " + step);
        }
        check(name, array, offset, step == 1 ? n : Math.min(n, 1));
    }
}
