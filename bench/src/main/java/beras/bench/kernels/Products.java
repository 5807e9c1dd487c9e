package beras.bench.kernels;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Checks matrix products, in whatever order their sums ran. */
final class Products {

    /** Products of more multiply-adds are checked at {@link #SAMPLES} random elements. */
    private static final long ALL = 1 << 26;
    private static final int SAMPLES = 10_000;
    /** Half the distance from 1 to the next float: the relative error of one rounding. */
    private static final double ROUNDING = 0x1p-24;

    /** A matrix as it is stored: element {@code (i, j)} is at {@code i * rowStep + j * columnStep}. */
    record Matrix(float[] values, int rowStep, int columnStep) {

        static Matrix of(float[] values, int columns) {
            return new Matrix(values, columns, 1);
        }

        /** For any size, all 1: the product with it sums columns. */
        static Matrix ones() {
            return new Matrix(new float[] {1f}, 0, 0);
        }

        Matrix transposed() {
            return new Matrix(values, columnStep, rowStep);
        }

        double at(int i, int j) {
            return values[i * rowStep + j * columnStep];
        }
    }

    /** Checks that {@code c (m, n)} is {@code a (m, k)} times {@code b (k, n)}, within the worst error of k roundings. */
    static void check(Checked owner, String name, int m, int k, int n, Matrix a, Matrix b, float[] c) {
        boolean all = (long) m * k * n <= ALL;
        IntStream elements = all ? IntStream.range(0, m * n) : new SplittableRandom(1).ints(SAMPLES, 0, m * n);
        elements.forEach(element -> {
            int i = element / n;
            int j = element % n;
            double sum = 0;
            double size = 0;
            for (int p = 0; p < k; p++) {
                double term = a.at(i, p) * b.at(p, j);
                sum += term;
                size += Math.abs(term);
            }
            owner.requireClose(name, element, c[element], sum, (k + 2) * ROUNDING * size);
        });
    }

    private Products() {}
}
