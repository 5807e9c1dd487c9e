package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.kernels.ProductPlan.Algorithm;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("kernels")
@Tag("vector")
@Tag("heap")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class WarmUpTest {

    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long UNCOMPILED_NANOS = 10_000;
    /** More than a microsecond, which was the limit once, with what the kernel takes besides. */
    private static final long COMPILED_NANOS = 1_100;

    /** Every kernel is asked of the implementation in use, so none is left scalar for ever. */
    @ParameterizedTest
    @MethodSource("beras.kernels.KernelBitsTest#kernels")
    void everyKernelIsThatOfTheImplementationInUse(String kernel) {
        Faces faces = Faces.scalar(Faces.NEVER);
        faces.all().forEach(family -> family.use(null));
        assertThrows(NullPointerException.class, () -> KernelCases.BY_NAME.get(kernel).run(faces, 2, 3, new Blocks(1, false)));
    }

    /** Each is asked for by its first call, and fast on tiny blocks as soon as it is compiled; without scalar code, the others fail. */
    @Test
    void everyKernelWithVectorsComesIntoUseByBeingUsed() throws InterruptedException {
        Backend.awaitFast();
        Faces faces = Faces.scalar(Faces.NEVER);
        List<KernelGroup<?>> families = faces.all().stream().filter(family -> family != faces.products()).toList();
        families.forEach(KernelGroup::prepare);
        for (KernelCases.Case kernel : KernelCases.BY_NAME.values()) {
            kernel.run(faces, 96, 70, new Blocks(1, false));
        }
        Backend.awaitFast();
        families.forEach(family -> family.use(null));
        families.forEach(KernelGroup::prepare);
        Set<String> scalar = new TreeSet<>();
        KernelCases.BY_NAME.forEach((name, kernel) -> addIfScalar(name, scalar, () -> kernel.run(faces, 96, 70, new Blocks(1, false))));
        MatrixView x = new MatrixView(new float[96]);
        for (UnaryOp op : UnaryOp.values()) {
            addIfScalar("map " + op, scalar, () -> faces.elements().map(op, 1f, x, x));
            addIfScalar("gradient " + op, scalar, () -> faces.elements().mapGradient(op, 1f, x, x, x, x));
        }
        for (BinaryOp op : KernelCases.REDUCING) {
            addIfScalar("rows " + op, scalar, () -> faces.sums().reduceRows(op, x, new MatrixView(new float[1])));
            addIfScalar("columns " + op, scalar, () -> faces.sums().reduceColumns(op, x, new MatrixView(new float[96])));
        }
        for (BinaryOp op : BinaryOp.values()) {
            addIfScalar("zip " + op, scalar, () -> faces.elements().zip(op, x, x, x));
        }
        assertEquals(new TreeSet<>(List.of("products.dense", "pools.average", "pools.averageGradient", "pools.maxGradient",
                "elements.map", "elements.mapGradient", "elements.weightPenalties", "elements.weightPenaltyGradient", "elements.zip", "elements.zipRows",
                "sums.cumulativeSums", "sums.rowArgMax", "sums.rowArgMaxMatches", "sums.reduceRows", "sums.squareSum",
                "rowLosses.lossGradient", "rowLosses.softmaxCrossEntropyOfLabelsGradient", "map CELU", "map COS", "map ERF", "map FLOOR",
                "map LOG_SIGMOID", "map SIN", "map SQUARE_PLUS", "map TANH_SHRINK", "gradient CELU", "gradient COS",
                "gradient LOG_SIGMOID", "gradient SIN", "gradient SQUARE_PLUS", "gradient TANH_SHRINK", "rows MULTIPLY",
                "zip POWER")), scalar);
        assertFalse(Backend.describe().contains("in part"), Backend.describe());
    }

    private static void addIfScalar(String name, Set<String> scalar, Runnable call) {
        try {
            call.run();
        } catch (NullPointerException e) {
            scalar.add(name);
        }
    }

    @Test
    void everyFamilyComputesWithSimdAfterTheWait() throws Exception {
        Backend.awaitFast();
        assertTrue(Backend.isVector(), Backend.describe());
        int families = 0;
        for (Method face : Backend.class.getMethods()) {
            if (KernelGroup.class.isAssignableFrom(face.getReturnType())) {
                KernelGroup<?> family = (KernelGroup<?>) face.invoke(null);
                assertSame(family.simd().getClass(), family.live().getClass(), face.getName());
                families++;
            }
        }
        assertEquals(Faces.scalar(Faces.NEVER).all().size(), families);
    }

    /** One that is not needed before. */
    @Test
    void aFamilyThatComesIntoUseAfterTheWaitComputesWithSimdAtOnce() throws InterruptedException {
        Backend.awaitFast();
        assertSame(VectorSums.class, KernelGroup.inUse(new Sums(new ScalarSums(new ScalarElements()), 1)).live().getClass());
    }

    @Test
    void allKernelsOfProductsComeIntoUse() throws InterruptedException {
        Backend.awaitFast();
        VectorProducts products = (VectorProducts) Backend.products().live();
        for (Algorithm algorithm : Algorithm.values()) {
            assertTrue(products.kernel(algorithm).isFast(), algorithm.name());
        }
    }

    @Test
    void kernelsThatNeverGetFastStayScalar() throws InterruptedException {
        WarmUp warmUp = warmUp(false, 300_000_000, System::nanoTime);
        assertFalse(isUsed(warmUp, UNCOMPILED_NANOS));
        assertEquals("vectors, in part: the compiler did not make String fast with SIMD", warmUp.describe("vectors"));
        assertFalse(warmUp.hasFailed());
    }

    @Test
    void kernelsThatNeverGetFastComeIntoUseWhereTheyAreAskedFor() throws InterruptedException {
        WarmUp warmUp = warmUp(true, 1_000_000, System::nanoTime);
        assertTrue(isUsed(warmUp, UNCOMPILED_NANOS));
        assertEquals("vectors", warmUp.describe("vectors"));
    }

    @Test
    void aFailureOfAllIsReported() throws InterruptedException {
        WarmUp warmUp = warmUp(false, 1_000_000, () -> {
            throw new IllegalStateException("no clock");
        });
        assertFalse(isUsed(warmUp, 0));
        warmUp.awaitIdle();
        assertTrue(warmUp.hasFailed());
        assertEquals("scalar: vectors failed with java.lang.IllegalStateException: no clock", warmUp.describe("vectors"));
        assertFalse(isUsed(warmUp, 0));
    }

    @Test
    void aFailureOfOneIsReportedAndKeepsNoOtherFromUse() throws InterruptedException {
        WarmUp warmUp = warmUp(false, PATIENCE_NANOS, System::nanoTime);
        warmUp.request(kernel((kernels, blocks, n) -> {
            throw new IllegalStateException("no memory");
        }), "", null);
        assertTrue(isUsed(warmUp, 0));
        assertFalse(warmUp.hasFailed());
        assertEquals("vectors, in part: vectors failed with java.lang.IllegalStateException: no memory", warmUp.describe("vectors"));
    }

    /** Or such as are compiled less well than could be. */
    @Test
    void compiledKernelsOfASlowProcessorComeIntoUse() throws InterruptedException {
        WarmUp warmUp = warmUp(false, PATIENCE_NANOS, System::nanoTime);
        assertTrue(isUsed(warmUp, COMPILED_NANOS));
        assertEquals("vectors", warmUp.describe("vectors"));
    }

    /** As in virtual machines in which each reading goes through the hypervisor. */
    @Test
    void aSlowClockDoesNotKeepKernelsScalar() throws InterruptedException {
        WarmUp warmUp = warmUp(false, PATIENCE_NANOS, () -> {
            takeAtLeast(UNCOMPILED_NANOS);
            return System.nanoTime();
        });
        assertTrue(isUsed(warmUp, 0));
        assertEquals("vectors", warmUp.describe("vectors"));
    }

    @Test
    void kernelsComeIntoUseInTheOrderOfRequests() throws InterruptedException {
        List<Boolean> earlierAreFast = new ArrayList<>();
        WarmUp warmUp = warmUp(false, PATIENCE_NANOS, System::nanoTime);
        SimdKernel<String> first = kernel((kernels, blocks, n) -> { });
        warmUp.request(first, "", null);
        warmUp.request(kernel((kernels, blocks, n) -> earlierAreFast.add(first.isFast())), "", null);
        warmUp.run();
        assertTrue(earlierAreFast.get(0));
    }

    /** Else a way of products that is compiled would bring dense products into use that are not. */
    @Test
    void withoutTheWideTileNothingComesIntoUse() throws InterruptedException {
        Backend.awaitFast();
        AtomicLong readings = new AtomicLong();
        Products products = Faces.scalar(Faces.NEVER).products();
        WarmUp warmUp = new WarmUp(products, false, PATIENCE_NANOS,
                () -> Math.max(0, readings.incrementAndGet() - 2 * Thresholds.CLOCK_READINGS - 1) * 1_000_000_000L);
        VectorProducts vectors = new VectorProducts();
        warmUp.request(vectors.skipZeros, vectors, null);
        warmUp.run();
        assertFalse(vectors.skipZeros.isFast());
        assertSame(ScalarProducts.class, products.live().getClass());
        assertTrue(warmUp.hasFailed());
    }

    private static WarmUp warmUp(boolean always, long patienceNanos, LongSupplier clock) throws InterruptedException {
        Backend.awaitFast();
        return new WarmUp(Faces.scalar(Faces.NEVER).products(), always, patienceNanos, clock);
    }

    private static SimdKernel<String> kernel(SimdKernel.Call<String> call) {
        return new SimdKernel<>(TinyBlocks.ROW, call);
    }

    /** Whether a kernel comes into use of which a call takes so long. */
    private static boolean isUsed(WarmUp warmUp, long nanos) {
        SimdKernel<String> kernel = kernel((kernels, blocks, n) -> takeAtLeast(nanos));
        warmUp.request(kernel, "", null);
        warmUp.run();
        return kernel.isFast();
    }

    private static void takeAtLeast(long nanos) {
        for (long end = System.nanoTime() + nanos; System.nanoTime() < end; ) {
            Thread.onSpinWait();
        }
    }
}
