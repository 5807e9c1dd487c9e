package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // a thread that waits in vain is not ended by an interrupt
class TeamTest {

    /** How often each element of {@code [0, n)} was in a part; fails if a part does not begin at a multiple of the grain. */
    private static int[] visits(Team team, int n, int grain) {
        AtomicIntegerArray visits = new AtomicIntegerArray(n);
        team.split(n, grain, (from, to) -> {
            assertEquals(0, from % grain);
            for (int i = from; i < to; i++) {
                visits.incrementAndGet(i);
            }
        });
        return java.util.stream.IntStream.range(0, n).map(visits::get).toArray();
    }

    private static int[] ones(int n) {
        int[] ones = new int[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyElementIsVisitedOnce(int threads) {
        Team team = new Team(threads);
        for (int n : new int[] {0, 1, 2, 7, 24, 25, 1000}) {
            for (int grain : new int[] {1, 3, 24}) {
                assertArrayEquals(ones(n), visits(team, n, grain), n + " by " + grain);
            }
        }
    }

    /** Products of whole numbers on the way to the bounds are larger than an int. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void theLargestRangeIsCoveredToItsEnd(int threads) {
        Team team = new Team(threads);
        for (int grain : new int[] {1, 16, 24}) {
            ConcurrentSkipListMap<Integer, Integer> ends = new ConcurrentSkipListMap<>();
            team.split(Integer.MAX_VALUE, grain, ends::put);
            int end = 0;
            while (ends.containsKey(end)) {
                end = ends.get(end);
            }
            assertEquals(Integer.MAX_VALUE, end, "by " + grain);
            assertEquals(threads, ends.size());
        }
    }

    @Test
    void phasesFollowEachOtherWithoutMixingUp() {
        Team team = new Team(3);
        int[] counts = new int[64];
        for (int phase = 0; phase < 20_000; phase++) {
            team.split(64, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    counts[i]++; // seen by the next phase, whichever thread has it
                }
            });
        }
        int[] expected = new int[64];
        Arrays.fill(expected, 20_000);
        assertArrayEquals(expected, counts);
    }

    @Test
    void helpersTakePart() {
        assertEquals(2, takePart(new Team(2)).size());
    }

    /** The threads of a phase whose parts end only when all of a team of two have begun. */
    private static Set<Thread> takePart(Team team) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch both = new CountDownLatch(2);
        team.split(2, 1, (from, to) -> {
            threads.add(Thread.currentThread());
            both.countDown();
            await(both);
        });
        return threads;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anExceptionIsThrownAfterAllPartsHaveEnded() {
        Team team = new Team(4);
        IllegalStateException wrong = new IllegalStateException("wrong");
        for (int bad = 0; bad < 4; bad++) {
            int badPart = bad;
            AtomicInteger ended = new AtomicInteger();
            Exception thrown = assertThrows(IllegalStateException.class, () -> team.split(4, 1, (from, to) -> {
                ended.incrementAndGet();
                if (from == badPart) {
                    throw wrong;
                }
            }));
            assertSame(wrong, thrown);
            assertEquals(4, ended.get());
        }
        assertArrayEquals(ones(9), visits(team, 9, 1), "the team works on");
    }

    @Test
    void anErrorIsThrownAsItIs() {
        Team team = new Team(4);
        for (int bad = 0; bad < 4; bad++) {
            int badPart = bad;
            Error wrong = new StackOverflowError();
            assertSame(wrong, assertThrows(StackOverflowError.class, () -> team.split(4, 1, (from, to) -> {
                if (from == badPart) {
                    throw wrong;
                }
            })));
        }
        assertArrayEquals(ones(9), visits(team, 9, 1), "the team works on");
    }

    /** The helper's part ends only when the caller, long done with its own, sleeps. */
    @Test
    void aCallerThatSleepsIsWoken() {
        Thread caller = Thread.currentThread();
        AtomicInteger late = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            CountDownLatch begun = new CountDownLatch(1);
            new Team(2).split(2, 1, (from, to) -> {
                if (Thread.currentThread() == caller) {
                    spinUntil(() -> begun.getCount() == 0);
                } else {
                    begun.countDown();
                    spinUntil(() -> caller.getState() == Thread.State.WAITING);
                    late.incrementAndGet();
                }
            });
        }
        assertEquals(20, late.get());
    }

    private static void spinUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callersShareATeam(boolean chains) throws Exception {
        Team team = new Team(3);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                results.add(callers.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        if (chains) {
                            chain(team, 50, 1, 9);
                        } else {
                            assertArrayEquals(ones(50), visits(team, 50, 1));
                        }
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void aPartMaySplitItsWork() {
        Team team = new Team(3);
        AtomicInteger sum = new AtomicInteger();
        team.split(6, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                team.split(5, 1, (first, end) -> sum.addAndGet(end - first));
            }
        });
        assertEquals(30, sum.get());
    }

    // ------------------------------------------------------------------------------------------------- chains

    /** Adds to each of some tiles, of which a stage may find only those that all stages before it have added to. */
    private static void chain(Team team, int steps, int grain, int tiles) {
        int[] sums = new int[tiles]; // seen by the next stage, whichever thread has it
        team.splitK(steps, grain, (from, to, stage) -> {
            assertEquals(0, from % grain);
            assertEquals(from > 0, stage.hasPredecessor());
            for (int tile = 0; tile < tiles; tile++) {
                stage.awaitPredecessor(tile);
                assertEquals(from, sums[tile]);
                sums[tile] += to - from;
                stage.publish(tile + 1);
            }
        });
        for (int sum : sums) {
            assertEquals(steps, sum);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void stagesFollowEachOtherTileByTile(int threads) {
        Team team = new Team(threads);
        for (int round = 0; round < 50; round++) {
            for (int steps : new int[] {1, 2, 7, 25, 1000}) {
                for (int grain : new int[] {1, 8}) {
                    for (int tiles : new int[] {0, 1, 5, 64}) {
                        chain(team, steps, grain, tiles);
                    }
                }
            }
        }
    }

    /** So that what a stage reads is in the cache of the thread that has the same part of other work. */
    @Test
    void partsOfAChainAreThoseOfOtherWork() {
        Team team = new Team(3);
        for (int n : new int[] {1, 9, 784, 1001}) {
            Set<List<Integer>> parts = ConcurrentHashMap.newKeySet();
            Set<List<Integer>> stages = ConcurrentHashMap.newKeySet();
            team.split(n, 8, (from, to) -> parts.add(List.of(from, to)));
            team.splitK(n, 8, (from, to, stage) -> stages.add(List.of(from, to)));
            assertEquals(parts, stages);
        }
    }

    /** A caller begins the stages of helpers that do not come, here since they work for another. */
    @Test
    void aChainDoesNotWaitForHelpers() {
        Team team = new Team(3);
        Thread caller = Thread.currentThread();
        CountDownLatch busy = new CountDownLatch(2);
        CountDownLatch done = new CountDownLatch(1);
        assertFalse(team.attends(), "nobody has called them yet");
        team.split(3, 1, (from, to) -> {
            if (Thread.currentThread() == caller) {
                await(busy);
                assertFalse(team.attends());
                chain(team, 100, 1, 20);
                done.countDown();
            } else {
                busy.countDown();
                await(done);
            }
        });
    }

    @Test
    void helpersThatHaveEndedAttend() {
        try (Lingering helper = new Lingering()) {
            takePart(helper.team);
            await(helper.lingers);
            assertTrue(helper.team.attends());
        }
        assertTrue(new Team(1).attends(), "there are none");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aStageThatFailsKeepsNoOtherWaiting(int bad) {
        Team team = new Team(3);
        Error wrong = new StackOverflowError();
        for (int round = 0; round < 100; round++) {
            assertSame(wrong, assertThrows(StackOverflowError.class, () -> team.splitK(3, 1, (from, to, stage) -> {
                if (from == bad) {
                    throw wrong;
                }
                for (int tile = 0; tile < 10; tile++) {
                    stage.awaitPredecessor(tile);
                    stage.publish(tile + 1);
                }
            })));
        }
        chain(team, 100, 1, 20);
    }

    // ----------------------------------------------------------------------------------------- threads that come and go

    /** A team of one helper, which has lingered long enough when it is told so. */
    private static final class Lingering implements AutoCloseable {

        private final ExecutorService pool = Executors.newCachedThreadPool();
        private final Team team = new Team(2, pool, this::nanoTime);
        /** Its part is done, and it waits for the next. */
        private final CountDownLatch lingers = new CountDownLatch(1);
        private final CountDownLatch hasLingered = new CountDownLatch(1);
        private final AtomicInteger readings = new AtomicInteger();

        /** The first reading is that of the helper when it begins to linger, the second when it asks how long it has. */
        private long nanoTime() {
            int reading = readings.incrementAndGet();
            if (reading == 2) {
                lingers.countDown();
                TeamTest.await(hasLingered);
            }
            return reading * 1_000_000L;
        }

        @Override
        public void close() {
            hasLingered.countDown();
            pool.shutdown();
        }
    }

    /** Else the helper would be lost to all later phases: it has a phase in its mailbox, and no thread. */
    @Test
    void aPhaseThatIsOfferedWhenAHelperGivesUpIsTaken() {
        try (Lingering helper = new Lingering()) {
            takePart(helper.team);
            await(helper.lingers);
            CountDownLatch both = new CountDownLatch(2);
            helper.team.split(2, 1, (from, to) -> {
                helper.hasLingered.countDown(); // the phase is in the mailbox
                both.countDown();
                await(both);
            });
            takePart(helper.team);
        }
    }

    /** As when the system has no more of them: the caller computes alone, and asks again for the next phase. */
    @Test
    void withoutAThreadTheCallerDoesAllParts() {
        List<Runnable> started = new ArrayList<>();
        Team team = new Team(3, helper -> {
            started.add(helper);
            throw new OutOfMemoryError("unable to create native thread");
        }, System::nanoTime);
        for (int phase = 1; phase <= 3; phase++) {
            assertArrayEquals(ones(50), visits(team, 50, 1));
            assertEquals(2 * phase, started.size());
        }
    }

    /** A pool may fail to start a thread, and yet keep the helper for another thread. */
    @Test
    void aHelperMayBeStartedLateOrTwice() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            List<Runnable> late = new ArrayList<>();
            Team team = new Team(2, helper -> {
                if (late.isEmpty()) {
                    late.add(helper);
                    throw new OutOfMemoryError("unable to create native thread");
                }
                pool.execute(helper);
            }, System::nanoTime);
            assertArrayEquals(ones(2), visits(team, 2, 1));
            late.get(0).run(); // there is no phase any more
            for (int round = 0; round < 200; round++) {
                Future<?> again = pool.submit(late.get(0));
                assertArrayEquals(ones(50), visits(team, 50, 1));
                again.get();
            }
            assertEquals(2, takePart(team).size());
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void anIdleHelperGivesItsThreadBack() {
        Set<Thread> threads = takePart(new Team(2));
        threads.remove(Thread.currentThread());
        Thread helper = threads.iterator().next();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (helper.getState() == Thread.State.RUNNABLE && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertTrue(helper.getState() != Thread.State.RUNNABLE, "the helper is still " + helper.getState());
    }
}
