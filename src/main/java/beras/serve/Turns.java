package beras.serve;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets so many requests begin as there is memory for, and so many of these work at a time as there are processors, first come, first
 * served: of more than that, the system would interrupt each now and then, and the slowest would take many times as long as
 * most. A long request lets waiting ones go before its next part.
 */
final class Turns {

    private static final long TURN_NANOS = 10_000_000;

    private final Semaphore places;
    private final Semaphore processors;
    private final LongSupplier clock;

    /**
     * @param places     requests that have begun
     * @param processors the number that work at a time
     */
    Turns(int places, int processors) {
        this(places, processors, System::nanoTime);
    }

    Turns(int places, int processors, LongSupplier clock) {
        this.places = new Semaphore(places, true);
        this.processors = new Semaphore(processors, true);
        this.clock = clock;
    }

    /**
     * Waits for a turn, which has to {@link Turn#end}.
     *
     * @param nanos how long at most
     * @return null if it takes longer
     */
    Turn begin(long nanos) throws InterruptedException {
        long end = clock.getAsLong() + nanos;
        if (!places.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            return null;
        }
        Turn turn = null;
        try {
            turn = processors.tryAcquire(end - clock.getAsLong(), TimeUnit.NANOSECONDS) ? new Turn() : null;
            return turn;
        } finally {
            if (turn == null) {
                places.release();
            }
        }
    }

    /** For the thread that works. */
    final class Turn {

        private long since = clock.getAsLong();

        /** Between two parts of the work: lets waiting requests go first, if this turn has lasted for a while. */
        void pass() {
            if (clock.getAsLong() - since > TURN_NANOS && processors.hasQueuedThreads()) {
                processors.release();
                processors.acquireUninterruptibly();
                since = clock.getAsLong();
            }
        }

        void end() {
            processors.release();
            places.release();
        }
    }
}
