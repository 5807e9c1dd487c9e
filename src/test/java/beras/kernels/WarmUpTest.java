package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Tag("vector")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class WarmUpTest {

    /** Kernels that note who was called; made by a proxy, for there are many. */
    private static Kernels noting(Set<String> calls) {
        return (Kernels) java.lang.reflect.Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class},
                (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return method.getReturnType() == int.class ? (Object) 0 : method.getReturnType() == double.class ? 0.0 : null;
                });
    }

    /** Every kernel of the face passes its work on to what was put in place, so none is left scalar for ever. */
    @Test
    void everyKernelIsReplaced() {
        Set<String> before = new TreeSet<>();
        Set<String> after = new TreeSet<>();
        ParallelKernels face = new ParallelKernels(noting(before));
        Thread.currentThread().interrupt(); // it takes no pauses then
        new WarmUp(noting(after), face).run();
        assertTrue(Thread.interrupted());
        after.clear();
        KernelCases.BY_NAME.values().forEach(call -> call.run(face, 2, 3, new KernelCases.Arrays(1, false)));
        assertEquals(Set.of(), before);
        assertEquals(KernelCases.BY_NAME.keySet(), after);
    }

    /** Kernels that take longer than any that is fast come into use when patience is at its end, each group as it is. */
    @Test
    void kernelsThatNeverGetFastComeIntoUseAllTheSame() {
        Kernels slow = (Kernels) java.lang.reflect.Proxy.newProxyInstance(Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    for (long end = System.nanoTime() + 2_000; System.nanoTime() < end; ) {
                        Thread.onSpinWait();
                    }
                    return null;
                });
        ParallelKernels face = new ParallelKernels(noting(new TreeSet<>()));
        Thread.currentThread().interrupt(); // it takes no pauses then
        new WarmUp(slow, face, 1_000_000).run();
        assertTrue(Thread.interrupted());
        face.inUse().forEach(kernels -> assertSame(slow, kernels));
    }

    @Test
    void theVectorKernelsComeIntoUse() throws InterruptedException {
        Backend.awaitFast();
        assertTrue(Backend.isVector(), Backend.describe());
        assertTrue(((ParallelKernels) Backend.kernels()).inUse().stream().allMatch(k -> k == Backend.chosen()));
    }

    /** With the rest, however short their rows, and not by a time of their own. */
    @Test
    void softmaxesComeIntoUseInLanes() throws InterruptedException {
        Backend.awaitFast();
        assertSame(VectorSoftmaxes.class, Backend.softmaxes().live().getClass());
    }
}
