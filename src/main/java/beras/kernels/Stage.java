package beras.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The part of one thread in a chain of sums: it adds its steps to what the thread before it has summed up, tile by tile, and so
 * follows it at a distance of some tiles. All stages go through the same tiles in the same order.
 */
final class Stage {

    private static final int ALL = Integer.MAX_VALUE;

    private final Stage before; // null: this is the first
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile int finished;

    Stage(Stage before) {
        this.before = before;
    }

    /** Whether there are sums to begin with. */
    boolean goesOn() {
        return before != null;
    }

    /** Runs its work, unless another thread has begun with that. */
    void run(Runnable work) {
        if (begun.compareAndSet(false, true)) {
            try {
                work.run();
            } finally {
                finished = ALL; // also of a stage that failed: nobody is to wait for it
            }
        }
    }

    /** Gives another thread until then to begin. */
    void awaitBegin(long nanoTime) {
        while (!begun.get() && System.nanoTime() - nanoTime < 0) {
            Thread.onSpinWait();
        }
    }

    /** Before the next tile, of which so many are finished: waits for the stage before. */
    void begin(int tiles) {
        if (before != null) {
            before.await(tiles + 1);
        }
    }

    private void await(int tiles) {
        for (int spins = 1; finished < tiles; spins++) {
            if (spins <= Thresholds.SPINS_BEFORE_SLEEP) {
                Team.spin(spins);
            } else {
                LockSupport.parkNanos(this, Thresholds.NAP_NANOS);
            }
        }
    }

    /** After so many tiles. */
    void end(int tiles) {
        if (tiles % Thresholds.TILES_BETWEEN_SIGNALS == 0) {
            finished = tiles;
        }
    }
}
