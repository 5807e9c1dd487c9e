package beras.tensor;

import java.util.Arrays;

/** Solves systems of linear equations by elimination with partial pivoting, in doubles. */
final class LinearSystems {

    private static final double EPSILON = 0x1p-52;

    static Tensor solve(Memory memory, Tensor a, Tensor b) {
        if (a.rank() < 2 || b.rank() < 2 || a.dim(-1) != a.dim(-2) || a.dim(-1) != b.dim(-2)) {
            throw new IllegalArgumentException("solve needs shapes (..., n, n) and (..., n, k) or (n). Received: " + a.shape() + " and "
                    + b.shape());
        }
        int n = b.dim(-2);
        int k = b.dim(-1);
        Shape front = MatrixProducts.front(a).broadcast(MatrixProducts.front(b));
        Tensor out = memory.allocate(front.append(n, k));
        Tensor as = a.broadcastView(front.append(n, n));
        Tensor bs = b.broadcastView(front.append(n, k));
        int[] index = new int[front.rank()];
        for (int i = 0; i < (out.size() == 0 ? 0 : front.size()); i++) {
            double[][] rows = rows(as.matrixAt(index), bs.matrixAt(index));
            eliminate(rows, n, front.rank() == 0 ? "" : " of matrix " + Arrays.toString(index));
            substitute(rows, n);
            for (int j = 0; j < n * k; j++) {
                out.data()[out.offset() + i * n * k + j] = (float) rows[j / k][n + j % k];
            }
            front.next(index);
        }
        return out;
    }

    /** The augmented matrix: each row of the matrix followed by the row of the right-hand side. */
    private static double[][] rows(Tensor a, Tensor b) {
        int n = a.dim(0);
        double[][] rows = new double[n][n + b.dim(1)];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = j < n ? a.get(i, j) : b.get(i, j - n);
            }
        }
        return rows;
    }

    /** Leaves U on and above the diagonal, and the factors L below it. */
    private static void eliminate(double[][] rows, int n, String where) {
        for (int j = 0; j < n; j++) {
            int best = j;
            for (int i = j + 1; i < n; i++) {
                best = Double.compare(Math.abs(rows[i][j]), Math.abs(rows[best][j])) > 0 ? i : best; // NaN is largest
            }
            double[] pivot = rows[best];
            rows[best] = rows[j];
            rows[j] = pivot;
            requireDistinctFromZero(rows, j, where);
            for (int i = j + 1; i < n; i++) {
                double[] row = rows[i];
                double factor = row[j] / pivot[j];
                row[j] = factor;
                subtract(factor, pivot, row, j + 1);
            }
        }
    }

    private static void substitute(double[][] rows, int n) {
        for (int j = n - 1; j >= 0; j--) {
            double[] solved = rows[j];
            for (int c = n; c < solved.length; c++) {
                solved[c] /= solved[j];
            }
            for (int i = 0; i < j; i++) {
                subtract(rows[i][j], solved, rows[i], n);
            }
        }
    }

    private static void subtract(double factor, double[] row, double[] from, int first) {
        for (int c = first; c < row.length; c++) {
            from[c] -= factor * row[c];
        }
    }

    /** A pivot within the rounding error of its products is indistinguishable from 0. */
    private static void requireDistinctFromZero(double[][] rows, int j, String where) {
        double pivot = rows[j][j];
        double products = 0;
        for (int c = 0; c < j; c++) {
            products += Math.abs(rows[j][c] * rows[c][j]);
        }
        if (pivot == 0 || Math.abs(pivot) <= rows.length * EPSILON * products) {
            throw new IllegalArgumentException("solve and inverse need matrices that are not singular. Received: pivot " + j + where
                    + " is " + pivot + ", row or column " + j + " depends on others. A small multiple of Tensor.eye(" + rows.length
                    + ") added to a covariance or the like makes it regular");
        }
    }

    private LinearSystems() {}
}
