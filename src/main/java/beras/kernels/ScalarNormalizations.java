package beras.kernels;

import java.util.Arrays;

/** The definition of {@link Normalizations}, in plain Java. */
class ScalarNormalizations {

    private final ScalarSums sums;
    private final ScalarElements elements;
    private final RowLoops loops;

    ScalarNormalizations(ScalarSums sums, ScalarElements elements, RowLoops loops) {
        this.sums = sums;
        this.elements = elements;
        this.loops = loops;
    }

    // ------------------------------------------------------------------------------------------------- columns

    /** Column sums of some terms over {@code rows} rows, from row {@code first} on, into {@code n} floats. */
    private interface Terms {
        void sum(int first, int rows, float[] out, int outOffset);
    }

    private void columnSums(int rows, int n, Terms terms, float[] out, int outOffset) {
        if (rows <= FloatMath.SUM_ROWS) {
            terms.sum(0, rows, out, outOffset);
            return;
        }
        int blocks = ScalarSums.blocks(rows);
        float[] ofBlocks = new float[blocks * n];
        for (int i = 0; i < blocks; i++) {
            int first = i * FloatMath.SUM_ROWS;
            terms.sum(first, Math.min(FloatMath.SUM_ROWS, rows - first), ofBlocks, i * n);
        }
        sums.columnSums(ofBlocks, 0, n, blocks, out, outOffset, n);
    }

    final void columnProducts(MatrixView a, MatrixView aShift, MatrixView b, MatrixView bShift, MatrixView out, int from,
            int to) {
        columnSums(a.rows, to - from, (first, rows, sum, sumOffset) -> {
            Arrays.fill(sum, sumOffset, sumOffset + to - from, 0f);
            addProducts(rows, a.data, a.row(first) + from, a.stride, aShift.data, aShift.offset + from, b.data,
                    b.row(first) + from, b.stride, bShift.data, bShift.offset + from, sum, sumOffset, to - from);
        }, out.data, out.offset + from);
    }

    /** {@code out += (a - aShift) * (b - bShift)} of one row after the other. */
    void addProducts(int rows, float[] a, int aOffset, int aStride, float[] aShift, int aShiftOffset, float[] b, int bOffset,
            int bStride, float[] bShift, int bShiftOffset, float[] out, int outOffset, int n) {
        for (int r = 0; r < rows; r++) {
            addProducts(a, aOffset + r * aStride, aShift, aShiftOffset, b, bOffset + r * bStride, bShift, bShiftOffset, out,
                    outOffset, n);
        }
    }

    private static void addProducts(float[] a, int aOffset, float[] aShift, int aShiftOffset, float[] b, int bOffset,
            float[] bShift, int bShiftOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = Math.fma(a[aOffset + i] - aShift[aShiftOffset + i], b[bOffset + i] - bShift[bShiftOffset + i],
                    out[outOffset + i]);
        }
    }

    final void normalizeColumns(MatrixView x, MatrixView mean, MatrixView scale, MatrixView shift, MatrixView y, int from,
            int to) {
        for (int r = from; r < to; r++) {
            loops.normalize(x.data, x.row(r), mean.data, mean.offset, scale.data, scale.offset, shift.data, shift.offset, y.data,
                    y.row(r), x.cols);
        }
    }

    final void normalizeColumnsGradient(MatrixView upstream, MatrixView upstreamMean, MatrixView scale, MatrixView x,
            MatrixView mean, MatrixView slope, MatrixView out, int from, int to) {
        for (int r = from; r < to; r++) {
            loops.normalizeGradient(upstream.data, upstream.row(r), upstreamMean.data, upstreamMean.offset, scale.data, scale.offset,
                    x.data, x.row(r), mean.data, mean.offset, slope.data, slope.offset, out.data, out.row(r), x.cols);
        }
    }

    // ---------------------------------------------------------------------------------------------------- rows

    final void normalizeRows(MatrixView x, MatrixView scale, MatrixView shift, float epsilon, MatrixView y,
            MatrixView statistics, int from, int to) {
        int n = x.cols;
        float[] lanes = Scratch.lanes();
        float[] squares = Scratch.floats(n);
        for (int r = from; r < to; r++) {
            int xr = x.row(r);
            float mean = sums.rowSum(x.data, xr, n, lanes) / n;
            loops.squaredDifferences(x.data, xr, mean, squares, 0, n);
            float inverse = 1f / (float) Math.sqrt(sums.rowSum(squares, 0, n, lanes) / n + epsilon);
            loops.normalizeRow(x.data, xr, mean, inverse, scale.data, scale.offset, shift.data, shift.offset, y.data, y.row(r), n);
            statistics.data[statistics.row(r)] = mean;
            statistics.data[statistics.row(r) + 1] = inverse;
        }
    }

    /** Computes terms twice instead of storing them: an array may be too small for several times the columns. */
    final void normalizeRowsGradient(MatrixView x, MatrixView statistics, MatrixView scale, MatrixView upstream, MatrixView out,
            int from, int to) {
        int n = x.cols;
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(n);
        for (int r = from; r < to; r++) {
            float mean = statistics.data[statistics.row(r)];
            float inverse = statistics.data[statistics.row(r) + 1];
            int xr = x.row(r);
            int ur = upstream.row(r);
            elements.products(upstream.data, ur, scale.data, scale.offset, terms, 0, n);
            float scaled = sums.rowSum(terms, 0, n, lanes) / n;
            loops.multiplyByNormalized(x.data, xr, mean, inverse, terms, 0, n);
            float product = sums.rowSum(terms, 0, n, lanes) / n;
            loops.normalizeRowGradient(x.data, xr, mean, inverse, scale.data, scale.offset, upstream.data, ur, scaled, product,
                    out.data, out.row(r), n);
        }
    }

    final void normalizeRowsScaleGradient(MatrixView x, MatrixView statistics, MatrixView upstream, MatrixView out, int from,
            int to) {
        columnSums(x.rows, to - from, (first, rows, sum, sumOffset) -> {
            Arrays.fill(sum, sumOffset, sumOffset + to - from, 0f);
            for (int r = first; r < first + rows; r++) {
                int of = statistics.row(r);
                loops.addNormalized(x.data, x.row(r) + from, statistics.data[of], statistics.data[of + 1], upstream.data,
                        upstream.row(r) + from, sum, sumOffset, to - from);
            }
        }, out.data, out.offset + from);
    }
}
