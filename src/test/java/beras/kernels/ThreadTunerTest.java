package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThreadTunerTest implements RestoresThreads {

    private long now;
    private final ThreadTuner pace = new ThreadTuner(() -> now);

    @BeforeEach
    void twoThreads() {
        Threads.set(2);
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
    void oneThreadIsAlwaysAlone() {
        Threads.set(1);
        for (int i = 0; i < 100; i++) {
            pace.begin();
            assertEquals(false, Threads.shared());
            pace.end();
        }
    }
}
