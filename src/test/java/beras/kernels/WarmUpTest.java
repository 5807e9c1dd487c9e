package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("kernels")
@Tag("vector")
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
        List<Family<?>> families = faces.all().stream().filter(family -> family != faces.products()).toList();
        families.forEach(Family::prepare);
        for (KernelCases.Case kernel : KernelCases.BY_NAME.values()) {
            kernel.run(faces, 96, 70, new Blocks(1, false));
        }
        Backend.awaitFast();
        families.forEach(family -> family.use(null));
        families.forEach(Family::prepare);
        Set<String> scalar = new TreeSet<>();
        KernelCases.BY_NAME.forEach((name, kernel) -> addIfScalar(name, scalar, () -> kernel.run(faces, 96, 70, new Blocks(1, false))));
        MatrixView x = new MatrixView(new float[96]);
        for (UnaryOp op : UnaryOp.values()) {
            addIfScalar("map " + op, scalar, () -> faces.elements().map(op, 1f, x, x));
            addIfScalar("gradient " + op, scalar, () -> faces.elements().mapGradient(op, 1f, x, x, x, x));
        }
        for (BinaryOp op : BinaryOp.values()) {
            addIfScalar("zip " + op, scalar, () -> faces.elements().zip(op, x, x, x));
        }
        assertEquals(new TreeSet<>(List.of("products.dense", "pools.average", "pools.averageGradient", "pools.maxGradient",
                "elements.map", "elements.mapGradient", "elements.weightPenalties", "elements.zip", "elements.zipRows",
                "sums.cumulativeSums", "sums.rowArgMax", "sums.rowArgMaxMatches", "sums.rowProducts", "sums.squareSum",
                "rowLosses.crossEntropyGradient", "rowLosses.lossGradient", "map COS", "map ERF", "map FLOOR", "map HARD_SIGMOID",
                "map MISH", "map SIN", "map SOFTSIGN", "gradient COS", "gradient ERF", "gradient FLOOR", "gradient HARD_SIGMOID",
                "gradient LINEAR", "gradient LOG", "gradient MISH", "gradient SIGN", "gradient SIN", "gradient SOFTSIGN",
                "gradient SQRT", "zip POWER")), scalar);
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
            if (Family.class.isAssignableFrom(face.getReturnType())) {
                Family<?> family = (Family<?>) face.invoke(null);
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
        assertSame(VectorSums.class, Family.inUse(new Sums(new ScalarSums(new ScalarElements()), 1)).live().getClass());
    }

    @Test
    void allKernelsOfProductsComeIntoUse() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = new WarmUp(false, PATIENCE_NANOS, System::nanoTime);
        warmUp.requestAllProducts();
        warmUp.runUntilIdle();
        assertEquals(ProductStage.COMPLETE, ((VectorProducts) Backend.products().live()).stage(), warmUp.describe("vectors"));
    }

    @Test
    void kernelsThatNeverGetFastStayScalar() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = new WarmUp(false, 300_000_000, System::nanoTime);
        assertFalse(isUsed(warmUp, (times, isEmpty) -> takeAtLeast(UNCOMPILED_NANOS)));
        assertEquals("vectors, in part: the compiler did not make kernels of this test fast with SIMD", warmUp.describe("vectors"));
        assertFalse(warmUp.hasFailed());
    }

    @Test
    void kernelsThatNeverGetFastComeIntoUseWhereTheyAreAskedFor() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = new WarmUp(true, 1_000_000, System::nanoTime);
        assertTrue(isUsed(warmUp, (times, isEmpty) -> takeAtLeast(UNCOMPILED_NANOS)));
        assertEquals("vectors", warmUp.describe("vectors"));
    }

    @Test
    void aFailureOfAllIsReported() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = new WarmUp(false, 1_000_000, () -> {
            throw new IllegalStateException("no clock");
        });
        warmUp.run();
        warmUp.awaitIdle();
        assertTrue(warmUp.hasFailed());
        assertEquals("scalar: vectors failed with java.lang.IllegalStateException: no clock", warmUp.describe("vectors"));
    }

    @Test
    void aFailureOfOneIsReportedAndKeepsNoOtherFromUse() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = new WarmUp(false, PATIENCE_NANOS, System::nanoTime);
        warmUp.request(2, () -> {
            throw new IllegalStateException("no memory");
        });
        assertTrue(isUsed(warmUp, (times, isEmpty) -> { }));
        assertFalse(warmUp.hasFailed());
        assertEquals("vectors, in part: vectors failed with java.lang.IllegalStateException: no memory", warmUp.describe("vectors"));
    }

    /** Or such as are compiled less well than could be. */
    @Test
    void compiledKernelsOfASlowProcessorComeIntoUse() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = new WarmUp(false, PATIENCE_NANOS, System::nanoTime);
        assertTrue(isUsed(warmUp, (times, isEmpty) -> takeAtLeast(COMPILED_NANOS)));
        assertEquals("vectors", warmUp.describe("vectors"));
    }

    /** As in virtual machines in which each reading goes through the hypervisor. */
    @Test
    void aSlowClockDoesNotKeepKernelsScalar() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = new WarmUp(false, PATIENCE_NANOS, () -> {
            takeAtLeast(UNCOMPILED_NANOS);
            return System.nanoTime();
        });
        assertTrue(isUsed(warmUp, (times, isEmpty) -> { }));
        assertEquals("vectors", warmUp.describe("vectors"));
    }

    @Test
    void kernelsOfMostWorkComeFirst() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = new WarmUp(false, PATIENCE_NANOS, System::nanoTime);
        List<String> used = new ArrayList<>();
        for (int work : new int[] {3, 1, 1 << 20, 2}) {
            warmUp.request(work, () -> new WarmUp.Group("", () -> used.add("" + work), null, (times, isEmpty) -> { }));
        }
        warmUp.runUntilIdle();
        assertEquals(List.of("1048576", "3", "2", "1"), used);
    }

    /** Whether a kernel comes into use. */
    private static boolean isUsed(WarmUp warmUp, WarmUp.Call call) {
        AtomicBoolean used = new AtomicBoolean();
        warmUp.request(1, () -> new WarmUp.Group("kernels of this test", () -> used.set(true), null, call));
        warmUp.runUntilIdle();
        return used.get();
    }

    private static void takeAtLeast(long nanos) {
        for (long end = System.nanoTime() + nanos; System.nanoTime() < end; ) {
            Thread.onSpinWait();
        }
    }
}
