package beras.kernels;

/**
 * Normalizations, by columns and by rows, their gradients, and the sums that they need.
 *
 * <p>An output of the shape of an input may be the same block (in place); it must not overlap an input otherwise. A column sum is
 * one chain of {@code fma} in increasing row order, from +0, in blocks of {@value FloatMath#SUM_ROWS} rows, whose sums are summed
 * as in {@link Sums#columnSums}; {@link Sums#rowSums} defines row sums.
 */
public final class Normalizations extends KernelGroup<ScalarNormalizations> {

    static final Normalizations IN_USE = inUse(new Normalizations(scalar(), Thresholds.SHARED_ELEMENTS));

    private final SimdKernel<ScalarNormalizations> columnProducts =
            ofColumns((k, t, n) -> { while (n-- > 0) { k.columnProducts(t.a, t.row, t.b, t.row, t.sums, 0, t.cols); } });
    private final SimdKernel<ScalarNormalizations> normalizeColumns =
            ofElements((k, t, n) -> { while (n-- > 0) { k.normalizeColumns(t.a, t.row, t.row, t.row, t.c, 0, t.rows); } });
    private final SimdKernel<ScalarNormalizations> normalizeColumnsGradient =
            ofElements((k, t, n) -> {
                while (n-- > 0) {
                    k.normalizeColumnsGradient(t.a, t.row, t.row, t.b, t.row, t.row, t.c, 0, t.rows);
                }
            });
    private final SimdKernel<ScalarNormalizations> normalizeRows =
            ofRows((k, t, n) -> { while (n-- > 0) { k.normalizeRows(t.a, t.row, t.row, 1f, t.c, t.pairs, 0, t.rows); } });
    private final SimdKernel<ScalarNormalizations> normalizeRowsGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.normalizeRowsGradient(t.a, t.pairs, t.row, t.b, t.c, 0, t.rows); } });
    private final SimdKernel<ScalarNormalizations> normalizeRowsScaleGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.normalizeRowsScaleGradient(t.a, t.pairs, t.b, t.sums, 0, t.cols); } });

    /** @param elements the number of elements from which on work is split */
    Normalizations(ScalarNormalizations live, int elements) {
        super(live, elements);
    }

    static ScalarNormalizations scalar() {
        ScalarElements elements = new ScalarElements();
        return new ScalarNormalizations(new ScalarSums(elements), elements, new RowLoops());
    }

    @Override
    ScalarNormalizations simd() {
        return new VectorNormalizations();
    }

    /** {@code out[c]} = the sum of {@code (a - aShift[c]) * (b - bShift[c])} over column {@code c} of {@code a} and {@code b}. */
    public void columnProducts(MatrixView a, MatrixView aShift, MatrixView b, MatrixView bShift, MatrixView out) {
        b.requireShape("b", a.rows, a.cols);
        aShift.requireSize("aShift", a.cols);
        bShift.requireSize("bShift", a.cols);
        out.requireSize("out", a.cols);
        splitColumns(columnProducts, a.rows, a.cols, (k, from, to) -> k.columnProducts(a, aShift, b, bShift, out, from, to));
    }

    /** {@code y = (x - mean[c]) * scale[c] + shift[c]}, an {@code fma}, on each row of {@code x}. */
    public void normalizeColumns(MatrixView x, MatrixView mean, MatrixView scale, MatrixView shift, MatrixView y) {
        y.requireShape("y", x.rows, x.cols);
        mean.requireSize("mean", x.cols);
        scale.requireSize("scale", x.cols);
        shift.requireSize("shift", x.cols);
        splitRows(normalizeColumns, x.rows, x.cols, (k, from, to) -> k.normalizeColumns(x, mean, scale, shift, y, from, to));
    }

    /**
     * {@code out = (upstream - upstreamMean[c]) * scale[c] - (x - mean[c]) * slope[c]} on each row; the second product and the
     * difference are one {@code fma}.
     */
    public void normalizeColumnsGradient(MatrixView upstream, MatrixView upstreamMean, MatrixView scale, MatrixView x,
            MatrixView mean, MatrixView slope, MatrixView out) {
        x.requireShape("x", upstream.rows, upstream.cols);
        out.requireShape("out", upstream.rows, upstream.cols);
        upstreamMean.requireSize("upstreamMean", x.cols);
        scale.requireSize("scale", x.cols);
        mean.requireSize("mean", x.cols);
        slope.requireSize("slope", x.cols);
        splitRows(normalizeColumnsGradient, x.rows, x.cols, (k, from, to) ->
                k.normalizeColumnsGradient(upstream, upstreamMean, scale, x, mean, slope, out, from, to));
    }

    /**
     * {@code y = n * scale[c] + shift[c]} with {@code n = (x - mean) * inverse} on each row of {@code x}, where {@code mean} and
     * {@code inverse = 1 / sqrt(variance + epsilon)} belong to the row.
     *
     * @param statistics receives {@code mean, inverse} of each row
     */
    public void normalizeRows(MatrixView x, MatrixView scale, MatrixView shift, float epsilon, MatrixView y,
            MatrixView statistics) {
        y.requireShape("y", x.rows, x.cols);
        scale.requireSize("scale", x.cols);
        shift.requireSize("shift", x.cols);
        statistics.requireShape("statistics", x.rows, 2);
        splitRows(normalizeRows, x.rows, x.cols, (k, from, to) ->
                k.normalizeRows(x, scale, shift, epsilon, y, statistics, from, to));
    }

    /**
     * {@code out = (g - mean(g) - n * mean(g * n)) * inverse} with {@code g = upstream * scale[c]} on each row: the gradient of
     * {@link #normalizeRows} to {@code x}.
     */
    public void normalizeRowsGradient(MatrixView x, MatrixView statistics, MatrixView scale, MatrixView upstream,
            MatrixView out) {
        statistics.requireShape("statistics", x.rows, 2);
        scale.requireSize("scale", x.cols);
        upstream.requireShape("upstream", x.rows, x.cols);
        out.requireShape("out", x.rows, x.cols);
        splitRows(normalizeRowsGradient, x.rows, x.cols, (k, from, to) ->
                k.normalizeRowsGradient(x, statistics, scale, upstream, out, from, to));
    }

    /** {@code out[c]} = the sum of {@code upstream * n} over column {@code c}: that to the scale. */
    public void normalizeRowsScaleGradient(MatrixView x, MatrixView statistics, MatrixView upstream, MatrixView out) {
        statistics.requireShape("statistics", x.rows, 2);
        upstream.requireShape("upstream", x.rows, x.cols);
        out.requireSize("out", x.cols);
        splitColumns(normalizeRowsScaleGradient, x.rows, x.cols, (k, from, to) ->
                k.normalizeRowsScaleGradient(x, statistics, upstream, out, from, to));
    }
}
