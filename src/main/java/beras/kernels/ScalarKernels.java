package beras.kernels;

import java.util.Arrays;

/**
 * The kernels in plain Java: the definition of every result, and what runs where the Vector API is missing.
 *
 * <p>Loads without the incubator module. {@link VectorKernels} extends it and overrides what is worth lanes.
 */
class ScalarKernels implements Kernels {

    // ------------------------------------------------------------------------------------------ matrix product

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        if (n == 0) {
            return; // c may be an empty array: not even a row to clear
        }
        float[] rows = b;
        int rowsOffset = bOffset;
        int rowStride = ldb;
        if (transposeB) {
            // The inner loop runs along rows of op(b): with b stored n x k that would be a jump per element.
            rows = Scratch.floats(k * n);
            rowsOffset = 0;
            rowStride = n;
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < k; p++) {
                    rows[p * n + j] = b[bOffset + j * ldb + p];
                }
            }
        }
        int aRow = transposeA ? 1 : lda;
        int aStep = transposeA ? lda : 1;
        for (int i = 0; i < m; i++) {
            int ci = cOffset + i * ldc;
            Arrays.fill(c, ci, ci + n, 0f);
            for (int p = 0; p < k; p++) {
                axpy(a[aOffset + i * aRow + p * aStep], rows, rowsOffset + p * rowStride, c, ci, n);
            }
        }
    }

    /** {@code y[i] = fma(a, x[i], y[i])}. */
    private static void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Math.fma(a, x[xOffset + j], y[yOffset + j]);
        }
    }

    @Override
    public void biasActivation(UnaryOp op, float alpha, float[] y, int yOffset, int rows, int cols, float[] bias,
            int biasOffset) {
        for (int r = 0; r < rows; r++) {
            int row = yOffset + r * cols;
            zip(BinaryOp.ADD, y, row, 1, bias, biasOffset, 1, y, row, cols);
        }
        if (op != UnaryOp.LINEAR) {
            map(op, alpha, y, yOffset, y, yOffset, rows * cols);
        }
    }

    // --------------------------------------------------------------------------------------------- elementwise

    @Override
    public void map(UnaryOp op, float alpha, float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = FloatMath.apply(op, alpha, x[xOffset + i]);
        }
    }

    @Override
    public void mapGradient(UnaryOp op, float alpha, float[] x, int xOffset, float[] y, int yOffset, float[] upstream,
            int upstreamOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] =
                    upstream[upstreamOffset + i] * FloatMath.derivative(op, alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public void zip(BinaryOp op, float[] a, int aOffset, int aStep, float[] b, int bOffset, int bStep, float[] y, int yOffset,
            int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = FloatMath.apply(op, a[aOffset + i * aStep], b[bOffset + i * bStep]);
        }
    }

    @Override
    public void unitFloats(byte[] bytes, int bytesOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = (bytes[bytesOffset + i] & 0xff) / 255f;
        }
    }

    @Override
    public void unitFloatRows(byte[] bytes, int bytesOffset, int[] rows, int from, int count, int cols, float[] out,
            int outOffset) {
        for (int i = 0; i < count; i++) {
            unitFloats(bytes, bytesOffset + rows[from + i] * cols, out, outOffset + i * cols, cols);
        }
    }

    // ---------------------------------------------------------------------------------------------- reductions

    @Override
    public void rowSums(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        for (int r = 0; r < rows; r++) {
            out[outOffset + r] = rowSum(x, xOffset + r * cols, cols, lanes);
        }
    }

    /** The sum of one row in the order of {@link Kernels#rowSums}; {@code lanes} is scratch for 16 floats. */
    final float rowSum(float[] x, int offset, int n, float[] lanes) {
        while (n > FloatMath.BLOCK) {
            int blocks = (n + FloatMath.BLOCK - 1) / FloatMath.BLOCK;
            float[] sums = new float[blocks];
            for (int i = 0; i < blocks; i++) {
                int from = i * FloatMath.BLOCK;
                sums[i] = blockSum(x, offset + from, Math.min(FloatMath.BLOCK, n - from), lanes);
            }
            x = sums;
            offset = 0;
            n = blocks;
        }
        return blockSum(x, offset, n, lanes);
    }

    /** The sum of at most {@value FloatMath#BLOCK} elements, folded over 16 lanes. */
    float blockSum(float[] x, int offset, int n, float[] lanes) {
        Arrays.fill(lanes, 0f);
        for (int i = 0; i < n; i++) {
            lanes[i % FloatMath.LANES] += x[offset + i];
        }
        return FloatMath.foldSum(lanes);
    }

    @Override
    public void rowMaxima(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset) {
        for (int r = 0; r < rows; r++) {
            out[outOffset + r] = rowMaximum(x, xOffset + r * cols, cols);
        }
    }

    float rowMaximum(float[] x, int offset, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, x[offset + i]);
        }
        return max;
    }

    @Override
    public void rowArgMax(float[] x, int xOffset, int rows, int cols, int[] out, int outOffset) {
        for (int r = 0; r < rows; r++) {
            out[outOffset + r] = argMax(x, xOffset + r * cols, cols);
        }
    }

    @Override
    public int rowArgMaxMatches(float[] a, int aOffset, float[] b, int bOffset, int rows, int cols) {
        int matches = 0;
        for (int r = 0; r < rows; r++) {
            matches += argMax(a, aOffset + r * cols, cols) == argMax(b, bOffset + r * cols, cols) ? 1 : 0;
        }
        return matches;
    }

    private static int argMax(float[] x, int offset, int n) {
        int best = 0;
        for (int i = 1; i < n && !Float.isNaN(x[offset + best]); i++) {
            if (!(x[offset + i] <= x[offset + best])) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public void columnSums(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset) {
        Arrays.fill(out, outOffset, outOffset + cols, 0f);
        for (int r = 0; r < rows; r++) {
            zip(BinaryOp.ADD, out, outOffset, 1, x, xOffset + r * cols, 1, out, outOffset, cols);
        }
    }

    @Override
    public void columnMaxima(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset) {
        Arrays.fill(out, outOffset, outOffset + cols, Float.NEGATIVE_INFINITY);
        for (int r = 0; r < rows; r++) {
            zip(BinaryOp.MAXIMUM, out, outOffset, 1, x, xOffset + r * cols, 1, out, outOffset, cols);
        }
    }

    @Override
    public void zipRows(BinaryOp op, float[] x, int xOffset, float[] b, int bOffset, int rows, int cols, float[] y,
            int yOffset) {
        for (int r = 0; r < rows; r++) {
            zip(op, x, xOffset + r * cols, 1, b, bOffset + r, 0, y, yOffset + r * cols, cols);
        }
    }

    // ------------------------------------------------------------------------------- normalization and dropout

    @Override
    public void columnProducts(float[] a, int aOffset, float[] aShift, int aShiftOffset, float[] b, int bOffset, float[] bShift,
            int bShiftOffset, int rows, int cols, float[] out, int outOffset) {
        Arrays.fill(out, outOffset, outOffset + cols, 0f);
        for (int r = 0; r < rows; r++) {
            addProducts(a, aOffset + r * cols, aShift, aShiftOffset, b, bOffset + r * cols, bShift, bShiftOffset, out,
                    outOffset, cols);
        }
    }

    /** {@code out += (a - aShift) * (b - bShift)}. */
    void addProducts(float[] a, int aOffset, float[] aShift, int aShiftOffset, float[] b, int bOffset, float[] bShift,
            int bShiftOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = Math.fma(a[aOffset + i] - aShift[aShiftOffset + i], b[bOffset + i] - bShift[bShiftOffset + i],
                    out[outOffset + i]);
        }
    }

    @Override
    public void normalizeColumns(float[] x, int xOffset, float[] mean, int meanOffset, float[] scale, int scaleOffset,
            float[] shift, int shiftOffset, int rows, int cols, float[] y, int yOffset) {
        for (int r = 0; r < rows; r++) {
            normalize(x, xOffset + r * cols, mean, meanOffset, scale, scaleOffset, shift, shiftOffset, y, yOffset + r * cols,
                    cols);
        }
    }

    /** {@link #normalizeColumns} of one row. */
    void normalize(float[] x, int xOffset, float[] mean, int meanOffset, float[] scale, int scaleOffset, float[] shift,
            int shiftOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = Math.fma(x[xOffset + i] - mean[meanOffset + i], scale[scaleOffset + i], shift[shiftOffset + i]);
        }
    }

    @Override
    public void normalizeColumnsGradient(float[] upstream, int upstreamOffset, float[] upstreamMean, int upstreamMeanOffset,
            float[] scale, int scaleOffset, float[] x, int xOffset, float[] mean, int meanOffset, float[] slope,
            int slopeOffset, int rows, int cols, float[] out, int outOffset) {
        for (int r = 0; r < rows; r++) {
            normalizeGradient(upstream, upstreamOffset + r * cols, upstreamMean, upstreamMeanOffset, scale, scaleOffset, x,
                    xOffset + r * cols, mean, meanOffset, slope, slopeOffset, out, outOffset + r * cols, cols);
        }
    }

    /** {@link #normalizeColumnsGradient} of one row. */
    void normalizeGradient(float[] upstream, int upstreamOffset, float[] upstreamMean, int upstreamMeanOffset, float[] scale,
            int scaleOffset, float[] x, int xOffset, float[] mean, int meanOffset, float[] slope, int slopeOffset, float[] out,
            int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = Math.fma(mean[meanOffset + i] - x[xOffset + i], slope[slopeOffset + i],
                    (upstream[upstreamOffset + i] - upstreamMean[upstreamMeanOffset + i]) * scale[scaleOffset + i]);
        }
    }

    @Override
    public void normalizeRows(float[] x, int xOffset, float[] scale, int scaleOffset, float[] shift, int shiftOffset,
            float epsilon, int rows, int cols, float[] y, int yOffset, float[] statistics, int statisticsOffset) {
        float[] lanes = Scratch.lanes();
        float[] squares = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            int xr = xOffset + r * cols;
            float mean = rowSum(x, xr, cols, lanes) / cols;
            squaredDifferences(x, xr, mean, squares, 0, cols);
            float inverse = 1f / (float) Math.sqrt(rowSum(squares, 0, cols, lanes) / cols + epsilon);
            normalizeRow(x, xr, mean, inverse, scale, scaleOffset, shift, shiftOffset, y, yOffset + r * cols, cols);
            statistics[statisticsOffset + 2 * r] = mean;
            statistics[statisticsOffset + 2 * r + 1] = inverse;
        }
    }

    /** {@code out = (x - shift)^2}. */
    void squaredDifferences(float[] x, int xOffset, float shift, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[xOffset + i] - shift;
            out[outOffset + i] = d * d;
        }
    }

    /** {@code y = (x - mean) * inverse * scale + shift}. */
    void normalizeRow(float[] x, int xOffset, float mean, float inverse, float[] scale, int scaleOffset, float[] shift,
            int shiftOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = Math.fma((x[xOffset + i] - mean) * inverse, scale[scaleOffset + i], shift[shiftOffset + i]);
        }
    }

    @Override
    public void normalizeRowsGradient(float[] x, int xOffset, float[] statistics, int statisticsOffset, float[] scale,
            int scaleOffset, float[] upstream, int upstreamOffset, int rows, int cols, float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] scratch = Scratch.floats(3 * cols);
        for (int r = 0; r < rows; r++) {
            float mean = statistics[statisticsOffset + 2 * r];
            float inverse = statistics[statisticsOffset + 2 * r + 1];
            scaledAndNormalized(x, xOffset + r * cols, mean, inverse, scale, scaleOffset, upstream, upstreamOffset + r * cols,
                    scratch, 0, cols);
            float scaled = rowSum(scratch, 0, cols, lanes) / cols;
            float product = rowSum(scratch, 2 * cols, cols, lanes) / cols;
            combine(scratch, scaled, product, inverse, out, outOffset + r * cols, 0, cols);
        }
    }

    /**
     * Into the thirds of {@code out (3, n)}: {@code upstream * scale}, {@code (x - mean) * inverse}, and the product of both,
     * from element {@code from} on.
     */
    void scaledAndNormalized(float[] x, int xOffset, float mean, float inverse, float[] scale, int scaleOffset,
            float[] upstream, int upstreamOffset, float[] out, int from, int n) {
        for (int i = from; i < n; i++) {
            float scaled = upstream[upstreamOffset + i] * scale[scaleOffset + i];
            float normalized = (x[xOffset + i] - mean) * inverse;
            out[i] = scaled;
            out[n + i] = normalized;
            out[2 * n + i] = scaled * normalized;
        }
    }

    /** {@code out = (scaled - a - normalized * b) * inverse}, of what {@link #scaledAndNormalized} left. */
    void combine(float[] thirds, float a, float b, float inverse, float[] out, int outOffset, int from, int n) {
        for (int i = from; i < n; i++) {
            out[outOffset + i] = Math.fma(-b, thirds[n + i], thirds[i] - a) * inverse;
        }
    }

    @Override
    public void normalizeRowsScaleGradient(float[] x, int xOffset, float[] statistics, int statisticsOffset, float[] upstream,
            int upstreamOffset, int rows, int cols, float[] out, int outOffset) {
        Arrays.fill(out, outOffset, outOffset + cols, 0f);
        for (int r = 0; r < rows; r++) {
            addNormalized(x, xOffset + r * cols, statistics[statisticsOffset + 2 * r], statistics[statisticsOffset + 2 * r + 1],
                    upstream, upstreamOffset + r * cols, out, outOffset, cols);
        }
    }

    /** {@code out += upstream * ((x - mean) * inverse)}. */
    void addNormalized(float[] x, int xOffset, float mean, float inverse, float[] upstream, int upstreamOffset, float[] out,
            int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = Math.fma(upstream[upstreamOffset + i], (x[xOffset + i] - mean) * inverse, out[outOffset + i]);
        }
    }

    @Override
    public void dropoutMask(long key, long threshold, float value, float[] out, int outOffset, int n) {
        int bits = Float.floatToRawIntBits(value);
        for (int i = 0; i < n; i += 2) {
            long random = SplitMix.bits(key, i / 2);
            out[outOffset + i] = keptIfLess(random & 0xffff_ffffL, threshold, bits);
            if (i + 1 < n) {
                out[outOffset + i + 1] = keptIfLess(random >>> 32, threshold, bits);
            }
        }
    }

    /** The float of these bits, or 0; without a branch, for no processor foresees random ones. */
    private static float keptIfLess(long random, long threshold, int bits) {
        return Float.intBitsToFloat(bits & (int) ((random - threshold) >> 63));
    }

    // ---------------------------------------------------------------------------------------------- optimizers

    @Override
    public void sgd(float[] w, int wOffset, float[] g, int gOffset, int n, float rate) {
        for (int i = 0; i < n; i++) {
            w[wOffset + i] = Math.fma(-rate, g[gOffset + i], w[wOffset + i]);
        }
    }

    @Override
    public void rmsProp(float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset, int n, float rate, float beta,
            float rest, float epsilon) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float vi = Math.fma(rest * gi, gi, beta * v[vOffset + i]);
            vi = vi + FloatMath.SECOND_MOMENT_ROUNDER - FloatMath.SECOND_MOMENT_ROUNDER;
            v[vOffset + i] = vi;
            w[wOffset + i] -= rate * gi / ((float) Math.sqrt(vi) + epsilon);
        }
    }

    @Override
    public void adam(float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset, float[] v, int vOffset, int n,
            float rate, float beta1, float rest1, float beta2, float rest2, float root, float epsilon) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float mi = Math.fma(rest1, gi, beta1 * m[mOffset + i]);
            float vi = Math.fma(rest2 * gi, gi, beta2 * v[vOffset + i]);
            mi = mi + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
            vi = vi + FloatMath.SECOND_MOMENT_ROUNDER - FloatMath.SECOND_MOMENT_ROUNDER;
            m[mOffset + i] = mi;
            v[vOffset + i] = vi;
            w[wOffset + i] -= rate * mi / Math.fma((float) Math.sqrt(vi), root, epsilon);
        }
    }

    @Override
    public void sgdMomentum(float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset, int n, float rate,
            float momentum, boolean nesterov) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float vi = Math.fma(-rate, gi, momentum * v[vOffset + i]);
            vi = vi + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
            v[vOffset + i] = vi;
            w[wOffset + i] += nesterov ? Math.fma(-rate, gi, momentum * vi) : vi;
        }
    }

    @Override
    public void kerasRmsProp(float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset, float[] a, int aOffset,
            float[] m, int mOffset, int n, float rate, float rho, float rest, float momentum, float epsilon) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float vi = Math.fma(rest * gi, gi, rho * v[vOffset + i]);
            vi = vi + FloatMath.SECOND_MOMENT_ROUNDER - FloatMath.SECOND_MOMENT_ROUNDER;
            v[vOffset + i] = vi;
            float variance = vi;
            if (a != null) {
                float ai = Math.fma(rest, gi, rho * a[aOffset + i]);
                ai = ai + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
                a[aOffset + i] = ai;
                variance = Math.max(Math.fma(-ai, ai, vi), 0f); // rounding may take it below 0, where there is no root
            }
            float step = rate * gi / (float) Math.sqrt(variance + epsilon);
            if (m != null) {
                step = Math.fma(momentum, m[mOffset + i], step);
                step = step + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
                m[mOffset + i] = step;
            }
            w[wOffset + i] -= step;
        }
    }

    @Override
    public void amsGrad(float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset, float[] v, int vOffset,
            float[] top, int topOffset, int n, float rate, float beta1, float rest1, float beta2, float rest2, float root,
            float epsilon) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float mi = Math.fma(rest1, gi, beta1 * m[mOffset + i]);
            float vi = Math.fma(rest2 * gi, gi, beta2 * v[vOffset + i]);
            mi = mi + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
            vi = vi + FloatMath.SECOND_MOMENT_ROUNDER - FloatMath.SECOND_MOMENT_ROUNDER;
            float most = Math.max(top[topOffset + i], vi);
            m[mOffset + i] = mi;
            v[vOffset + i] = vi;
            top[topOffset + i] = most;
            w[wOffset + i] -= rate * mi / Math.fma((float) Math.sqrt(most), root, epsilon);
        }
    }

    @Override
    public void nadam(float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset, float[] v, int vOffset, int n,
            float mRate, float gRate, float beta1, float rest1, float beta2, float rest2, float root, float epsilon) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float mi = Math.fma(rest1, gi, beta1 * m[mOffset + i]);
            float vi = Math.fma(rest2 * gi, gi, beta2 * v[vOffset + i]);
            mi = mi + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
            vi = vi + FloatMath.SECOND_MOMENT_ROUNDER - FloatMath.SECOND_MOMENT_ROUNDER;
            m[mOffset + i] = mi;
            v[vOffset + i] = vi;
            w[wOffset + i] -= Math.fma(gRate, gi, mRate * mi) / Math.fma((float) Math.sqrt(vi), root, epsilon);
        }
    }

    @Override
    public void adamax(float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset, float[] u, int uOffset, int n,
            float rate, float beta1, float rest1, float beta2, float epsilon) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float mi = Math.fma(rest1, gi, beta1 * m[mOffset + i]);
            float ui = Math.max(beta2 * u[uOffset + i], Math.abs(gi));
            mi = mi + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
            ui = ui + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
            m[mOffset + i] = mi;
            u[uOffset + i] = ui;
            w[wOffset + i] -= rate * mi / (ui + epsilon);
        }
    }

    @Override
    public void adagrad(float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset, int n, float rate,
            float epsilon) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float vi = Math.fma(gi, gi, v[vOffset + i]);
            v[vOffset + i] = vi;
            w[wOffset + i] -= rate * gi / (float) Math.sqrt(vi + epsilon);
        }
    }

    @Override
    public void adadelta(float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset, float[] d, int dOffset, int n,
            float rate, float rho, float rest, float epsilon) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float di = d[dOffset + i];
            float vi = Math.fma(rest * gi, gi, rho * v[vOffset + i]);
            vi = vi + FloatMath.SECOND_MOMENT_ROUNDER - FloatMath.SECOND_MOMENT_ROUNDER;
            float step = gi * (float) Math.sqrt(di + epsilon) / (float) Math.sqrt(vi + epsilon);
            di = Math.fma(rest * step, step, rho * di);
            di = di + FloatMath.SECOND_MOMENT_ROUNDER - FloatMath.SECOND_MOMENT_ROUNDER;
            v[vOffset + i] = vi;
            d[dOffset + i] = di;
            w[wOffset + i] = Math.fma(-rate, step, w[wOffset + i]);
        }
    }

    @Override
    public void lion(float[] w, int wOffset, float[] g, int gOffset, float[] m, int mOffset, int n, float rate, float beta1,
            float rest1, float beta2, float rest2) {
        for (int i = 0; i < n; i++) {
            float gi = g[gOffset + i];
            float mi = m[mOffset + i];
            float direction = Math.fma(rest1, gi, beta1 * mi);
            float step = direction > 0f ? rate : direction < 0f ? -rate : direction; // which is 0 or NaN
            mi = Math.fma(rest2, gi, beta2 * mi);
            mi = mi + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
            m[mOffset + i] = mi;
            w[wOffset + i] -= step;
        }
    }

    @Override
    public void blend(float a, float[] x, int xOffset, float b, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            float yi = Math.fma(a, x[xOffset + i], b * y[yOffset + i]);
            y[yOffset + i] = yi + FloatMath.FIRST_MOMENT_ROUNDER - FloatMath.FIRST_MOMENT_ROUNDER;
        }
    }

    @Override
    public void scaleAndClip(float[] x, int xOffset, float factor, float limit, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = Math.min(Math.max(x[xOffset + i] * factor, -limit), limit);
        }
    }

    @Override
    public double squareSum(float[] x, int xOffset, int n) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int fours = n - n % 4;
        for (int i = xOffset; i < xOffset + fours; i += 4) {
            sum0 += (double) x[i] * x[i];
            sum1 += (double) x[i + 1] * x[i + 1];
            sum2 += (double) x[i + 2] * x[i + 2];
            sum3 += (double) x[i + 3] * x[i + 3];
        }
        for (int i = xOffset + fours; i < xOffset + n; i++) {
            sum0 += (double) x[i] * x[i];
        }
        return (sum0 + sum2) + (sum1 + sum3);
    }

    // -------------------------------------------------------------------------------------------- regularizers

    @Override
    public void weightPenalties(float[] w, int wOffset, float l1, float l2, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            float a = Math.abs(w[wOffset + i]);
            out[outOffset + i] = Math.fma(l2, a, l1) * a;
        }
    }

    @Override
    public void weightPenaltyGradient(float[] w, int wOffset, float l1, float l2, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            float wi = w[wOffset + i];
            out[outOffset + i] = Math.fma(2f * l2, wi, wi > 0f ? l1 : wi < 0f ? -l1 : 0f);
        }
    }
}
