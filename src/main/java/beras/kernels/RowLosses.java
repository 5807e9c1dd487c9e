package beras.kernels;

/**
 * Losses of predictions {@code p} and targets {@code t}, one per row, and their gradients with respect to the predictions. Blocks
 * are contiguous; a gradient may overwrite an input (in place), but must not overlap it otherwise. {@link Sums#rowSums} defines
 * sums.
 */
public final class RowLosses extends KernelGroup<ScalarRowLosses> {

    static final RowLosses IN_USE = inUse(new RowLosses(scalar(), Thresholds.SHARED_ELEMENTS));

    /** Serves every {@link LossOp}: only the sum is computed with vectors. */
    private final SimdKernel<ScalarRowLosses> losses =
            ofRows((k, t, n) -> { while (n-- > 0) { k.losses(LossOp.SQUARED, 1f, t.a, t.b, 1f, t.column, 0, t.rows); } });
    private final SimdKernel<ScalarRowLosses> softmaxCrossEntropy =
            ofRows((k, t, n) -> { while (n-- > 0) { k.softmaxCrossEntropy(t.a, t.column, t.b, t.column, 0, t.rows); } });
    private final SimdKernel<ScalarRowLosses> softmaxCrossEntropyGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.softmaxCrossEntropyGradient(t.a, t.b, 1f, t.c, 0, t.rows); } });

    /** @param elements the number of elements from which on work is split */
    RowLosses(ScalarRowLosses live, int elements) {
        super(live, elements);
    }

    static ScalarRowLosses scalar() {
        return new ScalarRowLosses(new ScalarSums(new ScalarElements()));
    }

    /** Only sums of rows are worth lanes here. */
    @Override
    ScalarRowLosses simd() {
        return new ScalarRowLosses(new VectorSums());
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
     * {@code out = (p * sum(t) - t) * scale}: the gradient of {@link #softmaxCrossEntropy} with respect to the logits. It is
     * rounded like first moments, see {@link Update}: after long training probabilities are subnormal, and their products are slow.
     */
    public void softmaxCrossEntropyGradient(MatrixView p, MatrixView t, float scale, MatrixView out) {
        requireGradient(p, t, out);
        splitRows(softmaxCrossEntropyGradient, out.rows, out.cols, (k, from, to) ->
                k.softmaxCrossEntropyGradient(p, t, scale, out, from, to));
    }

    /**
     * The same for sparse targets: {@code labels} has the class index of each row. A row whose label is not a column, such as -1,
     * has no gradient.
     */
    public void softmaxCrossEntropyOfLabelsGradient(MatrixView p, MatrixView labels, float scale, MatrixView out) {
        p.requireDense("p", out.rows, out.cols);
        labels.requireSize("labels", out.rows);
        out.requireNoGaps("out");
        splitRows(out.rows, out.cols, (k, from, to) -> k.softmaxCrossEntropyOfLabelsGradient(p, labels, scale, out, from, to));
    }
}
