package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("serve")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class TurnsTest {

    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    /** A thread that waits for a turn when this returns. */
    private Thread waiting(Turns turns, String name) {
        Thread thread = new Thread(() -> {
            try {
                Turns.Turn turn = turns.begin(LONG);
                order.add(turn == null ? name + " in vain" : name);
                if (turn != null) {
                    turn.end();
                }
            } catch (InterruptedException e) {
                order.add(name + " was interrupted");
            }
        });
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @ParameterizedTest
    @CsvSource({"3, 2", "1, 2", "2, 2"})
    void onlySoManyBeginAndWorkAtATime(int places, int processors) throws InterruptedException {
        Turns turns = new Turns(places, processors);
        Turns.Turn turn = turns.begin(LONG);
        for (int i = 1; i < Math.min(places, processors); i++) {
            assertNotNull(turns.begin(LONG));
        }
        assertNull(turns.begin(1));
        turn.end();
        assertNotNull(turns.begin(1));
        assertNull(turns.begin(0));
    }

    /** Requests that waited in vain for a processor have given back the place, so that a later one gets it while the turn lasts. */
    @Test
    void aPlaceIsGivenBackWithoutATurn() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        Turns turns = new Turns(2, 1, now::get);
        Turns.Turn turn = turns.begin(LONG);
        for (int i = 0; i < 3; i++) {
            assertNull(turns.begin(1));
        }
        Thread thread = waiting(turns, "later");
        now.set(LONG);
        turn.pass();
        order.add("first");
        turn.end();
        thread.join();
        assertEquals(List.of("later", "first"), order);
    }

    /** The time that a request waited for a place counts: here it has none left for a processor. */
    @Test
    void aRequestWaitsForPlaceAndProcessorTogether() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        Turns turns = new Turns(2, 1, now::get);
        Turns.Turn turn = turns.begin(LONG);
        Thread holdsAPlace = waiting(turns, "second");
        Thread thread = waiting(turns, "third");
        now.set(LONG);
        holdsAPlace.interrupt();
        holdsAPlace.join();
        thread.join();
        assertEquals(Set.of("second was interrupted", "third in vain"), Set.copyOf(order));
        turn.end();
    }

    @Test
    void whoComesFirstIsServedFirst() throws InterruptedException {
        Turns turns = new Turns(4, 1);
        Turns.Turn turn = turns.begin(LONG);
        List<Thread> threads = List.of(waiting(turns, "a"), waiting(turns, "b"), waiting(turns, "c"));
        turn.end();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of("a", "b", "c"), order);
    }

    @Test
    void longWorkLetsThoseThatWaitGoFirst() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        Turns turns = new Turns(2, 1, now::get);
        Turns.Turn turn = turns.begin(LONG);
        turn.pass(); // to nobody
        Thread thread = waiting(turns, "short");
        now.set(10_000_000);
        turn.pass(); // too early
        order.add("long");
        now.set(10_000_001);
        turn.pass();
        order.add("long");
        turn.end();
        thread.join();
        assertEquals(List.of("long", "short", "long"), order);
    }
}
