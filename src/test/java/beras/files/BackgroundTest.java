package beras.files;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("core")
class BackgroundTest {

    private static final long HOUR = TimeUnit.HOURS.toSeconds(1);

    @Test
    @Timeout(60)
    void workThatWaitsIsDoneOnceItsResultIsWanted() throws Exception {
        AtomicInteger times = new AtomicInteger();
        Background<Integer> waiting = Background.start("test that waits", HOUR, times::incrementAndGet);
        while (!isWaiting("test that waits")) {
            Thread.onSpinWait();
        }
        assertEquals(0, times.get());
        assertEquals(1, waiting.get());
        assertEquals(1, waiting.get());
    }

    private static boolean isWaiting(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name) && thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    @Timeout(60)
    void allWorkIsDoneThoughNobodyWantsItsResult() throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        Background.start("test", () -> {
            done.countDown();
            return true;
        });
        Background.startLater("test", () -> {
            done.countDown();
            return true;
        });
        done.await();
    }

    @Test
    @Timeout(60)
    void allWorkIsDoneInAThreadOfItsOwnAndThrowsWhatItThrows() throws Exception {
        assertEquals("test", Background.start("test", HOUR, () -> Thread.currentThread().getName()).get());
        IOException failure = new IOException("test");
        Background<Object> failing = Background.start("test", () -> {
            throw failure;
        });
        assertSame(failure, assertThrows(IOException.class, failing::get));
        assertSame(failure, assertThrows(IOException.class, failing::getOrRetry));
    }

    /** By the thread that wants it, and only then. */
    @Test
    @Timeout(60)
    void whatCouldNotBeReadIsReadOnceMore() throws Exception {
        AtomicInteger times = new AtomicInteger();
        Background<String> hash = Background.start("test", () -> {
            if (times.getAndIncrement() % 2 == 0) {
                throw new IOException("test");
            }
            return Thread.currentThread().getName();
        });
        assertThrows(IOException.class, hash::get);
        assertEquals(Thread.currentThread().getName(), hash.getOrRetry());
        assertEquals(2, times.get());
    }
}
