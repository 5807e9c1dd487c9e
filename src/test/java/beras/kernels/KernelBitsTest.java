package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.tensor.Rng;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bit contract: every kernel gives the same bits in scalar code, in lanes, and on any number of threads. */
@Tag("kernels")
class KernelBitsTest {

    private static final int[] SIZES = {0, 1, 2, 3, 5, 15, 16, 17, 31, 33, 63, 65, 100, 127, 129, 784};
    private static final Kernels SCALAR = new ScalarKernels();
    /** Not {@link Backend#kernels}, which begin as the scalar ones. */
    private static final Kernels CHOSEN = new ParallelKernels(Backend.chosen());
    private static final int THREADS = Threads.count();

    @AfterEach
    void restoreThreads() {
        Threads.set(THREADS);
    }

    static Set<String> kernels() {
        return KernelCases.BY_NAME.keySet();
    }

    @Test
    void everyKernelHasACase() {
        Set<String> methods = Stream.of(Kernels.class.getMethods()).map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(methods, kernels());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void sameBitsOnAllShapes(String kernel) {
        int seed = 0;
        for (int rows : SIZES) {
            for (int cols : SIZES) {
                // The scalar product of large matrices takes long; SIZES go together in pairs of which one is small.
                if ((long) rows * cols <= 20_000) {
                    compare(kernel, rows, cols, seed++, CHOSEN);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void sameBitsOnAnyNumberOfThreads(int threads) {
        Threads.set(threads);
        Kernels splitting = new ParallelKernels(Backend.chosen(), 1, 1);
        int seed = 1000;
        for (String kernel : kernels()) {
            for (int rows : new int[] {0, 1, 2, 5, 33, 129}) {
                for (int cols : new int[] {0, 1, 3, 10, 65, 127}) {
                    compare(kernel, rows, cols, seed++, splitting);
                }
            }
        }
    }

    private static void compare(String kernel, int rows, int cols, int seed, Kernels other) {
        boolean wild = seed % 2 == 1;
        KernelCases.Case call = KernelCases.BY_NAME.get(kernel);
        KernelCases.Arrays expected = new KernelCases.Arrays(seed, wild);
        KernelCases.Arrays actual = new KernelCases.Arrays(seed, wild);
        call.run(SCALAR, rows, cols, expected);
        call.run(other, rows, cols, actual);
        String what = kernel + " on " + rows + " x " + cols + (wild ? " wild" : "") + " numbers, seed " + seed;
        assertTrue(expected.guardsHold(), () -> what + ": scalar code wrote outside its output");
        assertArrayEquals(expected.bits(), actual.bits(), what);
    }

    @Test
    void productsHaveTheSameBitsOnTrainingShapes() {
        int[][] shapes = {{128, 128, 784}, {784, 128, 128}, {128, 10, 128}, {10, 128, 129}, {1, 784, 100}, {784, 1, 33},
                {3, 2, 2500}, {300, 600, 70}, {257, 33, 1025}};
        for (int[] s : shapes) {
            for (int transposes = 0; transposes < 4; transposes++) {
                boolean a = (transposes & 1) == 1;
                boolean b = transposes >= 2;
                KernelCases.Arrays expected = new KernelCases.Arrays(transposes, false);
                KernelCases.Arrays actual = new KernelCases.Arrays(transposes, false);
                KernelCases.gemm(SCALAR, a, b, s[0], s[1], s[2], expected);
                KernelCases.gemm(CHOSEN, a, b, s[0], s[1], s[2], actual);
                assertArrayEquals(expected.bits(), actual.bits(), Arrays.toString(s) + " transposes " + transposes);
            }
        }
    }

    @Test
    void matchesAreTheRowsWhoseIndicesAgree() {
        int rows = 2000;
        for (int cols : new int[] {1, 2, 3, 10}) {
            KernelCases.Arrays arrays = new KernelCases.Arrays(cols, true);
            float[] a = arrays.in(rows * cols);
            float[] b = arrays.in(rows * cols);
            int[] ofA = new int[rows];
            int[] ofB = new int[rows];
            CHOSEN.rowArgMax(a, 0, rows, cols, ofA, 0);
            CHOSEN.rowArgMax(b, 0, rows, cols, ofB, 0);
            long expected = IntStream.range(0, rows).filter(r -> ofA[r] == ofB[r]).count();
            assertEquals(expected, CHOSEN.rowArgMaxMatches(a, 0, b, 0, rows, cols), cols + " columns");
        }
    }

    @Test
    void manyNarrowRowsHaveTheSameBits() {
        for (int rows : new int[] {1024, 1100, 1295}) {
            for (int cols = 1; cols <= 17; cols++) {
                compare("softmax", rows, cols, 2 * rows + cols, CHOSEN);
            }
        }
    }

    @Test
    void aProductIsAChainOfFma() {
        Rng rng = new Rng(5, "test", 0);
        int m = 9;
        int n = 37;
        int k = 1100;
        float[] a = new float[m * k];
        float[] b = new float[k * n];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) rng.normal(i);
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = (float) rng.normal(a.length + i);
        }
        float[] c = new float[m * n];
        CHOSEN.gemm(false, false, m, n, k, a, 0, k, b, 0, n, c, 0, n);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float chain = 0f;
                for (int p = 0; p < k; p++) {
                    chain = Math.fma(a[i * k + p], b[p * n + j], chain);
                }
                assertEquals(Float.floatToRawIntBits(chain), Float.floatToRawIntBits(c[i * n + j]), i + ", " + j);
            }
        }
    }

    @Test
    void aRowSumFoldsSixteenLanesBlockByBlock() {
        Rng rng = new Rng(6, "test", 0);
        for (int n : new int[] {1, 10, 16, 100, 1024, 1025, 5000}) {
            float[] x = new float[n];
            for (int i = 0; i < n; i++) {
                x[i] = (float) rng.normal(i);
            }
            float[] sum = new float[1];
            CHOSEN.rowSums(x, 0, 1, n, sum, 0);
            assertEquals(fold(x), sum[0], "row of " + n);
        }
    }

    /** As one chain, a sum of floats would stop growing where it is 2^24 times as large as its terms. */
    @Test
    void columnSumsOfManyRowsAreRight() {
        int rows = 20_000_000;
        float[] data = new float[rows];
        Arrays.fill(data, 1f);
        float[] halves = new float[2 * rows];
        Arrays.fill(halves, 0.5f);
        Block ones = new Block(data, 0, rows, 1);
        Block half = new Block(new float[] {0.5f});
        Block statistics = new Block(halves, 0, rows, 2);
        Block sum = new Block(new float[1]);
        Normalizations normalizations = new Normalizations(new ScalarNormalizations(new ScalarSums(new ScalarElements())), 1);
        for (int i = 0; i < (Backend.isVector() ? 2 : 1); i++) {
            normalizations.columnProducts(ones, half, ones, half, sum);
            assertEquals(rows / 4f, sum.data[0]);
            normalizations.normalizeRowsScaleGradient(ones, statistics, ones, sum);
            assertEquals(rows / 4f, sum.data[0]);
            normalizations.useLanes();
        }
    }

    /** The rule of {@link Kernels#rowSums}, written once more from its words. */
    private static float fold(float[] x) {
        if (x.length > 1024) {
            int blocks = (x.length + 1023) / 1024;
            float[] sums = new float[blocks];
            for (int i = 0; i < blocks; i++) {
                sums[i] = fold(Arrays.copyOfRange(x, i * 1024, Math.min(x.length, (i + 1) * 1024)));
            }
            return fold(sums);
        }
        float[] l = new float[16];
        for (int i = 0; i < x.length; i++) {
            l[i % 16] += x[i];
        }
        float even = ((l[0] + l[8]) + (l[4] + l[12])) + ((l[2] + l[10]) + (l[6] + l[14]));
        float odd = ((l[1] + l[9]) + (l[5] + l[13])) + ((l[3] + l[11]) + (l[7] + l[15]));
        return even + odd;
    }
}
