package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.kernels.ProductPlan.Algorithm;
import beras.kernels.ProductPlan.Tile;
import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products against the chain of fma that their contract names, with many zeros and with numbers that forbid to skip them. */
@Tag("kernels")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // a thread that waits in vain is not ended by an interrupt
class ProductsTest implements RestoresThreads {

    /** Rows, columns and steps; large enough for tiles of each kind, with edges, and with more rows than are listed at a time. */
    private static final int[][] SHAPES = {{64, 128, 300}, {63, 100, 300}, {300, 64, 70}, {515, 65, 40}, {40, 640, 64}, {33, 200,
            31}, {2, 128, 784}, {1, 100, 784}, {3, 520, 33}, {4, 64, 1}, {17, 10, 128}, {40, 3, 129}, {9, 15, 1100}, {26, 10,
            1100}, {30, 17, 64}, {67, 130, 250}, {64, 70, 1100}, {260, 515, 96}};

    private static final int GAP = 3;
    /** What is in an output before. */
    private static final float BEFORE = 7f;

    private enum Numbers {
        /** A fifth is not zero. */
        SPARSE,
        /** Half of the zeros are -0. */
        NEGATIVE_ZEROS,
        /** Products that underflow to -0 before zeros. */
        UNDERFLOW,
        INFINITE_LEFT,
        NAN_LEFT,
        INFINITE_RIGHT,
        NAN_RIGHT,
        DENSE
    }

    private static List<ScalarProducts> implementations() {
        List<ScalarProducts> all = new ArrayList<>(List.of(new ScalarProducts()));
        if (Backend.isVector()) {
            all.add(new VectorProducts().using(Algorithm.DENSE));
            all.add(new VectorProducts().using(Algorithm.DENSE, Algorithm.NARROW));
            all.add(new VectorProducts().using(Algorithm.DENSE, Algorithm.NARROW, Algorithm.SKIP_ZEROS));
            all.add(new VectorProducts().using(Algorithm.DENSE, Algorithm.NARROW, Algorithm.BROAD));
        }
        return all;
    }

    /** With more units than rows by columns, else by rows; the last two in broad tiles. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void aLayerIsSplitInEitherWayWithTheSameBits(int threads) {
        for (int[] shape : new int[][] {{5, 256, 33}, {5, 384, 33}, {40, 517, 33}, {300, 260, 33}, {5, 1030, 33}, {0, 512,
                33}, {500, 300, 130}, {300, 500, 130}}) {
            int rows = shape[0];
            int units = shape[1];
            int inputs = shape[2];
            Rng rng = new Rng(units, "test", rows);
            MatrixView x = new MatrixView(left(inputs > 100 ? Numbers.DENSE : Numbers.SPARSE, rng, rows * inputs), 0, rows,
                    inputs);
            MatrixView w = new MatrixView(right(Numbers.DENSE, rng, inputs, units), 0, inputs, units);
            for (MatrixView bias : new MatrixView[] {null, new MatrixView(right(Numbers.DENSE, rng, 1, units))}) {
                Threads.set(1);
                float[] expected = new float[rows * units];
                Faces.scalar(Faces.NEVER).products().dense(UnaryOp.RELU, 0f, x, w, bias, new MatrixView(expected, 0, rows,
                        units));
                Threads.set(threads);
                float[] y = new float[rows * units];
                Faces.chosen(1).products().dense(UnaryOp.RELU, 0f, x, w, bias, new MatrixView(y, 0, rows, units));
                assertArrayEquals(expected, y, rows + " x " + units + (bias == null ? " without bias" : ""));
            }
        }
    }

    /** Large layers; of one batch an image is alone in its tile, and one is larger than what is listed at a time. */
    @ParameterizedTest
    @EnumSource
    void theStepsOfALayerMayBeShared(Numbers numbers) {
        for (int[] shape : new int[][] {{32, 128, 784}, {33, 192, 700}, {128, 320, 333}, {257, 128, 200}, {40, 228, 500},
                {70, 256, 200}}) {
            int rows = shape[0];
            int units = shape[1];
            int inputs = shape[2];
            Rng rng = new Rng(units, "test", rows);
            MatrixView x = new MatrixView(left(numbers, rng, rows * (inputs + GAP)), 0, rows, inputs, inputs + GAP);
            MatrixView w = new MatrixView(right(numbers, rng, inputs, units + GAP), 0, inputs, units, units + GAP);
            MatrixView bias = new MatrixView(right(Numbers.DENSE, rng, 1, units));
            float[] expected = chains(false, x, w, units + GAP);
            new ScalarElements().biasActivation(UnaryOp.RELU, 0f, bias, new MatrixView(expected, 0, rows, units, units + GAP), 0,
                    rows);
            for (int threads : new int[] {2, 3, 7}) {
                Threads.set(threads);
                float[] y = new float[rows * (units + GAP)];
                Arrays.fill(y, BEFORE);
                Products products = Faces.chosen(1).products();
                // With one helper that is there, so that it is a chain where it may be one; on one processor none ever is.
                for (int i = 0; threads == 2 && i < 100 && !Threads.splitK(2, 1, (from, to, stage) -> {}); i++) {
                    Threads.split(2, 1, (from, to) -> {});
                }
                products.dense(UnaryOp.RELU, 0f, x, w, bias, new MatrixView(y, 0, rows, units, units + GAP));
                assertArrayEquals(expected, y, numbers + " " + Arrays.toString(shape) + " on " + threads + " threads");
            }
        }
    }

    /** Each thread with its own rows of the weights, whether helpers come in time or not. */
    @ParameterizedTest
    @EnumSource
    @Tag("vector")
    void theStepsOfALayerMayBeSharedByAChain(Numbers numbers) {
        VectorProducts products = new VectorProducts().using(Algorithm.DENSE, Algorithm.NARROW, Algorithm.SKIP_ZEROS);
        for (int[] shape : new int[][] {{32, 128, 784}, {33, 192, 700}, {128, 320, 333}}) {
            int rows = shape[0];
            int units = shape[1];
            int inputs = shape[2];
            Rng rng = new Rng(units, "test", rows);
            MatrixView x = new MatrixView(left(numbers, rng, rows * (inputs + GAP)), 0, rows, inputs, inputs + GAP);
            MatrixView w = new MatrixView(right(numbers, rng, inputs, units + GAP), 0, inputs, units, units + GAP);
            float[] expected = chains(false, x, w, units + GAP);
            for (int threads : new int[] {1, 2, 3, 7}) {
                Team team = new Team(threads);
                for (int i = 0; i < 5; i++) {
                    float[] y = new float[rows * (units + GAP)];
                    Arrays.fill(y, BEFORE);
                    MatrixView sums = new MatrixView(y, 0, rows, units, units + GAP);
                    assertEquals(numbers != Numbers.DENSE, products.canSplitK(x, w, sums));
                    AtomicBoolean failed = new AtomicBoolean();
                    team.splitK(inputs, 8, (from, to, stage) -> {
                        if (!products.denseSteps(x, w, sums, from, to, stage)) {
                            failed.set(true);
                        }
                    });
                    assertEquals(numbers == Numbers.INFINITE_RIGHT || numbers == Numbers.NAN_RIGHT, failed.get());
                    if (!failed.get()) {
                        assertArrayEquals(expected, y, numbers + " " + Arrays.toString(shape) + " on " + threads + " threads");
                    }
                }
            }
        }
    }

    /** The first of these tests would not see it if the steps of no layer were shared. */
    @Test
    @Tag("vector")
    void theStepsOfALayerAreSharedWhereZerosAreSkipped() {
        VectorProducts products = new VectorProducts().using(Algorithm.DENSE, Algorithm.NARROW, Algorithm.SKIP_ZEROS);
        Rng rng = new Rng(1, "test", 0);
        int inputs = 784;
        MatrixView w = new MatrixView(right(Numbers.DENSE, rng, inputs, 128), 0, inputs, 128);
        for (int rows : new int[] {31, 32, 128, 256, 257}) {
            MatrixView y = new MatrixView(new float[rows * 128], 0, rows, 128);
            MatrixView sparse = new MatrixView(left(Numbers.SPARSE, rng, rows * inputs), 0, rows, inputs);
            assertEquals(rows <= 256, products.canSplitK(sparse, w, y), "rows: " + rows);
            assertFalse(products.canSplitK(new MatrixView(left(Numbers.DENSE, rng, rows * inputs), 0, rows, inputs), w, y));
            assertFalse(new VectorProducts().using(Algorithm.DENSE).canSplitK(sparse, w, y), "zeros are not skipped yet");
        }
        MatrixView x = new MatrixView(left(Numbers.SPARSE, rng, 128 * inputs), 0, 128, inputs);
        assertFalse(products.canSplitK(x, new MatrixView(new float[inputs * 228], 0, inputs, 228),
                new MatrixView(new float[128 * 228], 0, 128, 228)));
        float[] sum = new float[128 * 128];
        Arrays.fill(sum, 1f);
        MatrixView y = new MatrixView(sum, 0, 128, 128);
        assertTrue(products.denseSteps(x, w, y, 8, 784, new KSplitStage(null)));
        MatrixView columns = new MatrixView(x.data, 8, 128, inputs - 8, inputs);
        assertEquals(chains(false, columns, new MatrixView(w.data, w.row(8), inputs - 8, 128), 128)[77], sum[77]);
        w.data[9 * 128] = Float.NaN;
        assertFalse(products.denseSteps(x, w, y, 8, 784, new KSplitStage(null)));
        assertTrue(products.denseSteps(x, w, y, 16, 784, new KSplitStage(null)));
    }

    @ParameterizedTest
    @EnumSource
    void aProductIsAChainOfFma(Numbers numbers) {
        for (int[] shape : SHAPES) {
            for (boolean transposeA : new boolean[] {false, true}) {
                int m = shape[0];
                int n = shape[1];
                int k = shape[2];
                Rng rng = new Rng(31L * m + n, "test", transposeA ? 1 : 0);
                float[] a = left(numbers, rng, m * k);
                float[] b = right(numbers, rng, k, n);
                MatrixView left = transposeA ? new MatrixView(a, 0, k, m) : new MatrixView(a, 0, m, k);
                MatrixView right = new MatrixView(b, 0, k, n);
                float[] expected = chains(transposeA, left, right, n);
                for (ScalarProducts products : implementations()) {
                    float[] c = new float[m * n];
                    Arrays.fill(c, BEFORE);
                    products.gemm(transposeA, false, left, right, new MatrixView(c, 0, m, n), 0, m, 0, n);
                    assertArrayEquals(expected, c, products.getClass().getSimpleName() + " " + Arrays.toString(shape)
                            + (transposeA ? " transposed " : " ") + numbers);
                }
            }
        }
    }

    /** Also where {@link ProductPlan} would not choose it, and between rows with gaps, in which nothing is written. */
    @ParameterizedTest
    @EnumSource
    @Tag("vector")
    void skippingZerosGivesTheSameBitsOnAnyShape(Numbers numbers) {
        for (int[] shape : SHAPES) {
            for (int n : new int[] {Tile.SPARSE.columns, Tile.SPARSE.columns + 1, Tile.SPARSE_WIDE.columns - 1,
                    Tile.SPARSE_WIDE.columns + 5, 520}) {
                for (boolean transposeA : new boolean[] {false, true}) {
                    int m = Math.min(shape[0], 70);
                    int k = Math.min(shape[2], 140);
                    Rng rng = new Rng(17L * m + n, "test", transposeA ? 1 : 0);
                    int lda = (transposeA ? m : k) + GAP;
                    int ld = n + GAP;
                    float[] a = left(numbers, rng, (transposeA ? k : m) * lda);
                    float[] b = right(numbers, rng, k, ld);
                    float[] c = new float[m * ld];
                    Arrays.fill(c, BEFORE);
                    MatrixView left = transposeA ? new MatrixView(a, 0, k, m, lda) : new MatrixView(a, 0, m, k, lda);
                    float[] expected = chains(transposeA, left, new MatrixView(b, 0, k, n, ld), ld);
                    if (SparseGemm.gemm(transposeA, m, n, k, a, 0, lda, b, 0, ld, c, 0, ld, null)) {
                        assertArrayEquals(expected, c, Arrays.toString(new int[] {m, n, k})
                                + (transposeA ? " transposed " : " ") + numbers);
                    } else {
                        assertTrue(numbers == Numbers.INFINITE_RIGHT || numbers == Numbers.NAN_RIGHT, numbers::toString);
                    }
                }
            }
        }
    }

    /** Whose columns are always copied; of both matrices, and between rows with gaps. */
    @ParameterizedTest
    @EnumSource
    @Tag("vector")
    void aBroadProductOfATransposedMatrixHasTheSameBits(Numbers numbers) {
        int m = 65;
        int n = 131;
        int ldc = n + GAP;
        for (int k : new int[] {300, 1300}) {
            for (boolean transposeA : new boolean[] {false, true}) {
                Rng rng = new Rng(k, "test", transposeA ? 1 : 0);
                float[] a = left(numbers, rng, m * k);
                float[] b = right(numbers, rng, k, n);
                float[] c = new float[m * ldc];
                Arrays.fill(c, BEFORE);
                new VectorProducts().using(Algorithm.DENSE, Algorithm.NARROW, Algorithm.BROAD).gemm(transposeA, true, m, n, k, a, 0, transposeA ? m : k, transposed(b, n), 0,
                        k, c, 0, ldc);
                MatrixView left = transposeA ? new MatrixView(a, 0, k, m) : new MatrixView(a, 0, m, k);
                assertArrayEquals(chains(transposeA, left, new MatrixView(b, 0, k, n), ldc), c, k + (transposeA ? " t" : ""));
            }
        }
    }

    /** A matrix of more than a megabyte is copied in parts, the last of which has fewer columns. */
    @ParameterizedTest
    @ValueSource(ints = {1300, 300_000})
    void aLargeTransposedMatrixHasTheSameBits(int k) {
        int m = 9;
        int n = k < 1 << 18 ? 431 : 2;
        Rng rng = new Rng(k, "test", 0);
        float[] a = left(Numbers.SPARSE, rng, m * k);
        float[] b = right(Numbers.DENSE, rng, k, n);
        float[] c = new float[m * (n + GAP)];
        Arrays.fill(c, BEFORE);
        new ScalarProducts().gemm(false, true, m, n, k, a, 0, k, transposed(b, n), 0, k, c, 0, n + GAP);
        assertArrayEquals(chains(false, new MatrixView(a, 0, m, k), new MatrixView(b, 0, k, n), n + GAP), c);
    }

    private static float[] transposed(float[] b, int cols) {
        int rows = b.length / cols;
        float[] transposed = new float[b.length];
        for (int i = 0; i < b.length; i++) {
            transposed[i % cols * rows + i / cols] = b[i];
        }
        return transposed;
    }

    /** Nothing is computed, and an array without a place is not touched. */
    @Test
    void aProductOfNoColumnsOrStepsIsZero() {
        for (ScalarProducts products : implementations()) {
            float[] c = {BEFORE, BEFORE, BEFORE};
            products.gemm(false, false, 3, 1, 0, c, 0, 0, c, 0, 1, c, 0, 1);
            assertArrayEquals(new float[3], c);
            for (int k : new int[] {0, 2}) {
                products.gemm(false, false, 3, 0, k, new float[3 * k], 0, k, new float[0], 0, 0, new float[0], 0, 5);
            }
        }
    }

    private static float[] left(Numbers numbers, Rng rng, int n) {
        float[] a = new float[n];
        for (int i = 0; i < n; i++) {
            boolean zero = numbers != Numbers.DENSE && rng.uniform(2L * i) < 0.8;
            float value = (float) rng.normal(2L * i + 1);
            a[i] = !zero ? value : numbers == Numbers.NEGATIVE_ZEROS && value < 0f ? -0f : 0f;
            if (numbers == Numbers.UNDERFLOW) {
                a[i] *= 1e-30f;
            }
        }
        if (numbers == Numbers.INFINITE_LEFT || numbers == Numbers.NAN_LEFT) {
            a[n / 3] = numbers == Numbers.NAN_LEFT ? Float.NaN : Float.NEGATIVE_INFINITY;
        }
        return a;
    }

    private static float[] right(Numbers numbers, Rng rng, int k, int n) {
        float[] b = new float[k * n];
        for (int i = 0; i < b.length; i++) {
            b[i] = (float) rng.normal((1L << 40) + i);
            if (numbers == Numbers.UNDERFLOW) {
                b[i] *= 1e-30f;
            }
        }
        if (numbers == Numbers.INFINITE_RIGHT || numbers == Numbers.NAN_RIGHT) {
            b[b.length / 2] = numbers == Numbers.NAN_RIGHT ? Float.NaN : Float.POSITIVE_INFINITY;
        }
        return b;
    }

    /**
     * The contract, once more from its words; rows lie {@code ldc} apart, and gaps stay as they were. (Chains of a row go side by
     * side, for each waits for its own last step.)
     */
    private static float[] chains(boolean transposeA, MatrixView a, MatrixView b, int ldc) {
        int m = transposeA ? a.cols : a.rows;
        float[] c = new float[m * ldc];
        Arrays.fill(c, BEFORE);
        for (int i = 0; i < m; i++) {
            float[] chains = new float[b.cols];
            for (int p = 0; p < b.rows; p++) {
                float x = a.data[transposeA ? a.row(p) + i : a.row(i) + p];
                for (int j = 0, row = b.row(p); j < chains.length; j++) {
                    chains[j] = Math.fma(x, b.data[row + j], chains[j]);
                }
            }
            for (int j = 0; j < chains.length; j++) {
                c[i * ldc + j] = chains[j] + 0f;
            }
        }
        return c;
    }

    /** The lists of long rows are made in parts. */
    @Test
    @Tag("vector")
    void longRowsHaveTheSameBits() {
        int m = 13;
        int n = 2 * Tile.SPARSE.columns;
        int k = 70_000;
        Rng rng = new Rng(2, "test", 0);
        float[] a = left(Numbers.SPARSE, rng, m * k);
        float[] b = right(Numbers.SPARSE, rng, k, n);
        float[] c = new float[m * n];
        assertTrue(SparseGemm.gemm(false, m, n, k, a, 0, k, b, 0, n, c, 0, n, null));
        MatrixView right = new MatrixView(b, 0, k, n);
        assertArrayEquals(chains(false, new MatrixView(a, 0, m, k), right, n), c);
        assertTrue(SparseGemm.gemm(true, m, n, k, a, 0, m, b, 0, n, c, 0, n, null));
        assertArrayEquals(chains(true, new MatrixView(a, 0, k, m), right, n), c);
    }

    /** The test above would not see it if no product were computed in the way it is meant for. */
    @Test
    @Tag("vector")
    void zerosAreSkippedWhereThatPays() {
        Rng rng = new Rng(1, "test", 0);
        int m = 64;
        int n = 2 * Tile.SPARSE_WIDE.columns;
        int k = 300;
        float[] sparse = left(Numbers.SPARSE, rng, m * k);
        float[] dense = left(Numbers.DENSE, rng, m * k);
        assertTrue(ProductPlan.isSparse(false, n, Density.of(false, m, k, sparse, 0, k)));
        assertTrue(ProductPlan.isSparse(true, n, Density.of(true, m, k, sparse, 0, m)));
        assertEquals(Density.ALL, Density.of(false, m, k, dense, 0, k));
        float[] b = right(Numbers.SPARSE, rng, k, n);
        float[] c = new float[m * n];
        assertTrue(SparseGemm.gemm(false, m, n, k, sparse, 0, k, b, 0, n, c, 0, n, null));
        for (int cols : new int[] {n, n - GAP}) {
            b[k * n - n + cols - 1] = Float.NaN;
            assertFalse(SparseGemm.gemm(false, m, cols, k, sparse, 0, k, b, 0, n, c, 0, n, null), "b is not finite");
            b[k * n - n + cols - 1] = 1;
        }
    }
}
