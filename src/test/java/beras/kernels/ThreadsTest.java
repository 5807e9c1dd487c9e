package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("kernels")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ThreadsTest implements RestoresThreads {

    @BeforeEach
    void useThreadsThatNobodyHasCalledYet() {
        Threads.set(THREADS == 2 ? 3 : 2);
    }

    /** A request of one row must not wait 50 us for a thread to wake. */
    @ParameterizedTest
    @CsvSource({"0, false", "999, false", "1000, false", "3999, false", "4000, true", "9000000000, true"})
    void workIsSharedWithSleepingThreadsWhereItTakesLonger(long work, boolean shared) {
        assertEquals(shared, Threads.shared(work, 1000));
    }

    /** As between two phases of a step: they linger for 200 us, so a pause of this thread may need another attempt. */
    @Test
    void smallWorkIsSharedWithThreadsThatWaitForIt() {
        boolean shared = false;
        while (!shared) { // until the timeout
            Threads.split(64, 1, (from, to) -> { });
            shared = Threads.shared(1000, 1000);
        }
        assertFalse(Threads.shared(999, 1000));
    }

    @Test
    void noWorkIsSharedByAThreadThatIsToWorkAlone() {
        Threads.alone(() -> assertFalse(Threads.shared(Long.MAX_VALUE, 1)));
        assertTrue(Threads.shared(Long.MAX_VALUE, 1));
        Threads.set(1);
        assertFalse(Threads.shared(Long.MAX_VALUE, 1));
    }

    /** Seven tasks of three threads: six in pairs of three, which share nothing, and one that may share its work. */
    @ParameterizedTest
    @CsvSource({"7, 3, 6", "8, 3, 8", "6, 3, 6", "2, 3, 2", "3, 2, 2", "1, 2, 1", "5, 1, 5", "0, 2, 0"})
    void eachTaskRunsOnceAndAlone(int n, int threads, int alone) {
        Threads.set(threads);
        AtomicIntegerArray times = new AtomicIntegerArray(n);
        AtomicInteger sharing = new AtomicInteger();
        Threads.each(n, i -> {
            times.incrementAndGet(i);
            sharing.addAndGet(Threads.shared(Long.MAX_VALUE, 1) ? 1 : 0);
        });
        for (int i = 0; i < n; i++) {
            assertEquals(1, times.get(i), "task " + i);
        }
        assertEquals(n - alone, sharing.get());
    }
}
