package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** Each is asked for by its first call, and fast on tiny blocks as soon as it is compiled. */
    @Test
    void everyKernelComesIntoUseByBeingUsed() throws Exception {
        Backend.awaitFast();
        Faces faces = Faces.scalar(Faces.NEVER);
        List<Family<?>> families = faces.all().stream().filter(family -> family != faces.products()).toList();
        families.forEach(Family::prepare);
        Field live = Family.class.getDeclaredField("live");
        live.setAccessible(true);
        for (KernelCases.Case kernel : KernelCases.BY_NAME.values()) {
            kernel.run(faces, 96, 70, new Blocks(1, false));
        }
        Backend.awaitFast();
        for (Family<?> family : families) {
            live.set(family, null);
        }
        for (Map.Entry<String, KernelCases.Case> kernel : KernelCases.BY_NAME.entrySet()) {
            if (!kernel.getKey().equals("sums.squareSum")) { // it has one implementation
                assertDoesNotThrow(() -> kernel.getValue().run(faces, 96, 70, new Blocks(1, false)), kernel.getKey());
            }
        }
        assertFalse(Backend.describe().contains("in part"), Backend.describe());
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
