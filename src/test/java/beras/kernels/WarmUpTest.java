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

    /** Only short rows have kernels of their own, which come later. */
    @Test
    void aSoftmaxOfLongRowsIsAmongTheOthers() {
        Set<String> others = new TreeSet<>();
        Set<String> shortRows = new TreeSet<>();
        ParallelKernels face = new ParallelKernels(noting(others));
        face.useForShortSoftmaxes(noting(shortRows));
        float[] x = new float[2 * 17];
        face.softmax(x, 0, 2, 17, x, 0, null, 0);
        assertEquals(Set.of("softmax"), others);
        assertEquals(Set.of(), shortRows);
        face.softmax(x, 0, 2, 16, x, 0, null, 0);
        assertEquals(Set.of("softmax"), shortRows);
    }

    @Test
    void theVectorKernelsComeIntoUse() throws InterruptedException {
        Backend.awaitFast();
        assertTrue(Backend.isVector(), Backend.describe());
        assertTrue(((ParallelKernels) Backend.kernels()).inUse().stream().allMatch(k -> k == Backend.chosen()));
    }
}
