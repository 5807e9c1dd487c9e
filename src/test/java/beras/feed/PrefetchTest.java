package beras.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.Problem;
import java.util.concurrent.CountDownLatch;
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
    void anErrorAheadIsThrownAsItIs() {
        Error wrong = new OutOfMemoryError();
        Batches batches = EXAMPLES.map(example -> {
            throw wrong;
        }).batch(10).prefetch(2);
        try (Batches.Pass pass = batches.open(0)) {
            assertSame(wrong, assertThrows(OutOfMemoryError.class, pass::next));
            assertSame(wrong, assertThrows(OutOfMemoryError.class, pass::next), "and again");
        }
        assertSame(wrong, assertThrows(OutOfMemoryError.class, () -> Problem.model().fit(batches, new FitOptions())));
        assertSame(wrong, assertThrows(OutOfMemoryError.class, () -> Problem.model().evaluate(batches)));
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

    @Test
    void oneBatchAheadIsEnough() {
        Batches batches = EXAMPLES.batch(7).prefetch(1);
        for (int epoch = 0; epoch < 50; epoch++) {
            int rows = 0;
            try (Batches.Pass pass = batches.open(epoch)) {
                for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                    Tensor x = batch.inputs().get(0);
                    assertEquals(Problem.X.slice(rows, rows + batch.size()), x);
                    rows += batch.size();
                }
            }
            assertEquals(Problem.COUNT, rows);
        }
    }
}
