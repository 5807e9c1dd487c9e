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
    public void scaledDifference(float[] p, int pOffset, float[] t, int tOffset, float scale, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = (p[pOffset + i] - t[tOffset + i]) * scale;
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

    // ------------------------------------------------------------------------------- softmax and cross-entropy

    @Override
    public void softmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset, float[] logSumExp,
            int logSumExpOffset) {
        float[] lanes = Scratch.lanes();
        for (int r = 0; r < rows; r++) {
            int xr = xOffset + r * cols;
            int yr = yOffset + r * cols;
            float max = rowMaximum(x, xr, cols);
            expOfDifference(x, xr, max, y, yr, cols);
            float sum = rowSum(y, yr, cols, lanes);
            divide(y, yr, sum, cols);
            if (logSumExp != null) {
                logSumExp[logSumExpOffset + r] = max + FloatMath.log(sum);
            }
        }
    }

    /** {@code y = exp(x - shift)}. */
    void expOfDifference(float[] x, int xOffset, float shift, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = FloatMath.exp(x[xOffset + i] - shift);
        }
    }

    /** {@code y = y / divisor}. */
    void divide(float[] y, int yOffset, float divisor, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] /= divisor;
        }
    }

    @Override
    public void softmaxGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, int rows, int cols, float[] out,
            int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] products = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            int yr = yOffset + r * cols;
            int ur = upstreamOffset + r * cols;
            int or = outOffset + r * cols;
            zip(BinaryOp.MULTIPLY, y, yr, 1, upstream, ur, 1, products, 0, cols);
            float sum = rowSum(products, 0, cols, lanes);
            for (int i = 0; i < cols; i++) {
                out[or + i] = y[yr + i] * (upstream[ur + i] - sum);
            }
        }
    }

    @Override
    public void logSoftmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            int xr = xOffset + r * cols;
            int yr = yOffset + r * cols;
            float max = rowMaximum(x, xr, cols);
            expOfDifference(x, xr, max, terms, 0, cols);
            float log = FloatMath.log(rowSum(terms, 0, cols, lanes));
            for (int i = 0; i < cols; i++) {
                y[yr + i] = x[xr + i] - max - log;
            }
        }
    }

    @Override
    public void logSoftmaxGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, int rows, int cols, float[] out,
            int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            int ur = upstreamOffset + r * cols;
            int or = outOffset + r * cols;
            float sum = rowSum(upstream, ur, cols, lanes);
            expOfDifference(y, yOffset + r * cols, 0f, terms, 0, cols);
            for (int i = 0; i < cols; i++) {
                out[or + i] = upstream[ur + i] - terms[i] * sum;
            }
        }
    }

    @Override
    public void crossEntropy(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float epsilon, float[] out,
            int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < cols; i++) {
                float ti = t[tOffset + r * cols + i];
                terms[i] = ti == 0f ? 0f : -ti * FloatMath.log(FloatMath.clip(p[pOffset + r * cols + i], epsilon));
            }
            out[outOffset + r] = rowSum(terms, 0, cols, lanes);
        }
    }

    @Override
    public void crossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, float epsilon, float scale, float[] out,
            int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            float ti = t[tOffset + i];
            out[outOffset + i] = ti == 0f ? 0f : -(ti / FloatMath.clip(p[pOffset + i], epsilon)) * scale;
        }
    }

    @Override
    public void softmaxCrossEntropy(float[] x, int xOffset, float[] logSumExp, int logSumExpOffset, float[] t, int tOffset,
            int rows, int cols, float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            float log = logSumExp[logSumExpOffset + r];
            for (int i = 0; i < cols; i++) {
                float ti = t[tOffset + r * cols + i];
                terms[i] = ti == 0f ? 0f : ti * (log - x[xOffset + r * cols + i]);
            }
            out[outOffset + r] = rowSum(terms, 0, cols, lanes);
        }
    }

    @Override
    public void softmaxCrossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale,
            float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        for (int r = 0; r < rows; r++) {
            int pr = pOffset + r * cols;
            int tr = tOffset + r * cols;
            int or = outOffset + r * cols;
            float sum = rowSum(t, tr, cols, lanes);
            for (int i = 0; i < cols; i++) {
                out[or + i] = (p[pr + i] * sum - t[tr + i]) * scale;
            }
        }
    }

    @Override
    public void squaredErrors(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] squares = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < cols; i++) {
                float d = p[pOffset + r * cols + i] - t[tOffset + r * cols + i];
                squares[i] = d * d;
            }
            out[outOffset + r] = rowSum(squares, 0, cols, lanes) / cols;
        }
    }

    // ------------------------------------------------------------------------------------------------- losses

    @Override
    public void losses(LossOp op, float alpha, float[] p, int pOffset, float[] t, int tOffset, int rows, int cols,
            float divisor, float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < cols; i++) {
                terms[i] = LossMath.apply(op, alpha, p[pOffset + r * cols + i], t[tOffset + r * cols + i]);
            }
            out[outOffset + r] = rowSum(terms, 0, cols, lanes) / divisor;
        }
    }

    @Override
    public void lossGradient(LossOp op, float alpha, float[] p, int pOffset, float[] t, int tOffset, float scale, float[] out,
            int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = LossMath.derivative(op, alpha, p[pOffset + i], t[tOffset + i]) * scale;
        }
    }

    @Override
    public void normalizedCrossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols,
            float epsilon, float scale, float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] counted = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            int pr = pOffset + r * cols;
            int or = outOffset + r * cols;
            float sum = rowSum(p, pr, cols, lanes);
            for (int i = 0; i < cols; i++) {
                counted[i] = LossMath.clips(p[pr + i] / sum, epsilon) ? 0f : t[tOffset + r * cols + i];
            }
            float truth = rowSum(counted, 0, cols, lanes);
            for (int i = 0; i < cols; i++) {
                float share = counted[i] == 0f ? 0f : counted[i] / (p[pr + i] / sum);
                out[or + i] = (truth - share) / sum * scale;
            }
        }
    }

    @Override
    public void categoricalHinge(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out,
            int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            othersOf(p, pOffset + r * cols, t, tOffset + r * cols, cols, terms);
            out[outOffset + r] = categoricalHinge(p, pOffset + r * cols, t, tOffset + r * cols, cols, terms, lanes);
        }
    }

    @Override
    public void categoricalHingeGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale,
            float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            int tr = tOffset + r * cols;
            othersOf(p, pOffset + r * cols, t, tr, cols, terms);
            int largest = argMax(terms, 0, cols);
            boolean flat = categoricalHinge(p, pOffset + r * cols, t, tr, cols, terms, lanes) == 0f;
            for (int i = 0; i < cols; i++) {
                float ti = t[tr + i];
                out[outOffset + r * cols + i] = flat ? 0f : ((i == largest ? 1f - ti : 0f) - ti) * scale;
            }
        }
    }

    /** {@code terms = (1 - t) p}: the predictions for the classes that are not the truth. */
    private static void othersOf(float[] p, int pOffset, float[] t, int tOffset, int n, float[] terms) {
        for (int i = 0; i < n; i++) {
            terms[i] = (1f - t[tOffset + i]) * p[pOffset + i];
        }
    }

    /** The loss of one row, from the {@code terms} of {@link #othersOf}, which it overwrites. */
    private float categoricalHinge(float[] p, int pOffset, float[] t, int tOffset, int n, float[] terms, float[] lanes) {
        float others = rowMaximum(terms, 0, n);
        zip(BinaryOp.MULTIPLY, p, pOffset, 1, t, tOffset, 1, terms, 0, n);
        return Math.max(others - rowSum(terms, 0, n, lanes) + 1f, 0f);
    }

    @Override
    public void negativeCosine(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            int pr = pOffset + r * cols;
            int tr = tOffset + r * cols;
            out[outOffset + r] = -(dot(p, pr, t, tr, cols, terms, lanes) / norm(p, pr, cols, terms, lanes)
                    / norm(t, tr, cols, terms, lanes));
        }
    }

    @Override
    public void negativeCosineGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale,
            float[] out, int outOffset) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(cols);
        for (int r = 0; r < rows; r++) {
            int pr = pOffset + r * cols;
            int tr = tOffset + r * cols;
            float pNorm = norm(p, pr, cols, terms, lanes);
            float tNorm = norm(t, tr, cols, terms, lanes);
            // At its floor the norm is a constant, and only the product depends on p.
            float cosine = pNorm == LossMath.FUZZ ? 0f : dot(p, pr, t, tr, cols, terms, lanes) / pNorm / tNorm;
            for (int i = 0; i < cols; i++) {
                out[outOffset + r * cols + i] = (cosine * (p[pr + i] / pNorm) - t[tr + i] / tNorm) / pNorm * scale;
            }
        }
    }

    private float dot(float[] a, int aOffset, float[] b, int bOffset, int n, float[] terms, float[] lanes) {
        zip(BinaryOp.MULTIPLY, a, aOffset, 1, b, bOffset, 1, terms, 0, n);
        return rowSum(terms, 0, n, lanes);
    }

    /** The length of a row as a vector, but at least {@link LossMath#FUZZ}. */
    private float norm(float[] x, int offset, int n, float[] terms, float[] lanes) {
        return Math.max((float) Math.sqrt(dot(x, offset, x, offset, n, terms, lanes)), LossMath.FUZZ);
    }

    @Override
    public void zipRows(BinaryOp op, float[] x, int xOffset, float[] b, int bOffset, int rows, int cols, float[] y,
            int yOffset) {
        for (int r = 0; r < rows; r++) {
            zip(op, x, xOffset + r * cols, 1, b, bOffset + r, 0, y, yOffset + r * cols, cols);
        }
    }

    // --------------------------------------------------------------------------------------------- dropout

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
