package beras.kernels;

/**
 * The numeric primitives of BERAS, on flat arrays.
 *
 * <p>Every matrix is row-major. An array comes with the offset of its first element; {@code rows x cols} blocks are
 * dense (row stride = {@code cols}) unless a leading dimension {@code ld} says otherwise. Outputs may be the same array
 * region as an input of the same shape (in place), but must not overlap an input in any other way.
 *
 * <p><b>Bit contract.</b> A result is a pure function of the input bits: all implementations return the same bits,
 * whatever their vector width or number of threads. (A NaN is a NaN; which of the NaN bit patterns is not said.) It holds
 * because only correctly rounded operations ({@code + - * / sqrt fma}) are used, in an order that this interface fixes:
 * <ul>
 *   <li>an element of a matrix product is one chain of {@code fma} in increasing {@code k}, started at 0;
 *   <li>a column sum runs in increasing row order;
 *   <li>a row sum is folded over 16 virtual lanes, see {@link #rowSums};
 *   <li>{@code exp}, {@code log}, {@code tanh} and the logistic function are those of {@link FloatMath}.
 * </ul>
 *
 * <p>{@link Backend#kernels()} returns the implementation in use: it checks every range and splits large work over
 * threads. The others assume valid arguments.
 */
public interface Kernels {

    // ------------------------------------------------------------------------------------------ matrix product

    /**
     * {@code c = op(a) · op(b)}, where {@code op} transposes if asked; {@code op(a)} is {@code m x k}, {@code op(b)} is
     * {@code k x n}, {@code c} is {@code m x n} and is overwritten. With {@code k = 0} it becomes zero.
     *
     * @param lda elements between rows of {@code a} as it is stored ({@code k x m} if transposed)
     */
    void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc);

    /** {@code y = op(y + bias)} on each row of {@code y (rows, cols)}; {@code bias} has {@code cols} elements. */
    void biasActivation(UnaryOp op, float alpha, float[] y, int yOffset, int rows, int cols, float[] bias, int biasOffset);

    /**
     * A Dense layer's forward pass, {@code y = op(x · w + bias)}: {@code x (m, k)}, {@code w (k, n)}, {@code bias (n)},
     * {@code y (m, n)}.
     */
    default void dense(UnaryOp op, float alpha, int m, int n, int k, float[] x, int xOffset, float[] w, int wOffset,
            float[] bias, int biasOffset, float[] y, int yOffset) {
        gemm(false, false, m, n, k, x, xOffset, k, w, wOffset, n, y, yOffset, n);
        biasActivation(op, alpha, y, yOffset, m, n, bias, biasOffset);
    }

    // --------------------------------------------------------------------------------------------- elementwise

    /** {@code y[i] = op(x[i])}. */
    void map(UnaryOp op, float alpha, float[] x, int xOffset, float[] y, int yOffset, int n);

    /**
     * {@code out[i] = upstream[i] * op'(x[i])}, given the output {@code y = op(x)}.
     *
     * @param x the input; the output may stand in for it where {@link UnaryOp#differentiableFromOutput} says so
     */
    void mapGradient(UnaryOp op, float alpha, float[] x, int xOffset, float[] y, int yOffset, float[] upstream,
            int upstreamOffset, float[] out, int outOffset, int n);

    /** {@code y[i] = op(a[i * aStep], b[i * bStep])}; a step is 1, or 0 for one number against many. */
    void zip(BinaryOp op, float[] a, int aOffset, int aStep, float[] b, int bOffset, int bStep, float[] y, int yOffset, int n);

    /** {@code out[i] = (p[i] - t[i]) * scale}. */
    void scaledDifference(float[] p, int pOffset, float[] t, int tOffset, float scale, float[] out, int outOffset, int n);

    /** {@code out[i] = bytes[i] / 255}, bytes taken as 0 to 255. */
    void unitFloats(byte[] bytes, int bytesOffset, float[] out, int outOffset, int n);

    /**
     * {@link #unitFloats} of chosen rows: row {@code i} of {@code out (count, cols)} is row {@code rows[from + i]} of
     * {@code bytes}.
     */
    void unitFloatRows(byte[] bytes, int bytesOffset, int[] rows, int from, int count, int cols, float[] out, int outOffset);

    // ---------------------------------------------------------------------------------------------- reductions

    /**
     * {@code out[r]} = the sum of row {@code r} of {@code x (rows, cols)}.
     *
     * <p>The order is fixed: lane {@code j} of 16 adds the elements {@code j, j + 16, j + 32, ...} of the row in increasing
     * order, from +0; the 16 lanes are then folded in halves (lane {@code j} with lane {@code j + 8}, then 4, 2, 1). A row
     * longer than {@value FloatMath#BLOCK} is cut into blocks of that length, and the sums of the blocks are summed by the
     * same rule, which keeps the rounding error small.
     */
    void rowSums(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset);

    /** {@code out[r]} = the largest element of row {@code r} ({@code -Infinity} if {@code cols = 0}, NaN if one is NaN). */
    void rowMaxima(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset);

    /** {@code out[r]} = the index of the first largest element of row {@code r}; the first NaN counts as largest. */
    void rowArgMax(float[] x, int xOffset, int rows, int cols, int[] out, int outOffset);

    /** The number of rows for which {@link #rowArgMax} gives the same index in {@code a} and in {@code b}. */
    int rowArgMaxMatches(float[] a, int aOffset, float[] b, int bOffset, int rows, int cols);

    /** {@code out[c]} = the sum of column {@code c} of {@code x (rows, cols)}, in increasing row order from +0. */
    void columnSums(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset);

    /** {@code out[c]} = the largest element of column {@code c}, as {@link #rowMaxima}. */
    void columnMaxima(float[] x, int xOffset, int rows, int cols, float[] out, int outOffset);

    // ------------------------------------------------------------------------------- softmax and cross-entropy

    /**
     * Softmax of each row: {@code y = e / sum(e)} with {@code e = exp(x - max(x))}.
     *
     * @param logSumExp if not null, receives {@code max(x) + log(sum(e))} of each row
     */
    void softmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset, float[] logSumExp, int logSumExpOffset);

    /** {@code out = y * (upstream - sum(upstream * y))} on each row: the vector-Jacobian product of softmax. */
    void softmaxGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, int rows, int cols, float[] out,
            int outOffset);

    /** The logarithm of softmax of each row: {@code y = (x - max(x)) - log(sum(exp(x - max(x))))}. */
    void logSoftmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset);

    /** {@code out = upstream - exp(y) * sum(upstream)} on each row: the vector-Jacobian product of {@link #logSoftmax}. */
    void logSoftmaxGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, int rows, int cols, float[] out,
            int outOffset);

    /** {@code out[r] = -sum(t * log(clip(p, epsilon, 1 - epsilon)))} over row {@code r}; a term with {@code t = 0} is 0. */
    void crossEntropy(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float epsilon, float[] out,
            int outOffset);

    /** {@code out[i] = -(t[i] / clip(p[i], epsilon, 1 - epsilon)) * scale}; 0 where {@code t = 0}. */
    void crossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, float epsilon, float scale, float[] out,
            int outOffset, int n);

    /**
     * {@code out[r] = sum(t * (logSumExp[r] - x))} over row {@code r}: cross-entropy of softmax, from the logits {@code x}
     * and what {@link #softmax} stored; a term with {@code t = 0} is 0.
     */
    void softmaxCrossEntropy(float[] x, int xOffset, float[] logSumExp, int logSumExpOffset, float[] t, int tOffset,
            int rows, int cols, float[] out, int outOffset);

    /** {@code out = (p * sum(t) - t) * scale} on each row: the gradient of {@link #softmaxCrossEntropy} to the logits. */
    void softmaxCrossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale,
            float[] out, int outOffset);

    /** {@code out[r]} = the mean of {@code (p - t)^2} over row {@code r}. */
    void squaredErrors(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out, int outOffset);

    // ------------------------------------------------------------------------------------------------- losses

    /** {@code out[r] = sum(op(p, t)) / divisor} over row {@code r}. */
    void losses(LossOp op, float alpha, float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float divisor,
            float[] out, int outOffset);

    /** {@code out[i]} = the derivative of {@code op(p[i], t[i])} by {@code p[i]}, times {@code scale}. */
    void lossGradient(LossOp op, float alpha, float[] p, int pOffset, float[] t, int tOffset, float scale, float[] out,
            int outOffset, int n);

    /**
     * The gradient of {@link #crossEntropy} of rows that are first divided by their sums, times {@code scale}, on each row:
     * with {@code q = p / sum(p)} it is {@code (sum(t) - t / q) / sum(p)}, where no {@code t} counts whose {@code q} is
     * clipped.
     */
    void normalizedCrossEntropyGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float epsilon,
            float scale, float[] out, int outOffset);

    /** {@code out[r] = max(max((1 - t) p) - sum(t p) + 1, 0)} over row {@code r}. */
    void categoricalHinge(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out, int outOffset);

    /**
     * The gradient of {@link #categoricalHinge} times {@code scale}: 0 on rows whose loss is 0, else {@code -t}, and
     * {@code 1 - 2 t} where {@code (1 - t) p} is the (first) largest.
     */
    void categoricalHingeGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale, float[] out,
            int outOffset);

    /** {@code out[r] = -sum(p t) / (|p| |t|)} over row {@code r}; norms below 1e-7 count as 1e-7. */
    void negativeCosine(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float[] out, int outOffset);

    /** The gradient of {@link #negativeCosine} times {@code scale}, on each row. */
    void negativeCosineGradient(float[] p, int pOffset, float[] t, int tOffset, int rows, int cols, float scale, float[] out,
            int outOffset);

    /** {@code y = op(x, b[r])} on each row {@code r}: one number of {@code b} against a whole row. */
    void zipRows(BinaryOp op, float[] x, int xOffset, float[] b, int bOffset, int rows, int cols, float[] y, int yOffset);

    // --------------------------------------------------------------------------------------------- dropout

    /**
     * {@code out[i]} = {@code value} if element {@code i} is kept, else 0. Elements {@code 2 j} and {@code 2 j + 1} are kept if
     * the low and the high 32 bits of number {@code j} of SplitMix64, started at {@code key}, are less than {@code threshold}.
     *
     * @param threshold the probability to keep an element, times 2^32: from 0 to 2^32 - 1
     */
    void dropoutMask(long key, long threshold, float value, float[] out, int outOffset, int n);

    // ---------------------------------------------------------------------------------------------- optimizers

    /** {@code out[i] = x[i] * factor}, but at least {@code -limit} and at most {@code limit}. */
    void scaleAndClip(float[] x, int xOffset, float factor, float limit, float[] out, int outOffset, int n);

    /**
     * The sum of {@code x[i]^2} in double, which neither overflows nor underflows: part {@code j} of 4 adds the elements
     * {@code j, j + 4, ...} of the whole fours in increasing order from 0, part 0 also those that are left; then
     * {@code (0 + 2) + (1 + 3)}.
     */
    double squareSum(float[] x, int xOffset, int n);

    // -------------------------------------------------------------------------------------------- regularizers

    /** {@code out[i] = l1 |w[i]| + l2 w[i]^2}. */
    void weightPenalties(float[] w, int wOffset, float l1, float l2, float[] out, int outOffset, int n);

    /** The derivative of {@link #weightPenalties}, {@code out[i] = l1 sign(w[i]) + 2 l2 w[i]}; the sign of 0 is 0. */
    void weightPenaltyGradient(float[] w, int wOffset, float l1, float l2, float[] out, int outOffset, int n);
}
