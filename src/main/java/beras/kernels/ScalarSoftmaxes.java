package beras.kernels;

/** The definition of {@link Softmaxes}, in plain Java. */
class ScalarSoftmaxes {

    private final ScalarSums sums;
    private final ScalarElements elements;
    private final RowLoops loops;

    ScalarSoftmaxes(ScalarSums sums, ScalarElements elements, RowLoops loops) {
        this.sums = sums;
        this.elements = elements;
        this.loops = loops;
    }

    void softmax(MatrixView x, MatrixView y, MatrixView logSumExp, int from, int to) {
        float[] lanes = Scratch.lanes();
        float[] values = y == null ? Scratch.floats(x.cols) : y.data;
        for (int r = from; r < to; r++) {
            float log = softmaxOfRow(x.data, x.row(r), values, y == null ? 0 : y.row(r), x.cols, lanes);
            if (logSumExp != null) {
                logSumExp.data[logSumExp.offset + r] = log;
            }
        }
    }

    /** The softmax of a row; returns the logarithm of the sum of exponentials. {@code lanes} is {@link Scratch#lanes}. */
    final float softmaxOfRow(float[] x, int xOffset, float[] y, int yOffset, int cols, float[] lanes) {
        float max = sums.rowMaximum(x, xOffset, cols);
        expOfDifference(x, xOffset, max, y, yOffset, cols);
        float sum = sums.rowSum(y, yOffset, cols, lanes);
        loops.divide(sum, y, yOffset, cols);
        return max + ScalarMath.log(sum);
    }

    /** {@code y = exp(x - shift)}. */
    void expOfDifference(float[] x, int xOffset, float shift, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = ScalarMath.exp(x[xOffset + i] - shift);
        }
    }

    final void softmaxGradient(MatrixView y, MatrixView upstream, MatrixView out, int from, int to) {
        for (int r = from; r < to; r++) {
            softmaxGradientOfRow(y.data, y.row(r), upstream.data, upstream.row(r), out.data, out.row(r), y.cols);
        }
    }

    final void softmaxGradientOfRow(float[] y, int yOffset, float[] upstream, int upstreamOffset, float[] out, int outOffset, int cols) {
        float[] products = Scratch.floats(cols);
        elements.products(y, yOffset, upstream, upstreamOffset, products, 0, cols);
        float sum = sums.rowSum(products, 0, cols, Scratch.lanes());
        for (int i = 0; i < cols; i++) {
            out[outOffset + i] = y[yOffset + i] * (upstream[upstreamOffset + i] - sum);
        }
    }

    final void logSoftmax(MatrixView x, MatrixView y, int from, int to) {
        float[] lanes = Scratch.lanes();
        int cols = x.cols;
        float[] terms = Scratch.floats(cols);
        for (int r = from; r < to; r++) {
            int xr = x.row(r);
            int yr = y.row(r);
            float max = sums.rowMaximum(x.data, xr, cols);
            expOfDifference(x.data, xr, max, terms, 0, cols);
            float log = ScalarMath.log(sums.rowSum(terms, 0, cols, lanes));
            for (int i = 0; i < cols; i++) {
                y.data[yr + i] = x.data[xr + i] - max - log;
            }
        }
    }

    final void logSoftmaxGradient(MatrixView y, MatrixView upstream, MatrixView out, int from, int to) {
        float[] lanes = Scratch.lanes();
        int cols = y.cols;
        float[] terms = Scratch.floats(cols);
        for (int r = from; r < to; r++) {
            int ur = upstream.row(r);
            int or = out.row(r);
            float sum = sums.rowSum(upstream.data, ur, cols, lanes);
            expOfDifference(y.data, y.row(r), 0f, terms, 0, cols);
            for (int i = 0; i < cols; i++) {
                out.data[or + i] = upstream.data[ur + i] - terms[i] * sum;
            }
        }
    }
}
