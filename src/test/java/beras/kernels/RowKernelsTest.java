package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Softmaxes} and {@link RowLosses} give the same bits in scalar code, in lanes, in place, and on any number of threads. */
@Tag("kernels")
class RowKernelsTest {

    private static final int[] SIZES = {0, 1, 2, 3, 5, 15, 16, 17, 31, 33, 63, 65, 100, 127, 129, 784, 2500};
    private static final int LARGEST = 20_000;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int THREADS = Threads.count();

    /** The two families, of one implementation. */
    private record Faces(Softmaxes softmaxes, RowLosses losses) {

        static Faces scalar() {
            return new Faces(new Softmaxes(Softmaxes.scalar(), NEVER), new RowLosses(RowLosses.scalar(), NEVER));
        }

        /** Those of this JVM, which split work from so many elements on. */
        static Faces chosen(int elements) {
            Faces faces = new Faces(new Softmaxes(Softmaxes.scalar(), elements), new RowLosses(RowLosses.scalar(), elements));
            if (Backend.isVector()) {
                faces.softmaxes.useLanes();
                faces.losses.useLanes();
            }
            return faces;
        }
    }

    /** Calls one kernel on {@code rows x cols} data. */
    private interface Case {
        void run(Faces faces, int rows, int cols, Blocks blocks);
    }

    private static final Map<String, Case> CASES = new TreeMap<>();

    static {
        CASES.put("softmax", (f, r, c, b) -> {
            f.softmaxes.softmax(b.in(r, c), b.out(r, c), b.perRow(r));
            f.softmaxes.softmax(b.in(r, c), b.out(r, c), null);
        });
        CASES.put("softmaxGradient", (f, r, c, b) -> f.softmaxes.softmaxGradient(b.in(r, c), b.in(r, c), b.out(r, c)));
        CASES.put("logSoftmax", (f, r, c, b) -> f.softmaxes.logSoftmax(b.in(r, c), b.out(r, c)));
        CASES.put("logSoftmaxGradient", (f, r, c, b) -> f.softmaxes.logSoftmaxGradient(b.in(r, c), b.in(r, c), b.out(r, c)));
        CASES.put("losses", (f, r, c, b) -> {
            for (LossOp op : LossOp.values()) {
                f.losses.losses(op, 0.7f, b.in(r, c), b.in(r, c), 3f, b.perRow(r));
            }
        });
        CASES.put("lossGradient", (f, r, c, b) -> {
            for (LossOp op : LossOp.values()) {
                f.losses.lossGradient(op, 0.7f, b.in(r, c), b.in(r, c), 0.37f, b.out(r, c));
            }
        });
        CASES.put("crossEntropy", (f, r, c, b) -> f.losses.crossEntropy(b.in(r, c), b.in(r, c), 1e-7f, b.perRow(r)));
        CASES.put("crossEntropyGradient",
                (f, r, c, b) -> f.losses.crossEntropyGradient(b.in(r, c), b.in(r, c), 1e-7f, 0.37f, b.out(r, c)));
        CASES.put("normalizedCrossEntropyGradient",
                (f, r, c, b) -> f.losses.normalizedCrossEntropyGradient(b.in(r, c), b.in(r, c), 1e-7f, 0.37f, b.out(r, c)));
        CASES.put("softmaxCrossEntropy",
                (f, r, c, b) -> f.losses.softmaxCrossEntropy(b.in(r, c), b.in(r, 1), b.in(r, c), b.perRow(r)));
        CASES.put("softmaxCrossEntropyGradient",
                (f, r, c, b) -> f.losses.softmaxCrossEntropyGradient(b.in(r, c), b.in(r, c), 0.37f, b.out(r, c)));
        CASES.put("categoricalHinge", (f, r, c, b) -> f.losses.categoricalHinge(b.in(r, c), b.in(r, c), b.perRow(r)));
        CASES.put("categoricalHingeGradient",
                (f, r, c, b) -> f.losses.categoricalHingeGradient(b.in(r, c), b.in(r, c), 0.37f, b.out(r, c)));
        CASES.put("negativeCosine", (f, r, c, b) -> f.losses.negativeCosine(b.in(r, c), b.in(r, c), b.perRow(r)));
        CASES.put("negativeCosineGradient",
                (f, r, c, b) -> f.losses.negativeCosineGradient(b.in(r, c), b.in(r, c), 0.37f, b.out(r, c)));
    }

    /** The blocks of a case, whose outputs may be one of its inputs. */
    private static final class Blocks {

        private final KernelCases.Arrays arrays;
        private final int place;
        private final List<Block> ins = new ArrayList<>();

        /** @param place how far back the input is that an output overwrites; 0 for none */
        Blocks(int seed, int place) {
            this.arrays = new KernelCases.Arrays(seed, seed % 2 == 1);
            this.place = place;
        }

        Block in(int rows, int cols) {
            Block block = new Block(arrays.in(rows * cols), KernelCases.Arrays.OFFSET, rows, cols);
            ins.add(block);
            return block;
        }

        Block out(int rows, int cols) {
            float[] array = place == 0 ? arrays.out(rows * cols) : arrays.out(ins.get(Math.max(0, ins.size() - place)).data);
            ins.clear(); // they belong to this call
            return new Block(array, KernelCases.Arrays.OFFSET, rows, cols);
        }

        Block perRow(int rows) {
            return new Block(arrays.out(rows), KernelCases.Arrays.OFFSET, 1, rows);
        }
    }

    @AfterEach
    void restoreThreads() {
        Threads.set(THREADS);
    }

    static Set<String> kernels() {
        return CASES.keySet();
    }

    private static void compare(String kernel, int rows, int cols, int seed, Faces actual) {
        Blocks expected = new Blocks(seed, 0);
        CASES.get(kernel).run(Faces.scalar(), rows, cols, expected);
        String what = kernel + " on " + rows + " x " + cols + ", seed " + seed;
        assertTrue(expected.arrays.guardsHold(), () -> what + ": scalar code wrote outside its output");
        for (int place = 0; place <= 2; place++) {
            Blocks blocks = new Blocks(seed, place);
            CASES.get(kernel).run(actual, rows, cols, blocks);
            assertArrayEquals(expected.arrays.bits(), blocks.arrays.bits(), what + ", over input " + place);
        }
    }

    @Test
    void everyKernelHasACase() {
        assertEquals(Stream.of(Softmaxes.class, RowLosses.class).flatMap(face -> Stream.of(face.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers())).map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new)), kernels());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void sameBitsOnAllShapes(String kernel) {
        Faces chosen = Faces.chosen(NEVER);
        int seed = 0;
        for (int rows : SIZES) {
            for (int cols : SIZES) {
                if (rows * cols <= LARGEST) {
                    compare(kernel, rows, cols, seed++, chosen);
                }
            }
        }
    }

    /** Which are transposed. */
    @Test
    void sameBitsOnManyShortRows() {
        Faces chosen = Faces.chosen(NEVER);
        for (int rows : new int[] {1023, 1024, 1100, 1295}) {
            for (int cols = 1; cols <= 17; cols++) {
                compare("softmax", rows, cols, 2 * rows + cols, chosen);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void sameBitsOnAnyNumberOfThreads(int threads) {
        Threads.set(threads);
        Faces splitting = Faces.chosen(1);
        int seed = 1000;
        for (String kernel : kernels()) {
            for (int rows : new int[] {0, 1, 2, 5, 33, 129}) {
                for (int cols : new int[] {0, 1, 3, 10, 65, 127}) {
                    compare(kernel, rows, cols, seed++, splitting);
                }
            }
        }
        compare("softmax", 3500, 10, seed, splitting);
    }

    @Test
    void blocksThatDoNotAgreeAreRefused() {
        Faces chosen = Faces.chosen(1);
        Block x = new Block(new float[12], 0, 3, 4);
        Block turned = new Block(new float[12], 0, 4, 3);
        Block gaps = new Block(new float[20], 0, 3, 4, 5);
        Block perRow = new Block(new float[3]);
        for (Block wrong : List.of(turned, gaps, perRow)) {
            assertThrows(IllegalArgumentException.class, () -> chosen.softmaxes.softmax(wrong, x, null));
            assertThrows(IllegalArgumentException.class, () -> chosen.softmaxes.softmax(x, wrong, null));
            assertThrows(IllegalArgumentException.class, () -> chosen.softmaxes.softmaxGradient(x, wrong, x));
            assertThrows(IllegalArgumentException.class, () -> chosen.losses.negativeCosine(x, wrong, perRow));
            assertThrows(IllegalArgumentException.class, () -> chosen.losses.negativeCosineGradient(x, x, 1f, wrong));
        }
        assertThrows(IllegalArgumentException.class, () -> chosen.softmaxes.softmax(x, x, x));
        assertThrows(IllegalArgumentException.class, () -> chosen.losses.softmaxCrossEntropy(x, x, x, perRow));
    }
}
