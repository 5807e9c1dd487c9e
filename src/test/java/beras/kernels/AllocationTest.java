package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiled kernels keep their vectors in registers. A vector that escapes to the heap costs no correctness but nearly all
 * the speed, so this is checked: bytes allocated per call, as the slope between N and 2N calls.
 *
 * <p>The first class of its JVM, and it leaves {@link Backend} alone: how well a kernel is compiled depends a little on what
 * ran before.
 */
@Tag("kernels")
@Tag("vector")
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROWS = 24;
    private static final int COLS = 80;
    private static final int N = ROWS * COLS;
    /** A byte now and then of the measurement itself. */
    private static final double ALLOWED = 16;

    @BeforeAll
    static void theBuildMeantVectors() {
        assertTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        Lanes.useEachOperation(); // as the warm-up does
    }

    private static double bytesPerCall(Runnable call) {
        for (int i = 0; i < 30_000; i++) { // until the optimising compiler has it
            call.run();
        }
        double least = Double.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) { // the compiler may still be at work in the first
            long one = allocatedBy(call, 500);
            long two = allocatedBy(call, 1000);
            least = Math.min(least, (two - one) / 500.0);
        }
        return least;
    }

    private static long allocatedBy(Runnable call, int times) {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < times; i++) {
            call.run();
        }
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    static java.util.Set<String> kernels() {
        return KernelCases.BY_NAME.keySet();
    }

    /** The same arrays for every call, so that only the kernel's own allocations count. */
    private static final class Fixed {
        final float[] a = new float[4 * N];
        final float[] b = new float[4 * N];
        final float[] c = new float[4 * N];
        final float[] d = new float[4 * N];
        final int[] ints = new int[N];
        final byte[] bytes = new byte[N];

        Runnable call(Kernels k, String kernel) {
            return switch (kernel) {
                case "gemm" -> () -> {
                    k.gemm(false, false, ROWS, COLS, 32, a, 0, 32, b, 0, COLS, c, 0, COLS);
                    k.gemm(true, true, ROWS, COLS - 5, 32, a, 0, ROWS, b, 0, 32, c, 0, COLS);
                };
                case "dense" -> () -> k.dense(UnaryOp.RELU, 0f, ROWS, COLS, 32, a, 0, b, 0, d, 0, c, 0);
                case "biasActivation" -> () -> k.biasActivation(UnaryOp.RELU, 0f, c, 0, ROWS, COLS, a, 0);
                case "map" -> () -> {
                    for (UnaryOp op : OPS) {
                        k.map(op, 0f, a, 0, c, 0, N);
                    }
                };
                case "mapGradient" -> () -> {
                    for (UnaryOp op : OPS) {
                        k.mapGradient(op, 0f, a, 0, b, 0, d, 0, c, 0, N);
                    }
                };
                case "zip" -> () -> k.zip(BinaryOp.ADD, a, 0, 1, b, 0, 1, c, 0, N);
                case "scaledDifference" -> () -> k.scaledDifference(a, 0, b, 0, 0.1f, c, 0, N);
                case "unitFloats" -> () -> k.unitFloats(bytes, 0, c, 0, N);
                case "unitFloatRows" -> () -> k.unitFloatRows(bytes, 0, ints, 0, ROWS, COLS, c, 0);
                case "rowSums" -> () -> k.rowSums(a, 0, ROWS, COLS, c, 0);
                case "rowMaxima" -> () -> k.rowMaxima(a, 0, ROWS, COLS, c, 0);
                case "rowArgMax" -> () -> k.rowArgMax(a, 0, ROWS, COLS, ints, 0);
                case "rowArgMaxMatches" -> () -> ints[0] = k.rowArgMaxMatches(a, 0, b, 0, ROWS, COLS);
                case "columnSums" -> () -> k.columnSums(a, 0, ROWS, COLS, c, 0);
                case "columnMaxima" -> () -> k.columnMaxima(a, 0, ROWS, COLS, c, 0);
                case "softmax" -> () -> {
                    k.softmax(a, 0, ROWS, COLS, c, 0, d, 0);
                    k.softmax(a, 0, 8 * ROWS, COLS / 8, c, 0, d, 0);
                };
                case "softmaxGradient" -> () -> k.softmaxGradient(a, 0, b, 0, ROWS, COLS, c, 0);
                case "logSoftmax" -> () -> k.logSoftmax(a, 0, ROWS, COLS, c, 0);
                case "logSoftmaxGradient" -> () -> k.logSoftmaxGradient(a, 0, b, 0, ROWS, COLS, c, 0);
                case "crossEntropy" -> () -> k.crossEntropy(a, 0, b, 0, ROWS, COLS, 1e-7f, c, 0);
                case "crossEntropyGradient" -> () -> k.crossEntropyGradient(a, 0, b, 0, 1e-7f, 0.1f, c, 0, N);
                case "softmaxCrossEntropy" -> () -> k.softmaxCrossEntropy(a, 0, d, 0, b, 0, ROWS, COLS, c, 0);
                case "softmaxCrossEntropyGradient" -> () -> k.softmaxCrossEntropyGradient(a, 0, b, 0, ROWS, COLS, 0.1f, c, 0);
                case "squaredErrors" -> () -> k.squaredErrors(a, 0, b, 0, ROWS, COLS, c, 0);
                case "losses" -> () -> k.losses(LossOp.HUBER, 1f, a, 0, b, 0, ROWS, COLS, 80f, c, 0);
                case "lossGradient" -> () -> k.lossGradient(LossOp.HUBER, 1f, a, 0, b, 0, 0.1f, c, 0, N);
                case "normalizedCrossEntropyGradient" ->
                        () -> k.normalizedCrossEntropyGradient(a, 0, b, 0, ROWS, COLS, 1e-7f, 0.1f, c, 0);
                case "categoricalHinge" -> () -> k.categoricalHinge(a, 0, b, 0, ROWS, COLS, c, 0);
                case "categoricalHingeGradient" -> () -> k.categoricalHingeGradient(a, 0, b, 0, ROWS, COLS, 0.1f, c, 0);
                case "negativeCosine" -> () -> k.negativeCosine(a, 0, b, 0, ROWS, COLS, c, 0);
                case "negativeCosineGradient" -> () -> k.negativeCosineGradient(a, 0, b, 0, ROWS, COLS, 0.1f, c, 0);
                case "zipRows" -> () -> k.zipRows(BinaryOp.MULTIPLY, a, 0, b, 0, ROWS, COLS, c, 0);
                case "columnProducts" -> () -> k.columnProducts(a, 0, d, 0, b, 0, d, 0, ROWS, COLS, c, 0);
                case "normalizeColumns" -> () -> k.normalizeColumns(a, 0, d, 0, b, 0, d, 0, ROWS, COLS, c, 0);
                case "normalizeColumnsGradient" -> () -> k.normalizeColumnsGradient(a, 0, d, 0, b, 0, b, 0, d, 0, d, 0, ROWS,
                        COLS, c, 0);
                case "normalizeRows" -> () -> k.normalizeRows(a, 0, b, 0, b, 0, 1e-3f, ROWS, COLS, c, 0, d, 0);
                case "normalizeRowsGradient" -> () -> k.normalizeRowsGradient(a, 0, d, 0, b, 0, b, 0, ROWS, COLS, c, 0);
                case "normalizeRowsScaleGradient" -> () -> k.normalizeRowsScaleGradient(a, 0, d, 0, b, 0, ROWS, COLS, c, 0);
                case "dropoutMask" -> () -> k.dropoutMask(7, 1L << 31, 2f, c, 0, N);
                case "scaleAndClip" -> () -> k.scaleAndClip(a, 0, 0.1f, 1f, c, 0, N);
                case "squareSum" -> () -> c[0] = (float) k.squareSum(a, 0, N);
                case "weightPenalties" -> () -> k.weightPenalties(a, 0, 0.1f, 0.2f, c, 0, N);
                case "weightPenaltyGradient" -> () -> k.weightPenaltyGradient(a, 0, 0.1f, 0.2f, c, 0, N);
                default -> throw new AssertionError("No call for kernel " + kernel);
            };
        }

        private static final UnaryOp[] OPS = UnaryOp.values();
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("kernels")
    void kernelsAllocateNextToNothing(String kernel) {
        double bytes = bytesPerCall(new Fixed().call(new VectorKernels(), kernel));
        assertTrue(bytes <= ALLOWED, kernel + " allocates " + bytes + " bytes a call");
    }

    /** A kernel with the known fault, a species that is no constant: the measure must see it. Last, for it loads more species. */
    @Order(2)
    @Test
    void theMeasureSeesVectorsOnTheHeap() {
        Canary canary = new Canary(Lanes.FLOATS);
        double bytes = bytesPerCall(canary);
        assertTrue(bytes > 10 * ALLOWED, "the canary allocates only " + bytes + " bytes a call");
    }

    private static final class Canary implements Runnable {
        private VectorSpecies<Float> species;
        private final float[] a = new float[N];

        Canary(VectorSpecies<Float> species) {
            this.species = species;
        }

        @Override
        public void run() {
            for (int i = 0; i + species.length() <= N; i += species.length()) {
                FloatVector.fromArray(species, a, i).add(1f).intoArray(a, i);
            }
            species = species.length() == 4 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
        }
    }
}
