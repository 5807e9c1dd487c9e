package beras.kernels;

import java.util.Arrays;

/** The definition of {@link Sums}, in plain Java. */
class ScalarSums {

    private final ScalarElements elements;

    ScalarSums(ScalarElements elements) {
        this.elements = elements;
    }

    final void reduceRows(BinaryOp op, MatrixView x, MatrixView out, int from, int to) {
        switch (op) {
            case ADD -> rowSums(x, out, from, to);
            case MULTIPLY -> rowProducts(x, out, from, to);
            case MAXIMUM -> rowMaxima(1f, x, out, from, to);
            case MINIMUM -> rowMaxima(-1f, x, out, from, to);
            default -> throw noReduction(op);
        }
    }

    private void rowSums(MatrixView x, MatrixView out, int from, int to) {
        float[] lanes = Scratch.lanes();
        for (int r = from; r < to; r++) {
            out.data[out.offset + r] = rowSum(x.data, x.row(r), x.cols, lanes);
        }
    }

    /** The sum of one row; {@code lanes} is {@link Scratch#lanes}. */
    final float rowSum(float[] x, int offset, int n, float[] lanes) {
        return n <= FloatMath.SUM_ROWS ? blockSum(x, offset, n, lanes) : sumOfBlocks(x, offset, n, 1, lanes);
    }

    /**
     * The sum of a longer row. The sums of blocks are added to lanes one by one, without storing all; the next level, of blocks of
     * blocks, has separate lanes.
     */
    private float sumOfBlocks(float[] x, int offset, int n, int level, float[] lanes) {
        int size = 1 << FloatMath.SUM_ROWS_BITS * level; // elements of a block
        if ((n - 1) / size >= FloatMath.SUM_ROWS) {
            return sumOfBlocks(x, offset, n, level + 1, lanes);
        }
        int own = FloatMath.LANES * level;
        Arrays.fill(lanes, own, own + FloatMath.LANES, 0f);
        for (int i = 0; i <= (n - 1) / size; i++) {
            int length = Math.min(size, n - i * size);
            lanes[own + i % FloatMath.LANES] += level == 1 ? blockSum(x, offset + i * size, length, lanes)
                    : sumOfBlocks(x, offset + i * size, length, level - 1, lanes);
        }
        System.arraycopy(lanes, own, lanes, 0, FloatMath.LANES);
        return FloatMath.foldSum(lanes);
    }

    /** The number of blocks of {@code n} numbers. */
    static int blocks(int n) {
        return (int) ((n + (FloatMath.SUM_ROWS - 1L)) / FloatMath.SUM_ROWS);
    }

    /** The sum of at most {@value FloatMath#SUM_ROWS} elements, folded over 16 lanes. */
    float blockSum(float[] x, int offset, int n, float[] lanes) {
        Arrays.fill(lanes, 0, FloatMath.LANES, 0f);
        for (int i = 0; i < n; i++) {
            lanes[i % FloatMath.LANES] += x[offset + i];
        }
        return FloatMath.foldSum(lanes);
    }

    /** @param sign 1, or -1 for minima */
    private void rowMaxima(float sign, MatrixView x, MatrixView out, int from, int to) {
        for (int r = from; r < to; r++) {
            out.data[out.offset + r] = sign * signedMaximum(sign, x.data, x.row(r), x.cols);
        }
    }

    final float rowMaximum(float[] x, int offset, int n) {
        return signedMaximum(1f, x, offset, n);
    }

    /** The largest of {@code sign * x[i]}: a minimum is a maximum of opposites. */
    float signedMaximum(float sign, float[] x, int offset, int n) {
        int largest = inOrder(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, inOrder(sign * x[offset + i]));
        }
        return fromOrder(largest);
    }

    private static void rowProducts(MatrixView x, MatrixView out, int from, int to) {
        for (int r = from; r < to; r++) {
            int row = x.row(r);
            float product = 1f;
            for (int c = 0; c < x.cols; c++) {
                product *= x.data[row + c];
            }
            out.data[out.offset + r] = product;
        }
    }

    final void cumulativeSums(MatrixView x, boolean reversed, MatrixView out, int from, int to) {
        for (int r = from; r < to; r++) {
            int first = reversed ? x.cols - 1 : 0;
            int step = reversed ? -1 : 1;
            int xr = x.row(r) + first;
            int or = out.row(r) + first;
            double sum = 0;
            for (int i = 0; i < x.cols; i++) {
                sum += x.data[xr + i * step];
                out.data[or + i * step] = (float) sum;
            }
        }
    }

    final void rowArgMax(MatrixView x, int[] out, int outOffset, int from, int to) {
        for (int r = from; r < to; r++) {
            out[outOffset + r] = argMax(x.data, x.row(r), x.cols);
        }
    }

    final int rowArgMaxMatches(MatrixView a, MatrixView b) {
        int matches = 0;
        for (int r = 0; r < a.rows; r++) {
            matches += argMax(a.data, a.row(r), a.cols) == argMax(b.data, b.row(r), b.cols) ? 1 : 0;
        }
        return matches;
    }

    static int argMax(float[] x, int offset, int n) {
        int best = 0;
        int largest = Integer.MIN_VALUE;
        for (int i = 0; i < n; i++) {
            int rank = inOrder(x[offset + i] + 0f); // -0 is as large as 0
            best = rank > largest ? i : best;
            largest = Math.max(rank, largest);
        }
        return best;
    }

    /**
     * Ints in the order of floats, -0 before 0, NaN last. The largest of ints is chosen branch-free, because the branch
     * would be unpredictable.
     */
    private static int inOrder(float x) {
        return reverseNegatives(Float.floatToIntBits(x));
    }

    private static float fromOrder(int rank) {
        return Float.intBitsToFloat(reverseNegatives(rank));
    }

    /** The bits of negative floats are in the order of their absolute values. Done twice, it changes nothing. */
    private static int reverseNegatives(int bits) {
        return bits ^ bits >> 31 >>> 1;
    }

    final void reduceColumns(BinaryOp op, MatrixView x, MatrixView out, int from, int to) {
        switch (op) {
            case ADD -> columnSums(x.data, x.offset + from, x.stride, x.rows, out.data, out.offset + from, to - from);
            case MULTIPLY -> foldRows(op, 1f, x, out, from, to);
            case MAXIMUM -> foldRows(op, Float.NEGATIVE_INFINITY, x, out, from, to);
            case MINIMUM -> foldRows(op, Float.POSITIVE_INFINITY, x, out, from, to);
            default -> throw noReduction(op);
        }
    }

    private static IllegalArgumentException noReduction(BinaryOp op) {
        return new IllegalArgumentException("a reduction is ADD, MULTIPLY, MAXIMUM or MINIMUM. Received: " + op);
    }

    /** The sums of {@code n} columns. */
    final void columnSums(float[] x, int offset, int stride, int rows, float[] out, int outOffset, int n) {
        while (rows > FloatMath.SUM_ROWS) {
            int blocks = blocks(rows);
            float[] sums = new float[blocks * n];
            for (int i = 0; i < blocks; i++) {
                int first = i * FloatMath.SUM_ROWS;
                blockSums(x, offset + first * stride, stride, Math.min(FloatMath.SUM_ROWS, rows - first), sums, i * n, n);
            }
            x = sums;
            offset = 0;
            stride = n;
            rows = blocks;
        }
        blockSums(x, offset, stride, rows, out, outOffset, n);
    }

    /** The sums of at most {@value FloatMath#SUM_ROWS} rows. */
    private void blockSums(float[] x, int xOffset, int stride, int rows, float[] out, int outOffset, int n) {
        Arrays.fill(out, outOffset, outOffset + n, 0f);
        addRows(rows, x, xOffset, stride, out, outOffset, n);
    }

    /** Adds to {@code n} numbers one row after the other. */
    void addRows(int rows, float[] x, int xOffset, int stride, float[] out, int outOffset, int n) {
        for (int r = 0; r < rows; r++) {
            elements.add(x, xOffset + r * stride, out, outOffset, n);
        }
    }

    private void foldRows(BinaryOp op, float first, MatrixView x, MatrixView out, int from, int to) {
        int outOffset = out.offset + from;
        Arrays.fill(out.data, outOffset, out.offset + to, first);
        for (int r = 0; r < x.rows; r++) {
            elements.zipRow(op, out.data, outOffset, 1, x.data, x.row(r) + from, 1, out.data, outOffset, to - from);
        }
    }

    boolean isFinite(MatrixView x, int from, int to) {
        return ScalarProducts.isFinite(x.data, x.offset + from, 0, 1, to - from);
    }

    final double squareSum(MatrixView block) {
        float[] x = block.data;
        int offset = block.offset;
        int n = block.size();
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int fours = n - n % 4;
        for (int i = offset; i < offset + fours; i += 4) {
            sum0 += (double) x[i] * x[i];
            sum1 += (double) x[i + 1] * x[i + 1];
            sum2 += (double) x[i + 2] * x[i + 2];
            sum3 += (double) x[i + 3] * x[i + 3];
        }
        for (int i = offset + fours; i < offset + n; i++) {
            sum0 += (double) x[i] * x[i];
        }
        return (sum0 + sum2) + (sum1 + sum3);
    }
}
