package beras.kernels;

/**
 * Losses of predictions {@code p} and their truth {@code t}, one for each row, and their gradients to the predictions. Blocks
 * have no gaps; a gradient may be written over an input (in place), but must not overlap it otherwise. Sums are those of
 * {@link Sums#rowSums}.
 */
public final class RowLosses extends KernelGroup<ScalarRowLosses> {

    static final RowLosses IN_USE = inUse(new RowLosses(scalar(), Thresholds.SHARED_ELEMENTS));

    /** Serves every {@link LossOp}: only the sum is computed with vectors. */
    private final SimdKernel<ScalarRowLosses> losses =
            ofRows((k, t, n) -> { while (n-- > 0) { k.losses(LossOp.SQUARED, 1f, t.a, t.b, 1f, t.column, 0, t.rows); } });
    private final SimdKernel<ScalarRowLosses> crossEntropy =
            ofRows((k, t, n) -> { while (n-- > 0) { k.crossEntropy(t.a, t.b, 1e-7f, t.column, 0, t.rows); } });
    private final SimdKernel<ScalarRowLosses> normalizedCrossEntropyGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.normalizedCrossEntropyGradient(t.a, t.b, 1e-7f, 1f, t.c, 0, t.rows); } });
    private final SimdKernel<ScalarRowLosses> softmaxCrossEntropy =
            ofRows((k, t, n) -> { while (n-- > 0) { k.softmaxCrossEntropy(t.a, t.column, t.b, t.column, 0, t.rows); } });
    private final SimdKernel<ScalarRowLosses> softmaxCrossEntropyGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.softmaxCrossEntropyGradient(t.a, t.b, 1f, t.c, 0, t.rows); } });
    private final SimdKernel<ScalarRowLosses> negativeCosine =
            ofRows((k, t, n) -> { while (n-- > 0) { k.negativeCosine(t.a, t.b, t.column, 0, t.rows); } });
    private final SimdKernel<ScalarRowLosses> negativeCosineGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.negativeCosineGradient(t.a, t.b, 1f, t.c, 0, t.rows); } });

    /** @param elements from so many on, work is split */
    RowLosses(ScalarRowLosses live, int elements) {
        super(live, elements);
    }

    static ScalarRowLosses scalar() {
        ScalarElements elements = new ScalarElements();
        return new ScalarRowLosses(new ScalarSums(elements), elements);
    }

    /** Only sums and products of rows are worth lanes here. */
    @Override
    ScalarRowLosses simd() {
        return new ScalarRowLosses(new VectorSums(), new VectorElements());
    }

    private static void requireLosses(MatrixView p, MatrixView t, MatrixView out) {
        p.requireNoGaps("p");
        t.requireDense("t", p.rows, p.cols);
        out.requireSize("out", p.rows);
    }

    private static void requireGradient(MatrixView p, MatrixView t, MatrixView out) {
        p.requireDense("p", out.rows, out.cols);
        t.requireDense("t", out.rows, out.cols);
        out.requireNoGaps("out");
    }

    /** {@code out[r] = sum(op(p, t)) / divisor} over row {@code r}. */
    public void losses(LossOp op, float alpha, MatrixView p, MatrixView t, float divisor, MatrixView out) {
        requireLosses(p, t, out);
        splitRows(losses, p.rows, p.cols, (k, from, to) -> k.losses(op, alpha, p, t, divisor, out, from, to));
    }

    /** {@code out[i]} = the derivative of {@code op(p[i], t[i])} by {@code p[i]}, times {@code scale}. */
    public void lossGradient(LossOp op, float alpha, MatrixView p, MatrixView t, float scale, MatrixView out) {
        requireGradient(p, t, out);
        splitElements(out.size(), (k, from, to) ->
                k.lossGradient(op, alpha, p, t, scale, out, from, to));
    }

    /** {@code out[r] = -sum(t * log(clip(p, epsilon, 1 - epsilon)))} over row {@code r}; a term with {@code t = 0} is 0. */
    public void crossEntropy(MatrixView p, MatrixView t, float epsilon, MatrixView out) {
        requireLosses(p, t, out);
        splitRows(crossEntropy, p.rows, p.cols, (k, from, to) -> k.crossEntropy(p, t, epsilon, out, from, to));
    }

    /** {@code out[i] = -(t[i] / clip(p[i], epsilon, 1 - epsilon)) * scale}; 0 where {@code t = 0}. */
    public void crossEntropyGradient(MatrixView p, MatrixView t, float epsilon, float scale, MatrixView out) {
        requireGradient(p, t, out);
        splitElements(out.size(), (k, from, to) ->
                k.crossEntropyGradient(p, t, epsilon, scale, out, from, to));
    }

    /**
     * The gradient of {@link #crossEntropy} of rows that are first divided by their sums, times {@code scale}: with
     * {@code q = p / sum(p)} it is {@code (sum(t) - t / q) / sum(p)}, where no {@code t} counts whose {@code q} is clipped.
     */
    public void normalizedCrossEntropyGradient(MatrixView p, MatrixView t, float epsilon, float scale, MatrixView out) {
        requireGradient(p, t, out);
        splitRows(normalizedCrossEntropyGradient, out.rows, out.cols, (k, from, to) ->
                k.normalizedCrossEntropyGradient(p, t, epsilon, scale, out, from, to));
    }

    /**
     * {@code out[r] = sum(t * (logSumExp[r] - x))} over row {@code r}: cross-entropy of softmax, from the logits {@code x} and
     * what {@link Softmaxes#softmax} left; a term with {@code t = 0} is 0.
     */
    public void softmaxCrossEntropy(MatrixView x, MatrixView logSumExp, MatrixView t, MatrixView out) {
        x.requireNoGaps("x");
        logSumExp.requireSize("logSumExp", x.rows);
        t.requireDense("t", x.rows, x.cols);
        out.requireSize("out", x.rows);
        splitRows(softmaxCrossEntropy, x.rows, x.cols, (k, from, to) -> k.softmaxCrossEntropy(x, logSumExp, t, out, from, to));
    }

    /**
     * {@code out = (p * sum(t) - t) * scale}: the gradient of {@link #softmaxCrossEntropy} to the logits. It is rounded as first
     * moments are, see {@link Update}: a net that has learnt for long has subnormal probabilities, and products of those are
     * slow.
     */
    public void softmaxCrossEntropyGradient(MatrixView p, MatrixView t, float scale, MatrixView out) {
        requireGradient(p, t, out);
        splitRows(softmaxCrossEntropyGradient, out.rows, out.cols, (k, from, to) ->
                k.softmaxCrossEntropyGradient(p, t, scale, out, from, to));
    }

    /** {@code out[r] = -sum(p t) / (|p| |t|)} over row {@code r}; norms below 1e-7 count as 1e-7. */
    public void negativeCosine(MatrixView p, MatrixView t, MatrixView out) {
        requireLosses(p, t, out);
        splitRows(negativeCosine, p.rows, p.cols, (k, from, to) -> k.negativeCosine(p, t, out, from, to));
    }

    /** The gradient of {@link #negativeCosine} times {@code scale}. */
    public void negativeCosineGradient(MatrixView p, MatrixView t, float scale, MatrixView out) {
        requireGradient(p, t, out);
        splitRows(negativeCosineGradient, out.rows, out.cols, (k, from, to) ->
                k.negativeCosineGradient(p, t, scale, out, from, to));
    }
}
