package beras.feed;

import static org.junit.jupiter.api.Assertions.*;

import beras.training.FitOptions;
import beras.training.Problem;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Batches that another thread makes: what goes wrong there is thrown here, and nobody waits for ever. */
@Tag("model")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class PrefetchTest {

    private static final Dataset EXAMPLES = Dataset.of(Examples.of(Problem.X, Problem.Y));

    @Test
    void whatFailsAheadIsThrownWhereBatchesAreUsed() {
        for (Throwable wrong : List.of(new OutOfMemoryError(), new IllegalStateException("row 17 is broken"))) {
            AtomicInteger read = new AtomicInteger();
            Batches batches = EXAMPLES.map(example -> {
                if (read.incrementAndGet() > 16) {
                    throw wrong instanceof Error error ? sneaky(error) : (RuntimeException) wrong;
                }
            }).batch(10).prefetch(2);
            try (Batches.Pass pass = batches.open(0)) {
                assertEquals(10, pass.next().size());
                assertSame(wrong, assertThrows(wrong.getClass(), pass::next));
                assertSame(wrong, assertThrows(wrong.getClass(), pass::next), "and again");
            }
            assertSame(wrong, assertThrows(wrong.getClass(), () -> Problem.model().fit(batches, new FitOptions())));
            assertSame(wrong, assertThrows(wrong.getClass(), () -> Problem.model().evaluate(batches)));
        }
    }

    private static RuntimeException sneaky(Error error) {
        throw error;
    }

    @Test
    void closingInTheMiddleEndsTheThread() throws InterruptedException {
        AtomicReference<Thread> maker = new AtomicReference<>();
        Batches batches = EXAMPLES.map(example -> maker.set(Thread.currentThread())).batch(1).prefetch(1);
        try (Batches.Pass pass = batches.open(0)) {
            pass.next();
        }
        maker.get().join(30_000);
        assertFalse(maker.get().isAlive());
    }

    /** The batch does not come before the wait has ended. */
    @Test
    void anInterruptEndsTheWait() {
        Thread waiting = Thread.currentThread();
        CountDownLatch closed = new CountDownLatch(1);
        Batches batches = EXAMPLES.map(example -> {
            if (closed.getCount() > 0) {
                waiting.interrupt();
                await(closed);
            }
        }).batch(Problem.COUNT).prefetch(1);
        try (Batches.Pass pass = batches.open(0)) {
            assertThrows(IllegalStateException.class, pass::next);
            assertTrue(Thread.interrupted(), "the interrupt is not lost");
            closed.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
