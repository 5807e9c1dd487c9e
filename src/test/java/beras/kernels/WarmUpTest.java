package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("vector")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class WarmUpTest {

    private static final long UNCOMPILED_NANOS = 10_000;
    /** More than a microsecond, which was the limit once, with what the kernel takes besides. */
    private static final long COMPILED_NANOS = 1_100;

    /** Every kernel is asked of the implementation in use, so none is left scalar for ever. */
    @ParameterizedTest
    @MethodSource("beras.kernels.KernelBitsTest#kernels")
    void everyKernelIsThatOfTheImplementationInUse(String kernel) {
        Faces faces = Faces.scalar(Faces.NEVER);
        faces.all().forEach(family -> family.useLanes(null));
        assertThrows(NullPointerException.class, () -> KernelCases.BY_NAME.get(kernel).run(faces, 2, 3, new Blocks(1, false)));
    }

    @Test
    void everyFamilyComesIntoUseInLanes() throws Exception {
        Backend.awaitFast();
        assertTrue(Backend.isVector(), Backend.describe());
        assertAllInLanes();
    }

    @Test
    void allKernelsOfProductsComeIntoUse() throws InterruptedException {
        Backend.awaitFast();
        WarmUp warmUp = warmUp(new VectorElements(), new VectorUpdates(), false, 60_000_000_000L);
        warmUp.all();
        warmUp.run();
        assertEquals(ProductStage.COMPLETE, ((VectorProducts) Backend.products().live()).stage(), warmUp.describe("lanes"));
    }

    private static WarmUp warmUp(ScalarElements elements, ScalarUpdates updates, boolean always, long patienceNanos) {
        return new WarmUp(new ProductRequests(), elements, updates, always, patienceNanos, System::nanoTime);
    }

    private static void assertAllInLanes() throws ReflectiveOperationException {
        int families = 0;
        for (Method face : Backend.class.getMethods()) {
            if (Family.class.isAssignableFrom(face.getReturnType())) {
                Family<?> family = (Family<?>) face.invoke(null);
                assertSame(family.lanes().getClass(), family.live().getClass(), face.getName());
                families++;
            }
        }
        assertEquals(Faces.scalar(Faces.NEVER).all().size(), families);
    }

    /** One that is not needed before. */
    @Test
    void aFamilyThatComesIntoUseLaterIsInLanesAtOnce() throws InterruptedException {
        Backend.awaitFast();
        assertSame(VectorSums.class, Family.inUse(new Sums(new ScalarSums(new ScalarElements()), 1)).live().getClass());
    }

    /** Those of a family after the first that is slow, too. */
    @Test
    void kernelsThatNeverGetFastStayScalar() throws Exception {
        Backend.awaitFast();
        ScalarUpdates live = Backend.updates().live();
        WarmUp warmUp = warmUp(new VectorElements(), new SlowUpdates(UNCOMPILED_NANOS), false, 300_000_000);
        warmUp.all();
        warmUp.run();
        assertSame(live, Backend.updates().live());
        assertEquals("lanes, in part: the compiler did not make optimizers fast with SIMD", warmUp.describe("lanes"));
        assertFalse(warmUp.hasFailed());
    }

    @Test
    void kernelsThatNeverGetFastComeIntoUseWhereTheyAreAskedFor() throws Exception {
        Backend.awaitFast();
        ScalarElements elements = new SlowElements();
        ScalarUpdates updates = new SlowUpdates(UNCOMPILED_NANOS);
        WarmUp warmUp = warmUp(elements, updates, true, 1_000_000);
        warmUp.all();
        try {
            warmUp.run();
            assertSame(elements, Backend.elements().live());
            assertSame(updates, Backend.updates().live());
            assertEquals("lanes", warmUp.describe("lanes"));
        } finally {
            Backend.elements().useLanes(new VectorElements());
            Backend.updates().useLanes(new VectorUpdates());
        }
        assertAllInLanes();
    }

    @Test
    void aFailureIsSaid() throws InterruptedException {
        Backend.awaitFast();
        ScalarUpdates live = Backend.updates().live();
        WarmUp warmUp = new WarmUp(new ProductRequests(), new VectorElements(), new VectorUpdates(), false, 1_000_000, () -> {
            throw new IllegalStateException("no clock");
        });
        warmUp.run();
        assertSame(live, Backend.updates().live());
        assertTrue(warmUp.hasFailed());
        assertTrue(warmUp.describe("lanes").startsWith("scalar: vectors failed with java.lang.IllegalStateException: no clock"),
                warmUp.describe("lanes"));
    }

    /** Or such as are compiled less well than could be. */
    @Test
    void compiledKernelsOfASlowProcessorComeIntoUse() throws Exception {
        Backend.awaitFast();
        ScalarUpdates updates = new SlowUpdates(COMPILED_NANOS);
        WarmUp warmUp = warmUp(new VectorElements(), updates, false, 60_000_000_000L);
        warmUp.all();
        try {
            warmUp.run();
            assertSame(updates, Backend.updates().live());
            assertEquals("lanes", warmUp.describe("lanes"));
        } finally {
            Backend.updates().useLanes(new VectorUpdates());
        }
    }

    /** As in virtual machines in which each reading goes through the hypervisor. */
    @Test
    void aSlowClockDoesNotKeepKernelsScalar() throws Exception {
        Backend.awaitFast();
        ScalarUpdates updates = new VectorUpdates();
        WarmUp warmUp = new WarmUp(new ProductRequests(), new VectorElements(), updates, false, 10_000_000_000L, () -> {
            takeAtLeast(UNCOMPILED_NANOS);
            return System.nanoTime();
        });
        warmUp.all();
        warmUp.run();
        assertSame(updates, Backend.updates().live());
        assertEquals("lanes", warmUp.describe("lanes"));
    }

    private static void takeAtLeast(long nanos) {
        for (long end = System.nanoTime() + nanos; System.nanoTime() < end; ) {
            Thread.onSpinWait();
        }
    }

    private static final class SlowElements extends ScalarElements {

        @Override
        void biasActivation(UnaryOp op, float alpha, MatrixView bias, MatrixView y, int rowFrom, int rowTo) {
            takeAtLeast(UNCOMPILED_NANOS);
            super.biasActivation(op, alpha, bias, y, rowFrom, rowTo);
        }

        @Override
        void zip(BinaryOp op, MatrixView a, MatrixView b, MatrixView y, int from, int to) {
            takeAtLeast(UNCOMPILED_NANOS);
            super.zip(op, a, b, y, from, to);
        }
    }

    private static final class SlowUpdates extends ScalarUpdates {

        private final long nanos;

        SlowUpdates(long nanos) {
            this.nanos = nanos;
        }

        @Override
        void apply(Update update, MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
            takeAtLeast(nanos);
            super.apply(update, w, g, slots, from, to);
        }
    }
}
