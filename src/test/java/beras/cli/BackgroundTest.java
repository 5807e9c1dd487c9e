package beras.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cli")
class BackgroundTest {

    @Test
    void workThatCanWaitIsDoneOnceAndOnlyWhenItIsWanted() throws Exception {
        AtomicInteger times = new AtomicInteger();
        Background<Integer> later = Background.startLater("test", times::incrementAndGet);
        assertEquals(0, times.get());
        assertEquals(1, later.get());
        assertEquals(1, later.get());
    }

    @Test
    void workThatCanWaitIsDoneThoughNobodyWantsIt() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Background<Boolean> later = Background.startLater("test", () -> {
            done.countDown();
            return true;
        });
        done.await();
        assertTrue(later.get());
    }

    @Test
    void allWorkIsDoneInAThreadOfItsOwnAndThrowsWhatItThrows() throws Exception {
        assertEquals("test", Background.start("test", () -> Thread.currentThread().getName()).get());
        IOException failure = new IOException("test");
        Background<Object> later = Background.startLater("test", () -> {
            throw failure;
        });
        assertSame(failure, assertThrows(IOException.class, later::get));
    }
}
