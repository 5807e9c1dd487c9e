package beras.kernels;

import java.util.Map;
import java.util.Objects;

/**
 * Functions of each element. Blocks are contiguous; an output may be the same block as an input (in place), but must not overlap it
 * otherwise.
 */
public final class Elements extends KernelGroup<ScalarElements> {

    static final Elements IN_USE = inUse(new Elements(new ScalarElements(), Thresholds.SHARED_ELEMENTS));

    final Map<UnaryOp, SimdKernel<ScalarElements>> map = ofEach(UnaryOp.class, ScalarMath.WITHOUT_VECTORS,
            op -> ofElements((k, t, n) -> { while (n-- > 0) { k.map(op, 1f, t.a, t.c, 0, t.size); } }));
    final Map<UnaryOp, SimdKernel<ScalarElements>> mapGradient = ofEach(UnaryOp.class, ScalarMath.SLOPES_WITHOUT_VECTORS,
            op -> ofElements((k, t, n) -> { while (n-- > 0) { k.mapGradient(op, 1f, t.a, t.b, t.c, t.d, 0, t.size); } }));
    final Map<BinaryOp, SimdKernel<ScalarElements>> zip = ofEach(BinaryOp.class, ScalarMath.OF_TWO_WITHOUT_VECTORS,
            op -> ofElements((k, t, n) -> {
                while (n-- > 0) {
                    k.zip(op, t.a.data, 0, t.cols, 1, t.b.data, 0, t.cols, 1, t.c, 0, t.rows, 0, t.cols);
                }
            }));
    private final SimdKernel<ScalarElements> biasRelu =
            ofElements((k, t, n) -> { while (n-- > 0) { k.biasActivation(UnaryOp.RELU, 1f, t.row, t.d, 0, t.rows); } });
    private final SimdKernel<ScalarElements> addBias =
            ofElements((k, t, n) -> { while (n-- > 0) { k.biasActivation(UnaryOp.LINEAR, 1f, t.row, t.d, 0, t.rows); } });
    final SimdKernel<ScalarElements> add =
            ofElements((k, t, n) -> { while (n-- > 0) { k.add(t.a.data, 0, t.c.data, 0, t.size); } });
    final SimdKernel<ScalarElements> addProducts =
            ofElements((k, t, n) -> { while (n-- > 0) { k.addProducts(t.a.data, 0, t.b.data, 0, t.c.data, 0, t.size); } });
    private final SimdKernel<ScalarElements> bytesToUnitRange =
            ofElements((k, t, n) -> { while (n-- > 0) { k.bytesToUnitRange(t.bytes, 0, t.c.data, 0, t.size); } });
    private final SimdKernel<ScalarElements> dropoutMask =
            ofElements((k, t, n) -> { while (n-- > 0) { k.dropoutMask(1L, 1L, 1f, t.c, 0, t.size); } });
    private final SimdKernel<ScalarElements> select =
            ofElements((k, t, n) -> { while (n-- > 0) { k.select(t.a, t.b, t.c, t.d, 0, t.size); } });
    private final SimdKernel<ScalarElements> scaleAndClip =
            ofElements((k, t, n) -> { while (n-- > 0) { k.scaleAndClip(t.a, 1f, -1f, 1f, t.c, 0, t.size); } });

    /** @param elements the number of elements from which on work is split */
    Elements(ScalarElements live, int elements) {
        super(live, elements);
    }

    @Override
    ScalarElements simd() {
        return new VectorElements();
    }

    /** Requests the kernels that each step of a network of Dense layers needs. */
    void requestUsual() {
        chosen(biasRelu, Thresholds.LARGE_CALL);
    }

    /** {@code y[i] = op(x[i])}. */
    public void map(UnaryOp op, float alpha, MatrixView x, MatrixView y) {
        int n = y.size();
        y.requireNoGaps("y");
        x.requireSize("x", n);
        splitElements(map.get(op), n, (k, from, to) -> k.map(op, alpha, x, y, from, to));
    }

    /**
     * {@code out[i] = upstream[i] * op'(x[i])}, given the output {@code y = op(x)}.
     *
     * @param x the input; may be the output if {@link UnaryOp#differentiableFromOutput}
     */
    public void mapGradient(UnaryOp op, float alpha, MatrixView x, MatrixView y, MatrixView upstream, MatrixView out) {
        int n = out.size();
        x.requireSize("x", n);
        y.requireSize("y", n);
        upstream.requireSize("upstream", n);
        out.requireNoGaps("out");
        splitElements(mapGradient.get(op), n, (k, from, to) -> k.mapGradient(op, alpha, x, y, upstream, out, from, to));
    }

    /** {@code y[i] = op(a[i], b[i])}; a block of one number counts against many. */
    public void zip(BinaryOp op, MatrixView a, MatrixView b, MatrixView y) {
        int n = y.size();
        y.requireNoGaps("y");
        a.requireSize("a", a.size() == 1 ? 1 : n);
        b.requireSize("b", b.size() == 1 ? 1 : n);
        splitElements(zip.get(op), n, (k, from, to) -> k.zip(op, a, b, y, from, to));
    }

    /**
     * {@code y[r][c] = op(a[aOffset + r * aRowStep + c * aColStep], b[bOffset + r * bRowStep + c * bColStep])}: operands of other
     * shapes, for a step of 0 repeats a number along the axis. {@code y} may have gaps. It may be an operand that is read
     * where {@code y} is written, but must not overlap one otherwise.
     *
     * @throws IndexOutOfBoundsException if an offset or a step is negative, or an array does not hold all that is read
     */
    public void zip(BinaryOp op, float[] a, int aOffset, int aRowStep, int aColStep, float[] b, int bOffset, int bRowStep,
            int bColStep, MatrixView y) {
        requireSteps("a", a.length, aOffset, aRowStep, aColStep, y);
        requireSteps("b", b.length, bOffset, bRowStep, bColStep, y);
        if (op == BinaryOp.POWER && bRowStep == 0 && bColStep == 0 && y.size() > 0 && b[bOffset] == 2f) {
            zip(BinaryOp.MULTIPLY, a, aOffset, aRowStep, aColStep, a, aOffset, aRowStep, aColStep, y);
            return;
        }
        if (y.rows < Threads.count()) {
            splitColumns(zip.get(op), y.rows, y.cols,
                    (k, from, to) -> k.zip(op, a, aOffset, aRowStep, aColStep, b, bOffset, bRowStep,
                    bColStep, y, 0, y.rows, from, to));
        } else {
            splitRows(zip.get(op), y.rows, y.cols,
                    (k, from, to) -> k.zip(op, a, aOffset, aRowStep, aColStep, b, bOffset, bRowStep,
                    bColStep, y, from, to, 0, y.cols));
        }
    }

    private static void requireSteps(String name, int length, int offset, int rowStep, int colStep, MatrixView y) {
        long last = y.size() == 0 ? -1 : offset + (y.rows - 1L) * rowStep + (y.cols - 1L) * colStep;
        if (offset < 0 || rowStep < 0 || colStep < 0 || last >= length) {
            throw new IndexOutOfBoundsException("An array " + name + " of " + length + " floats does not hold " + y.rows + " x "
                    + y.cols + " from offset " + offset + " in steps of " + rowStep + " a row and " + colStep + " a column");
        }
    }

    /** {@code y = op(x, b[r])} on each row {@code r}: one number of {@code b} against a whole row. */
    public void zipRows(BinaryOp op, MatrixView x, MatrixView b, MatrixView y) {
        y.requireNoGaps("y");
        x.requireDense("x", y.rows, y.cols);
        b.requireSize("b", y.rows);
        splitRows(zip.get(op), y.rows, y.cols, (k, from, to) -> k.zipRows(op, x, b, y, from, to));
    }

    /** {@code y = op(y + bias)} for some rows of a product, which may have gaps; without a bias if that is null. */
    void after(UnaryOp op, float alpha, MatrixView bias, MatrixView y, int rowFrom, int rowTo) {
        if (bias != null && op == UnaryOp.RELU) {
            chosen(biasRelu, y.size(), y.cols).biasActivation(op, alpha, bias, y, rowFrom, rowTo);
            return;
        }
        if (bias != null) {
            chosen(addBias, y.size(), y.cols).biasActivation(UnaryOp.LINEAR, alpha, bias, y, rowFrom, rowTo);
        }
        if (op != UnaryOp.LINEAR) {
            chosen(map.get(op), y.size(), y.cols).activation(op, alpha, y, rowFrom, rowTo);
        }
    }

    /** {@code out[i] = bytes[offset + i] / 255}, bytes taken as 0 to 255. */
    public void bytesToUnitRange(byte[] bytes, int offset, MatrixView out) {
        int n = out.size();
        out.requireNoGaps("out");
        Objects.checkFromIndexSize(offset, n, bytes.length);
        splitElements(bytesToUnitRange, n, (k, from, to) -> k.bytesToUnitRange(bytes, offset, out, from, to));
    }

    /**
     * {@link #bytesToUnitRange} of selected rows: row {@code i} of {@code out} is row {@code rows[first + i]} of {@code bytes},
     * whose rows have the same length and begin at {@code offset}.
     */
    public void bytesToUnitRangeByRow(byte[] bytes, int offset, int[] rows, int first, MatrixView out) {
        out.requireNoGaps("out");
        Objects.checkFromIndexSize(first, out.rows, rows.length);
        for (int i = first; i < first + out.rows; i++) {
            if (rows[i] < 0 || offset < 0 || offset + (rows[i] + 1L) * out.cols > bytes.length) {
                throw new IndexOutOfBoundsException("An array of " + bytes.length + " bytes does not hold row " + rows[i] + " of "
                        + out.cols + " from offset " + offset);
            }
        }
        splitRows(bytesToUnitRange, out.rows, out.cols, (k, from, to) ->
                k.bytesToUnitRangeByRow(bytes, offset, rows, first, out, from, to));
    }

    /**
     * {@code out[i]} = {@code value} if element {@code i} is kept, else 0. Elements {@code 2 j} and {@code 2 j + 1} are kept if the
     * low and the high 32 bits of number {@code j} of SplitMix64, started at {@code key}, are less than {@code threshold}.
     *
     * @param threshold the probability of keeping an element, times 2^32: from 0 to 2^32 - 1
     */
    public void dropoutMask(long key, long threshold, float value, MatrixView out) {
        int n = out.size();
        out.requireNoGaps("out");
        if (threshold < 0 || threshold > 0xffff_ffffL) {
            throw new IllegalArgumentException("The threshold must be from 0 to 2^32 - 1. Received: " + threshold);
        }
        splitElements(dropoutMask, n, (k, from, to) -> k.dropoutMask(key, threshold, value, out, from, to));
    }

    /** {@code y[i] = condition[i] != 0 ? a[i] : b[i]}; NaN is not 0. */
    public void select(MatrixView condition, MatrixView a, MatrixView b, MatrixView y) {
        int n = y.size();
        condition.requireSize("condition", n);
        a.requireSize("a", n);
        b.requireSize("b", n);
        y.requireNoGaps("y");
        splitElements(select, n, (k, from, to) -> k.select(condition, a, b, y, from, to));
    }

    /**
     * {@code y[i] = x[i]}, but at least {@code min} and at most {@code max}; NaN stays NaN.
     *
     * @throws IllegalArgumentException if {@code min} is not at most {@code max}
     */
    public void clip(MatrixView x, float min, float max, MatrixView y) {
        if (!(min <= max)) {
            throw new IllegalArgumentException("The minimum of clip must be at most its maximum. Received: " + min + " and " + max);
        }
        scaleAndClip(x, 1f, min, max, y);
    }

    /** {@code out[i] = x[i] * factor}, but at least {@code -limit} and at most {@code limit}. */
    public void scaleAndClip(MatrixView x, float factor, float limit, MatrixView out) {
        scaleAndClip(x, factor, -limit, limit, out);
    }

    private void scaleAndClip(MatrixView x, float factor, float min, float max, MatrixView out) {
        int n = out.size();
        x.requireSize("x", n);
        out.requireNoGaps("out");
        splitElements(scaleAndClip, n, (k, from, to) -> k.scaleAndClip(x, factor, min, max, out, from, to));
    }

    /** {@code out[i] = l1 |w[i]| + l2 w[i]^2}. */
    public void weightPenalties(MatrixView w, float l1, float l2, MatrixView out) {
        int n = out.size();
        w.requireSize("w", n);
        out.requireNoGaps("out");
        splitElements(n, (k, from, to) -> k.weightPenalties(w, l1, l2, out, from, to));
    }

    /** The derivative of {@link #weightPenalties}, {@code out[i] = l1 sign(w[i]) + 2 l2 w[i]}; the sign of 0 is 0. */
    public void weightPenaltyGradient(MatrixView w, float l1, float l2, MatrixView out) {
        int n = out.size();
        w.requireSize("w", n);
        out.requireNoGaps("out");
        splitElements(n, (k, from, to) -> k.weightPenaltyGradient(w, l1, l2, out, from, to));
    }
}
