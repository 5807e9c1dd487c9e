package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Tag("kernels")
@Tag("vector")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SimdKernelTest {

    /** It may count, log or keep a norm, and have more slots than any rule of the library. */
    @Test
    void aCustomRuleIsCalledForItsWeightsAlone() throws InterruptedException {
        Updates updates = new Updates(new ScalarUpdates(), Integer.MAX_VALUE);
        updates.prepare();
        AtomicLong elements = new AtomicLong();
        MatrixView[] slots = new MatrixView[6];
        Arrays.setAll(slots, i -> new MatrixView(new float[100_000], 0, 1, 100_000));
        for (int i = 0; i < 50; i++) {
            updates.apply((w, g, s, from, to) -> elements.addAndGet((long) s.length * (to - from)), slots[0], slots[1], slots);
        }
        Backend.awaitFast();
        assertEquals(50 * 600_000, elements.get());
        assertFalse(Backend.describe().contains("failed"), Backend.describe());
    }
}
