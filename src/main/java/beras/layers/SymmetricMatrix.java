package beras.layers;

import java.util.Arrays;

/** Eigenvalues and eigenvectors of a symmetric matrix, to the same bits on any machine. */
final class SymmetricMatrix {

    /** Far more rounds than any matrix of finite numbers needs: each squares the remainder beside the diagonal. */
    private static final int MOST_SWEEPS = 100;

    private final double[][] matrix; // becomes diagonal
    private final double[][] vectors; // in its columns
    private final int size;

    private SymmetricMatrix(double[][] matrix) {
        this.matrix = matrix;
        this.size = matrix.length;
        this.vectors = new double[size][size];
        for (int i = 0; i < size; i++) {
            vectors[i][i] = 1;
        }
    }

    /** An eigenvalue with its eigenvector of length 1, whose first element of the largest absolute value is positive. */
    record Eigen(double value, double[] vector) {}

    /**
     * All eigenvalues with their vectors, the largest first, by Jacobi's method with cyclic rotations (Golub and Van Loan, Matrix
     * Computations, section 8.5).
     *
     * @param symmetric its elements are finite; only the ones at and above the diagonal are read
     */
    static Eigen[] decompose(double[][] symmetric) {
        double[][] copy = new double[symmetric.length][symmetric.length];
        for (int i = 0; i < copy.length; i++) {
            for (int j = i; j < copy.length; j++) {
                copy[i][j] = symmetric[i][j];
                copy[j][i] = symmetric[i][j];
            }
        }
        SymmetricMatrix made = new SymmetricMatrix(copy);
        for (int sweep = 0; sweep < MOST_SWEEPS && made.rotateAll(); sweep++) {
            // until no rotation changes anything
        }
        return made.sorted();
    }

    /** Makes each element above the diagonal 0 once, in the order of rows; false if all were. */
    private boolean rotateAll() {
        boolean any = false;
        for (int p = 0; p < size; p++) {
            for (int q = p + 1; q < size; q++) {
                if (isNegligible(p, q)) {
                    matrix[p][q] = 0;
                    matrix[q][p] = 0;
                } else {
                    rotate(p, q);
                    any = true;
                }
            }
        }
        return any;
    }

    /** Whether an element is lost in the rounding of both elements of the diagonal. */
    private boolean isNegligible(int p, int q) {
        double small = Math.abs(matrix[p][q]);
        return small == 0 || Math.abs(matrix[p][p]) + small == Math.abs(matrix[p][p])
                && Math.abs(matrix[q][q]) + small == Math.abs(matrix[q][q]);
    }

    private void rotate(int p, int q) {
        double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
        double t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1)); // theta infinite: 0
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        rotateColumns(matrix, p, q, c, s);
        for (int k = 0; k < size; k++) {
            double pk = matrix[p][k];
            double qk = matrix[q][k];
            matrix[p][k] = c * pk - s * qk;
            matrix[q][k] = s * pk + c * qk;
        }
        matrix[p][q] = 0;
        matrix[q][p] = 0;
        rotateColumns(vectors, p, q, c, s);
    }

    private static void rotateColumns(double[][] all, int p, int q, double c, double s) {
        for (double[] row : all) {
            double kp = row[p];
            double kq = row[q];
            row[p] = c * kp - s * kq;
            row[q] = s * kp + c * kq;
        }
    }

    private Eigen[] sorted() {
        Eigen[] all = new Eigen[size];
        for (int j = 0; j < size; j++) {
            double[] vector = new double[size];
            int largest = 0;
            for (int i = 0; i < size; i++) {
                vector[i] = vectors[i][j];
                largest = Math.abs(vector[i]) > Math.abs(vector[largest]) ? i : largest;
            }
            for (int i = 0; i < size; i++) {
                vector[i] = vectors[largest][j] < 0 ? -vector[i] : vector[i];
            }
            all[j] = new Eigen(matrix[j][j], vector);
        }
        Arrays.sort(all, (a, b) -> a.value > b.value ? -1 : a.value < b.value ? 1 : 0); // keeps the order of equal ones
        return all;
    }
}
