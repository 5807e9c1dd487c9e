package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.kernels.BinaryOp;
import beras.tensor.Rng;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bit contract: every kernel gives the same bits in scalar code, in lanes, in place, and on any number of threads. */
@Tag("kernels")
class KernelBitsTest implements RestoresThreads {

    /** Before, at and behind multiples of 4, 8 and 16 lanes and of four vectors of them, and one behind a block of sums. */
    private static final int[] SIZES = {0, 1, 2, 3, 5, 16, 17, 31, 33, 65, 127, 784, 1025};
    private static final Faces SCALAR = Faces.scalar(Faces.NEVER);
    /** Not those of {@link Backend}, which begin as the scalar ones. */
    private static final Faces CHOSEN = Faces.chosen(Thresholds.SHARED_ELEMENTS);
    private static final Faces SPLITTING = Faces.chosen(1);

    static Set<String> kernels() {
        return KernelCases.BY_NAME.keySet();
    }

    @Test
    void everyKernelHasACase() {
        Set<String> kernels = new TreeSet<>();
        for (Method face : Backend.class.getMethods()) {
            if (face.getReturnType().getPackage() == Backend.class.getPackage()) {
                for (Method kernel : face.getReturnType().getDeclaredMethods()) {
                    if (Modifier.isPublic(kernel.getModifiers())) {
                        kernels.add(face.getName() + "." + kernel.getName());
                    }
                }
            }
        }
        assertEquals(kernels, kernels());
    }

    @Tag("vector")
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
    @MethodSource("kernels")
    void sameBitsOnAnyNumberOfThreads(String kernel) {
        Map<Integer, Blocks> expected = new HashMap<>(); // by the seed
        for (int threads : new int[] {1, 2, 3, 7}) {
            Threads.set(threads);
            int seed = 1000;
            for (int rows : new int[] {0, 1, 2, 5, 33, 129}) {
                for (int cols : new int[] {0, 1, 3, 10, 65, 127}) {
                    boolean wild = ++seed % 2 == 1;
                    Blocks scalar = expected.computeIfAbsent(seed, each -> run(SCALAR, kernel, rows, cols, new Blocks(each,
                            wild)));
                    compare(kernel, rows, cols, scalar, SPLITTING, new Blocks(seed, wild), threads + " threads, seed " + seed);
                }
            }
        }
    }

    private static void compare(String kernel, int rows, int cols, int seed, Faces other) {
        boolean wild = seed % 2 == 1;
        compare(kernel, rows, cols, run(SCALAR, kernel, rows, cols, new Blocks(seed, wild)), other, new Blocks(seed, wild),
                "seed " + seed);
    }

    private static Blocks run(Faces faces, String kernel, int rows, int cols, Blocks blocks) {
        KernelCases.BY_NAME.get(kernel).run(faces, rows, cols, blocks);
        return blocks;
    }

    private static void compare(String kernel, int rows, int cols, Blocks expected, Faces other, Blocks actual, String more) {
        run(other, kernel, rows, cols, actual);
        String what = kernel + " on " + rows + " x " + cols + ", " + more;
        assertArrayEquals(expected.bits(), actual.bits(), what);
        assertTrue(expected.guardsHold() && actual.guardsHold(), () -> what + ": something is written outside of the outputs");
    }

    /** An output that is one of the inputs becomes what it would be elsewhere. */
    @ParameterizedTest
    @MethodSource("kernels")
    void sameBitsInPlace(String kernel) {
        Threads.set(3);
        int seed = 2000;
        for (int[] shape : new int[][] {{1, 1}, {1, 1025}, {5, 10}, {5, 1025}, {33, 1}, {33, 10}, {33, 65}}) {
            for (int which = 0; which < 3; which++) {
                boolean wild = ++seed % 2 == 1;
                Blocks expected = run(SCALAR, kernel, shape[0], shape[1], new Blocks(seed, wild));
                for (Faces faces : new Faces[] {SCALAR, CHOSEN, SPLITTING}) {
                    compare(kernel, shape[0], shape[1], expected, faces, Blocks.inPlace(seed, wild, which),
                            "in place of input " + which + ", seed " + seed);
                }
            }
        }
    }

    /** A face that cannot do with gaps refuses them. */
    @ParameterizedTest
    @MethodSource("kernels")
    void gapsChangeNoBits(String kernel) {
        KernelCases.Case call = KernelCases.BY_NAME.get(kernel);
        Blocks right = new Blocks(1, false);
        call.run(SCALAR, 5, 33, right);
        for (int place : right.places()) {
            for (Faces faces : new Faces[] {SCALAR, CHOSEN}) {
                Blocks blocks = Blocks.withGaps(1, place);
                try {
                    call.run(faces, 5, 33, blocks);
                } catch (IllegalArgumentException e) {
                    assertTrue(e.getMessage().contains("without gaps"), e.getMessage());
                    continue;
                }
                assertArrayEquals(right.bits(), blocks.bits(), kernel + " with gaps in block " + place);
                assertTrue(blocks.guardsHold(), kernel + " writes into the gaps of block " + place);
            }
        }
    }

    /** Blocks that do not agree are refused, whichever is wrong; but one that no other has to agree with may have any size. */
    @Test
    void aBlockThatDoesNotFitIsRefused() {
        Map<String, Integer> accepted = new TreeMap<>();
        for (String kernel : kernels()) {
            KernelCases.Case call = KernelCases.BY_NAME.get(kernel);
            Blocks right = new Blocks(1, false);
            call.run(SPLITTING, 2, 3, right);
            for (int place : right.places()) {
                try {
                    call.run(SPLITTING, 2, 3, Blocks.wrong(1, place));
                    accepted.merge(kernel, 1, Integer::sum);
                } catch (IllegalArgumentException e) {
                    assertTrue(e.getMessage().contains("Received: "), e.getMessage());
                }
            }
        }
        Map<String, Integer> free = new TreeMap<>();
        for (String kernel : new String[] {"elements.bytesToUnitRange", "elements.bytesToUnitRangeByRow",
            "softmaxes.softmax", "sums.isFinite", "sums.rowArgMax", "sums.squareSum", "updates.blend"}) {
            free.put(kernel, 1);
        }
        free.put("elements.dropoutMask", 5);
        free.put("sums.reduceRows", KernelCases.REDUCING.length);
        free.put("elements.zip", 16 * BinaryOp.values().length); // of arrays it is given steps, not rows and columns
        assertEquals(free, accepted);
    }

    /** Threads share columns: what belongs to another is not touched, not even for a while. */
    @Test
    void aPartOfColumnsWritesNothingElse() {
        for (ScalarSums sums : new ScalarSums[] {new ScalarSums(new ScalarElements()), Backend.isVector() ? new VectorSums() : null}) {
            for (int from = 0; sums != null && from < 12; from++) {
                MatrixView out = new MatrixView(new float[12]);
                Arrays.fill(out.data, -1f);
                sums.reduceColumns(BinaryOp.ADD, new MatrixView(new float[72], 0, 6, 12), out, from, Math.min(12, from + 2));
                for (int i = 0; i < 12; i++) {
                    assertEquals(i >= from && i < from + 2 ? 0f : -1f, out.data[i], "column " + i + " from " + from);
                }
            }
        }
    }

    @Test
    void productsHaveTheSameBitsOnTrainingShapes() {
        int[][] shapes = {{128, 128, 784}, {784, 128, 128}, {128, 10, 128}, {10, 128, 129}, {1, 784, 100}, {784, 1, 33},
                {3, 2, 2500}, {300, 600, 70}, {257, 33, 1025}};
        for (int[] s : shapes) {
            for (int transposes = 0; transposes < 4; transposes++) {
                boolean a = (transposes & 1) == 1;
                boolean b = transposes >= 2;
                Blocks expected = new Blocks(transposes, false);
                Blocks actual = new Blocks(transposes, false);
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
            Blocks blocks = new Blocks(cols, true);
            MatrixView a = blocks.in(rows, cols);
            MatrixView b = blocks.in(rows, cols);
            int[] ofA = new int[rows];
            int[] ofB = new int[rows];
            CHOSEN.sums().rowArgMax(a, ofA, 0);
            CHOSEN.sums().rowArgMax(b, ofB, 0);
            long expected = IntStream.range(0, rows).filter(r -> ofA[r] == ofB[r]).count();
            assertEquals(expected, CHOSEN.sums().rowArgMaxMatches(a, b), cols + " columns");
        }
    }

    @Test
    void theFirstLargestIsFoundAndNanIsTheLargest() {
        float[] values = {-0f, 0f, 1f, -1f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
            Float.NaN, Float.intBitsToFloat(0xffc00001)};
        for (int most : new int[] {2, 4, 6, 8, values.length}) {
            Rng rng = new Rng(most, "test", 0);
            for (int row = 0; row < 500; row++) {
                float[] x = new float[2 + row % 12];
                int largest = 1;
                for (int i = 0; i < x.length; i++) {
                    x[i] = values[(int) (rng.uniform(100L * row + i) * most)];
                }
                for (int i = 2; i < x.length; i++) {
                    boolean larger = x[i] > x[largest] || Float.isNaN(x[i]) && !Float.isNaN(x[largest]);
                    largest = larger ? i : largest;
                }
                assertEquals(largest - 1, ScalarSums.argMax(x, 1, x.length - 1), Arrays.toString(x));
                float maximum = x[1];
                for (int i = 2; i < x.length; i++) {
                    maximum = Math.max(maximum, x[i]); // by which 0 is larger than -0
                }
                float[] maxima = new float[1];
                CHOSEN.sums().reduceRows(BinaryOp.MAXIMUM, new MatrixView(x, 1, 1, x.length - 1), new MatrixView(maxima));
                assertEquals(maximum, maxima[0], Arrays.toString(x));
            }
        }
    }

    @Test
    void reductionsFollowTheirRules() {
        float inf = Float.POSITIVE_INFINITY;
        MatrixView x = new MatrixView(new float[] {3f, -0f, 0f, 0x1p24f, 1f, 1f, -2f, Float.NaN, inf}, 0, 3, 3);
        for (Faces faces : new Faces[] {SCALAR, CHOSEN}) {
            assertRule(x, (in, out) -> faces.sums().reduceRows(BinaryOp.MINIMUM, in, out), -0f, 1f, Float.NaN);
            assertRule(x, (in, out) -> faces.sums().reduceColumns(BinaryOp.MINIMUM, in, out), -2f, Float.NaN, 0f);
            assertRule(x, (in, out) -> faces.sums().reduceRows(BinaryOp.MULTIPLY, in, out), -0f, 0x1p24f, Float.NaN);
            assertRule(x, (in, out) -> faces.sums().reduceColumns(BinaryOp.MULTIPLY, in, out), -6 * 0x1p24f, Float.NaN, Float.NaN);
            // In double: 2^24 + 1 + 1 would be 2^24 in float.
            float[] sums = new float[9];
            faces.sums().cumulativeSums(x, false, new MatrixView(sums, 0, 3, 3));
            assertArrayEquals(new float[] {3f, 3f, 3f, 0x1p24f, 0x1p24f, 0x1p24f + 2f, -2f, Float.NaN, Float.NaN}, sums);
            faces.sums().cumulativeSums(x, true, new MatrixView(sums, 0, 3, 3));
            assertArrayEquals(new float[] {3f, 0f, 0f, 0x1p24f + 2f, 2f, 1f, Float.NaN, Float.NaN, inf}, sums);
            MatrixView none = new MatrixView(new float[0], 0, 1, 0);
            assertRule(none, (in, out) -> faces.sums().reduceRows(BinaryOp.MINIMUM, in, out), inf);
            assertRule(none, (in, out) -> faces.sums().reduceRows(BinaryOp.MULTIPLY, in, out), 1f);
        }
    }

    private static void assertRule(MatrixView x, BiConsumer<MatrixView, MatrixView> kernel, float... expected) {
        float[] out = new float[expected.length];
        kernel.accept(x, new MatrixView(out));
        assertArrayEquals(expected, out);
    }

    @Test
    void aStepOf0RepeatsANumberAndWhatLiesOutsideIsRefused() {
        float[] a = {1f, 2f, 3f, 4f, 5f, 6f};
        float[] b = {10f, 20f};
        float[] y = new float[6];
        MatrixView out = new MatrixView(y, 0, 2, 3);
        CHOSEN.elements().zip(BinaryOp.ADD, a, 0, 1, 2, b, 0, 1, 0, out);
        assertArrayEquals(new float[] {11f, 13f, 15f, 22f, 24f, 26f}, y);
        CHOSEN.elements().zip(BinaryOp.SUBTRACT, b, 1, 0, 0, a, 0, 3, 1, out);
        assertArrayEquals(new float[] {19f, 18f, 17f, 16f, 15f, 14f}, y);
        CHOSEN.elements().zip(BinaryOp.SUBTRACT, a, 0, 3, 1, b, 1, 0, 0, out);
        assertArrayEquals(new float[] {-19f, -18f, -17f, -16f, -15f, -14f}, y);
        for (int[] steps : new int[][] {{0, 4, 1}, {0, 3, 2}, {1, 3, 1}, {-1, 3, 1}, {0, -3, 1}, {0, 3, -1}, {0, 1 << 31 - 1, 1}}) {
            assertThrows(IndexOutOfBoundsException.class, () -> CHOSEN.elements().zip(BinaryOp.ADD, a, steps[0], steps[1], steps[2],
                    b, 0, 0, 0, out), Arrays.toString(steps));
        }
        CHOSEN.elements().zip(BinaryOp.ADD, a, 6, 1, 1, b, 2, 1, 1, new MatrixView(y, 0, 0, 3));
    }

    @Test
    void selectionTakesNanForTrueAndClippingKeepsIt() {
        int n = 40; // in lanes and behind them
        float[] condition = new float[n];
        float[] x = new float[n];
        float[] y = new float[n];
        float[] kinds = {0f, -0f, Float.NaN, Float.MIN_VALUE};
        float[] inputs = {Float.NaN, 5f, -5f, 0.5f};
        for (int i = 0; i < n; i++) {
            condition[i] = kinds[i % 4];
            x[i] = inputs[i % 4];
        }
        float[] expectedSelection = {5f, 5f, -5f, 0.5f};
        float[] expectedClip = {Float.NaN, 2f, -1f, 0.5f};
        float[] fives = new float[n];
        Arrays.fill(fives, 5f);
        for (Faces faces : new Faces[] {SCALAR, CHOSEN}) {
            faces.elements().select(new MatrixView(condition), new MatrixView(x), new MatrixView(fives), new MatrixView(y));
            for (int i = 0; i < n; i++) {
                assertEquals(expectedSelection[i % 4], y[i]);
            }
            faces.elements().clip(new MatrixView(x), -1f, 2f, new MatrixView(y));
            for (int i = 0; i < n; i++) {
                assertEquals(expectedClip[i % 4], y[i]);
            }
            assertThrows(IllegalArgumentException.class,
                    () -> faces.elements().clip(new MatrixView(x), 2f, -1f, new MatrixView(y)));
        }
    }

    @Test
    void manyNarrowRowsHaveTheSameBits() {
        for (int rows : new int[] {1024, 1100, 1295}) {
            for (int cols = 1; cols <= 17; cols++) {
                compare("softmaxes.softmax", rows, cols, 2 * rows + cols, CHOSEN);
            }
        }
        Threads.set(2);
        compare("softmaxes.softmax", 3500, 10, 1, SPLITTING);
    }

    private static float[] normal(int seed, int n) {
        Rng rng = new Rng(seed, "test", 0);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) rng.normal(i);
        }
        return x;
    }

    @Test
    void aRowSumFoldsSixteenLanesBlockByBlock() {
        int[] sizes = {100, 1024, 1025, 5000, 16_400, (1 << 20) - 3, 1 << 20, (1 << 20) + 1, 3_000_000};
        for (int n : IntStream.concat(IntStream.rangeClosed(0, 17), IntStream.of(sizes)).toArray()) {
            float[] x = normal(6, n);
            float[] sum = new float[1];
            CHOSEN.sums().reduceRows(BinaryOp.ADD, new MatrixView(x), new MatrixView(sum));
            assertEquals(fold(x), sum[0], "row of " + n);
            SCALAR.sums().reduceRows(BinaryOp.ADD, new MatrixView(x), new MatrixView(sum));
            assertEquals(fold(x), sum[0], "row of " + n);
        }
    }

    /** Lanes begin as 0. */
    @Test
    void noRowSumIsMinusZero() {
        for (int n = 0; n <= 20; n++) {
            float[] x = new float[n];
            Arrays.fill(x, -0f);
            for (Faces faces : new Faces[] {SCALAR, CHOSEN}) {
                float[] sum = {1f};
                faces.sums().reduceRows(BinaryOp.ADD, new MatrixView(x), new MatrixView(sum));
                assertEquals(0f, sum[0], "row of " + n);
            }
        }
    }

    /** The rule of {@link Sums} for rows, written once more from its words. */
    private static float fold(float[] x) {
        if (x.length > 1024) {
            return fold(ofBlocks(x, KernelBitsTest::fold));
        }
        float[] l = new float[16];
        for (int i = 0; i < x.length; i++) {
            l[i % 16] += x[i];
        }
        float even = ((l[0] + l[8]) + (l[4] + l[12])) + ((l[2] + l[10]) + (l[6] + l[14]));
        float odd = ((l[1] + l[9]) + (l[5] + l[13])) + ((l[3] + l[11]) + (l[7] + l[15]));
        return even + odd;
    }

    private static float[] ofBlocks(float[] x, ToDoubleFunction<float[]> sum) {
        float[] sums = new float[(x.length + 1023) / 1024];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = (float) sum.applyAsDouble(Arrays.copyOfRange(x, i * 1024, Math.min(x.length, (i + 1) * 1024)));
        }
        return sums;
    }

    @Test
    void aColumnSumIsAChainBlockByBlock() {
        for (int n : new int[] {1, 10, 1024, 1025, 5000, (1 << 20) + 1}) {
            float[] x = normal(7, n);
            MatrixView column = new MatrixView(x, 0, n, 1);
            MatrixView zero = new MatrixView(new float[1]);
            MatrixView sum = new MatrixView(new float[1]);
            for (Faces faces : new Faces[] {SCALAR, CHOSEN}) {
                faces.sums().reduceColumns(BinaryOp.ADD, column, sum);
                assertEquals(chain(x), sum.data[0], "column of " + n);
                faces.normalizations().columnProducts(column, zero, column, zero, sum);
                assertEquals(chainOfSquares(x), sum.data[0], "column of " + n);
            }
        }
    }

    /** The rule of {@link Sums} for columns, written once more from its words. */
    private static float chain(float[] x) {
        if (x.length > 1024) {
            return chain(ofBlocks(x, KernelBitsTest::chain));
        }
        float sum = 0f;
        for (float number : x) {
            sum += number;
        }
        return sum;
    }

    private static float chainOfSquares(float[] x) {
        if (x.length > 1024) {
            return chain(ofBlocks(x, KernelBitsTest::chainOfSquares));
        }
        float sum = 0f;
        for (float number : x) {
            sum = Math.fma(number, number, sum);
        }
        return sum;
    }

    /** As one chain, a sum of floats would stop growing where it is 2^24 times as large as its terms. */
    @Test
    void columnSumsOfManyRowsAreRight() {
        int rows = 20_000_000;
        float[] data = new float[rows];
        Arrays.fill(data, 1f);
        float[] halves = new float[2 * rows];
        Arrays.fill(halves, 0.5f);
        MatrixView ones = new MatrixView(data, 0, rows, 1);
        MatrixView half = new MatrixView(new float[] {0.5f});
        MatrixView statistics = new MatrixView(halves, 0, rows, 2);
        MatrixView sum = new MatrixView(new float[1]);
        for (Faces faces : new Faces[] {SCALAR, CHOSEN}) {
            faces.sums().reduceColumns(BinaryOp.ADD, ones, sum);
            assertEquals(rows, sum.data[0]);
            faces.normalizations().columnProducts(ones, half, ones, half, sum);
            assertEquals(rows / 4f, sum.data[0]);
            faces.normalizations().normalizeRowsScaleGradient(ones, statistics, ones, sum);
            assertEquals(rows / 4f, sum.data[0]);
        }
    }
}
