package beras.kernels;

/**
 * Softmax and its logarithm, on each row. Blocks are contiguous; an output may be the same block as an input (in place), but must
 * not overlap it otherwise. {@link Sums#rowSums} defines sums.
 */
public final class Softmaxes extends KernelGroup<ScalarSoftmaxes> {

    static final Softmaxes IN_USE = inUse(new Softmaxes(scalar(), Thresholds.SHARED_EXPONENTIALS));

    final SimdKernel<ScalarSoftmaxes> softmax =
            ofRows((k, t, n) -> { while (n-- > 0) { k.softmax(t.a, t.c, t.column, 0, t.rows); } });
    private final SimdKernel<ScalarSoftmaxes> softmaxGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.softmaxGradient(t.a, t.b, t.c, 0, t.rows); } });
    private final SimdKernel<ScalarSoftmaxes> logSoftmax =
            ofRows((k, t, n) -> { while (n-- > 0) { k.logSoftmax(t.a, t.c, 0, t.rows); } });
    private final SimdKernel<ScalarSoftmaxes> logSoftmaxGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.logSoftmaxGradient(t.a, t.b, t.c, 0, t.rows); } });

    /** @param elements the number of elements from which on work is split */
    Softmaxes(ScalarSoftmaxes live, int elements) {
        super(live, elements);
    }

    static ScalarSoftmaxes scalar() {
        ScalarElements elements = new ScalarElements();
        return new ScalarSoftmaxes(new ScalarSums(elements), elements, new RowLoops());
    }

    @Override
    ScalarSoftmaxes simd() {
        return new VectorSoftmaxes();
    }

    /**
     * {@code y = e / sum(e)} with {@code e = exp(x - max(x))}.
     *
     * @param y         null if not needed
     * @param logSumExp receives {@code max(x) + log(sum(e))} of each row; null if not needed
     */
    public void softmax(MatrixView x, MatrixView y, MatrixView logSumExp) {
        x.requireNoGaps("x");
        if (y != null) {
            y.requireDense("y", x.rows, x.cols);
        }
        if (logSumExp != null) {
            logSumExp.requireSize("logSumExp", x.rows);
        }
        splitRows(softmax, x.rows, x.cols, (k, from, to) -> k.softmax(x, y, logSumExp, from, to));
    }

    /** {@code out = y * (upstream - sum(upstream * y))}: the vector-Jacobian product of {@link #softmax}. */
    public void softmaxGradient(MatrixView y, MatrixView upstream, MatrixView out) {
        y.requireDense("y", out.rows, out.cols);
        upstream.requireDense("upstream", out.rows, out.cols);
        out.requireNoGaps("out");
        splitRows(softmaxGradient, out.rows, out.cols, (k, from, to) -> k.softmaxGradient(y, upstream, out, from, to));
    }

    /** The logarithm of softmax: {@code y = (x - max(x)) - log(sum(exp(x - max(x))))}. */
    public void logSoftmax(MatrixView x, MatrixView y) {
        x.requireDense("x", y.rows, y.cols);
        y.requireNoGaps("y");
        splitRows(logSoftmax, y.rows, y.cols, (k, from, to) -> k.logSoftmax(x, y, from, to));
    }

    /** {@code out = upstream - exp(y) * sum(upstream)}: the vector-Jacobian product of {@link #logSoftmax}. */
    public void logSoftmaxGradient(MatrixView y, MatrixView upstream, MatrixView out) {
        y.requireDense("y", out.rows, out.cols);
        upstream.requireDense("upstream", out.rows, out.cols);
        out.requireNoGaps("out");
        splitRows(logSoftmaxGradient, out.rows, out.cols, (k, from, to) -> k.logSoftmaxGradient(y, upstream, out, from, to));
    }
}
