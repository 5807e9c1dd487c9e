package beras.kernels;

import java.util.Arrays;

/** The definition of {@link Products}, in plain Java. */
class ScalarProducts {

    private final ScalarElements elements;

    /** @param elements for what follows a product */
    ScalarProducts(ScalarElements elements) {
        this.elements = elements;
    }

    /** {@link Products#gemm} for some rows and columns of {@code c}. */
    void gemm(boolean transposeA, boolean transposeB, Block a, Block b, Block c, int rowFrom, int rowTo, int colFrom, int colTo) {
        int n = colTo - colFrom;
        int k = transposeA ? a.rows : a.cols;
        if (n == 0) {
            return; // c may be an empty array: not even a row to clear
        }
        float[] rows = b.data;
        int rowsOffset = b.offset + colFrom;
        int rowStride = b.stride;
        if (transposeB) {
            // The inner loop runs along rows of op(b): with b stored n x k that would be a jump per element.
            rows = Scratch.floats(k * n);
            rowsOffset = 0;
            rowStride = n;
            for (int j = 0; j < n; j++) {
                int from = b.row(colFrom + j);
                for (int p = 0; p < k; p++) {
                    rows[p * n + j] = b.data[from + p];
                }
            }
        }
        int aRow = transposeA ? 1 : a.stride;
        int aStep = transposeA ? a.stride : 1;
        for (int i = rowFrom; i < rowTo; i++) {
            int ci = c.row(i) + colFrom;
            Arrays.fill(c.data, ci, ci + n, 0f);
            for (int p = 0; p < k; p++) {
                axpy(a.data[a.offset + i * aRow + p * aStep], rows, rowsOffset + p * rowStride, c.data, ci, n);
            }
            addZero(c.data, ci, n);
        }
    }

    /** {@code y[i] = fma(a, x[i], y[i])}. */
    private static void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Math.fma(a, x[xOffset + j], y[yOffset + j]);
        }
    }

    /** Makes -0 to +0. */
    private static void addZero(float[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] += 0f;
        }
    }

    /** {@link Products#dense} for some rows of {@code y}. */
    void dense(UnaryOp op, float alpha, Block x, Block w, Block bias, Block y, int rowFrom, int rowTo) {
        gemm(false, false, x, w, y, rowFrom, rowTo, 0, y.cols);
        if (bias != null) {
            elements.biasActivation(op, alpha, bias, y, rowFrom, rowTo);
        } else if (op != UnaryOp.LINEAR) {
            elements.activation(op, alpha, y, rowFrom, rowTo);
        }
    }
}
