package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThreadTunerTest {

    private static final int THREADS = Threads.count();

    private long now;
    private final ThreadTuner pace = new ThreadTuner(() -> now);

    @BeforeEach
    void twoThreads() {
        Threads.set(2);
    }

    @AfterEach
    void restoreThreads() {
        Threads.set(THREADS);
    }

    /** Makes steps that take so long, and returns how many were shared. */
    private int steps(int count, int aloneNanos, int togetherNanos) {
        int shared = 0;
        for (int i = 0; i < count; i++) {
            pace.begin();
            boolean together = Threads.shared();
            shared += together ? 1 : 0;
            now += together ? togetherNanos : aloneNanos;
            pace.end();
            assertTrue(Threads.shared(), "between the steps");
        }
        return shared;
    }

    @Test
    void workThatIsAloneIsNotSharedInAnyStep() {
        Threads.alone(() -> {
            for (int i = 0; i < 100; i++) {
                pace.begin();
                assertFalse(Threads.shared());
                pace.end();
                assertFalse(Threads.shared());
            }
        });
        assertTrue(Threads.shared());
    }

    @Test
    void mostStepsAreMadeInTheFasterWay() {
        assertTrue(steps(10_000, 100, 60) > 9_000);
    }

    @Test
    void mostStepsAreMadeAloneIfThatIsFaster() {
        assertTrue(steps(10_000, 100, 140) < 1_000);
    }

    @Test
    void itChangesWithTheTimes() {
        steps(10_000, 100, 140);
        assertTrue(steps(10_000, 100, 60) > 7_000);
        assertTrue(steps(10_000, 100, 140) < 3_000);
    }

    @Test
    void whatIsNearlyAsFastIsTriedAgainSoon() {
        steps(32, 100, 104); // 16 steps that lose 4 in 100 are made up for by 64
        assertEquals(0, steps(64, 100, 50));
        assertEquals(0, steps(16, 100, 50), "a trial");
        assertEquals(100, steps(100, 100, 50));
    }

    @Test
    void tryingCostsOneInAHundred() {
        assertEquals(16, steps(32, 100, 120)); // 16 steps that lose 20 in 100 are made up for by 320
        assertEquals(0, steps(320 + 16, 100, 120));
        assertEquals(16, steps(16, 100, 120));
    }

    @Test
    void whatIsFarSlowerIsTriedAgainAfter512Steps() {
        assertEquals(16, steps(32, 100, 1_000));
        assertEquals(0, steps(512 + 16, 100, 1_000));
        assertEquals(1, steps(1, 100, 1_000));
    }

    @Test
    void pausesDoNotDecide() {
        steps(16, 100, 60);
        assertEquals(2, steps(2, 1_000_000, 1_000_000)); // within the second trial, which is shared
        assertTrue(steps(60, 100, 60) >= 40);
    }

    @Test
    void aStepThatIsFasterByChanceDoesNotDecide() {
        steps(3, 100, 60);
        assertEquals(0, steps(1, 1, 1)); // within the first trial, which is alone
        assertTrue(steps(60, 100, 60) >= 40);
    }

    @Test
    void aTrialThatTakesFarTooLongIsEnded() {
        assertEquals(3, steps(16 + 3 + 512, 100, 5_000));
        assertTrue(steps(10_000, 100, 60) > 9_000, "for good");
    }

    /** It takes too long beside the steps alone of the same trial, not of all so far. */
    @Test
    void aLaterTrialThatTakesFarTooLongIsEndedToo() {
        steps(32, 100, 1_000);
        for (int trial = 0; trial < 10; trial++) {
            steps(512 + 32, 100, 1_000);
        }
        assertEquals(0, steps(512 + 16, 100, 5_000));
        assertEquals(3, steps(512, 100, 5_000));
    }

    @Test
    void oneThreadIsAlwaysAlone() {
        Threads.set(1);
        for (int i = 0; i < 100; i++) {
            pace.begin();
            assertEquals(false, Threads.shared());
            pace.end();
        }
    }
}
