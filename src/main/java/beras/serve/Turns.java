package beras.serve;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets as many requests work at a time as there are processors, first come, first served: of more than that, the system would
 * interrupt each now and then, and the slowest would take many times as long as most. One that takes long lets those that wait go
 * before its next part.
 */
final class Turns {

    private static final long TURN_NANOS = 10_000_000;

    private final Semaphore free;
    private final LongSupplier clock;

    /** @param most requests that work at a time */
    Turns(int most) {
        this(most, System::nanoTime);
    }

    Turns(int most, LongSupplier clock) {
        this.free = new Semaphore(most, true);
        this.clock = clock;
    }

    /**
     * Waits for a turn, which has to {@link Turn#end}.
     *
     * @param nanos how long at most
     * @return null if it takes longer
     */
    Turn begin(long nanos) throws InterruptedException {
        return free.tryAcquire(nanos, TimeUnit.NANOSECONDS) ? new Turn() : null;
    }

    /** For the thread that works. */
    final class Turn {

        private long since = clock.getAsLong();

        /** Between two parts of the work: lets those that wait go first, if this turn has lasted for a while. */
        void pass() {
            if (clock.getAsLong() - since > TURN_NANOS && free.hasQueuedThreads()) {
                free.release();
                free.acquireUninterruptibly();
                since = clock.getAsLong();
            }
        }

        void end() {
            free.release();
        }
    }
}
