package beras.kernels;

import java.util.Map;
import java.util.Objects;

/**
 * Sums, products, maxima, argmax and minima, along rows and columns. Blocks are contiguous; an output must not overlap an input.
 *
 * <p><b>The order of a row sum</b> is fixed: lane {@code j} of 16 adds the elements {@code j, j + 16, j + 32, ...} of the row in
 * increasing order, from +0; the 16 lanes are then folded in halves (lane {@code j} with lane {@code j + 8}, then 4, 2, 1). A row
 * longer than {@value FloatMath#SUM_ROWS} is cut into blocks of that length, and the sums of the blocks are summed by the same
 * rule, which keeps the rounding error small. <b>A column sum</b> runs in increasing row order, from +0, in blocks of as many rows,
 * whose sums are summed likewise.
 */
public final class Sums extends KernelGroup<ScalarSums> {

    static final Sums IN_USE = inUse(new Sums(new ScalarSums(new ScalarElements()), Thresholds.SHARED_ELEMENTS));

    private final Map<BinaryOp, SimdKernel<ScalarSums>> rows = Map.of(BinaryOp.ADD, ofRows(BinaryOp.ADD),
            BinaryOp.MAXIMUM, ofRows(BinaryOp.MAXIMUM), BinaryOp.MINIMUM, ofRows(BinaryOp.MINIMUM));
    private final Map<BinaryOp, SimdKernel<ScalarSums>> columns = Map.of(
            BinaryOp.ADD, ofColumns((k, t, n) -> { while (n-- > 0) { k.reduceColumns(BinaryOp.ADD, t.a, t.sums, 0, t.cols); } }),
            BinaryOp.MAXIMUM, folding(BinaryOp.MAXIMUM), BinaryOp.MINIMUM, folding(BinaryOp.MINIMUM),
            BinaryOp.MULTIPLY, folding(BinaryOp.MULTIPLY));
    private final SimdKernel<ScalarSums> finite =
            ofElements((k, t, n) -> { while (n-- > 0) { t.column.data[0] = k.isFinite(t.a, 0, t.size) ? 1f : 0f; } });

    private static SimdKernel<ScalarSums> ofRows(BinaryOp op) {
        return ofRows((k, t, n) -> { while (n-- > 0) { k.reduceRows(op, t.a, t.column, 0, t.rows); } });
    }

    private static SimdKernel<ScalarSums> folding(BinaryOp op) {
        return ofRows((k, t, n) -> { while (n-- > 0) { k.reduceColumns(op, t.a, t.sums, 0, t.cols); } });
    }

    /** @param elements the number of elements from which on work is split */
    Sums(ScalarSums live, int elements) {
        super(live, elements);
    }

    @Override
    ScalarSums simd() {
        return new VectorSums();
    }

    /**
     * {@code out[r]} = row {@code r} of {@code x} reduced by an operation: its sum, product, maximum or minimum. A product is a
     * chain from 1 in increasing column order. For an empty row the maximum is {@code -Infinity} and the minimum {@code Infinity};
     * for a row with a NaN both are NaN.
     *
     * @param op {@code ADD}, {@code MULTIPLY}, {@code MAXIMUM} or {@code MINIMUM}
     */
    public void reduceRows(BinaryOp op, MatrixView x, MatrixView out) {
        x.requireNoGaps("x");
        out.requireSize("out", x.rows);
        splitRows(rows.get(op), x.rows, x.cols, (k, from, to) -> k.reduceRows(op, x, out, from, to));
    }

    /**
     * {@code out[r][c]} = the sum of the elements of row {@code r} up to column {@code c}, or from column {@code c} on: a chain
     * in double from +0, in increasing or decreasing column order, rounded to float at each element.
     *
     * @param reversed whether it runs from the last element to the first
     */
    public void cumulativeSums(MatrixView x, boolean reversed, MatrixView out) {
        x.requireDense("x", out.rows, out.cols);
        out.requireNoGaps("out");
        splitRows(x.rows, x.cols, (k, from, to) -> k.cumulativeSums(x, reversed, out, from, to));
    }

    /** {@code out[outOffset + r]} = the index of the first largest element of row {@code r}; the first NaN is the largest. */
    public void rowArgMax(MatrixView x, int[] out, int outOffset) {
        x.requireNoGaps("x");
        Objects.checkFromIndexSize(outOffset, x.rows, out.length);
        splitRows(x.rows, x.cols, (k, from, to) -> k.rowArgMax(x, out, outOffset, from, to));
    }

    /** The number of rows for which {@link #rowArgMax} is the same in {@code a} and in {@code b}. */
    public int rowArgMaxMatches(MatrixView a, MatrixView b) {
        a.requireNoGaps("a");
        b.requireDense("b", a.rows, a.cols);
        return live().rowArgMaxMatches(a, b);
    }

    /** {@code out[c]} = column {@code c} of {@code x} reduced by an operation, as {@link #reduceRows}. */
    public void reduceColumns(BinaryOp op, MatrixView x, MatrixView out) {
        x.requireNoGaps("x");
        out.requireSize("out", x.cols);
        splitColumns(columns.get(op), x.rows, x.cols, (k, from, to) -> k.reduceColumns(op, x, out, from, to));
    }

    /** Whether no element is NaN or infinite. */
    public boolean isFinite(MatrixView x) {
        x.requireNoGaps("x");
        return chosen(finite, x.size()).isFinite(x, 0, x.size()); // in this thread: it takes as long as waking another
    }

    /**
     * The sum of {@code x[i]^2} in double, which neither overflows nor underflows: part {@code j} of 4 adds the elements {@code j,
     * j + 4, ...} of the complete groups of four in increasing order from 0, part 0 also the remaining elements; then {@code (0 +
     * 2) + (1 + 3)}.
     */
    public double squareSum(MatrixView x) {
        x.requireNoGaps("x");
        return live().squareSum(x);
    }
}
