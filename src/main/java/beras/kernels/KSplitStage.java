package beras.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The part of one thread in a product whose inner dimension k is split: it adds its steps to the sums of the preceding thread, its
 * predecessor, tile by tile, and so follows it at a distance of some tiles. All stages process the same tiles in the same order.
 */
final class KSplitStage {

    private static final int FINISHED = Integer.MAX_VALUE;

    private final KSplitStage predecessor; // null: this is the first
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile int finished;

    KSplitStage(KSplitStage predecessor) {
        this.predecessor = predecessor;
    }

    /** Whether there are initial sums. */
    boolean hasPredecessor() {
        return predecessor != null;
    }

    /** Runs its work, unless another thread has begun with that. */
    void run(Runnable work) {
        if (begun.compareAndSet(false, true)) {
            try {
                work.run();
            } finally {
                finished = FINISHED; // also of a failed stage: no thread may wait for it
            }
        }
    }

    /** Waits until another thread has begun, or until then. */
    void awaitBegin(long nanoTime) {
        while (!begun.get() && System.nanoTime() - nanoTime < 0) {
            Thread.onSpinWait();
        }
    }

    /** Before the next tile, after {@code tiles} finished ones: waits until the predecessor has finished it. */
    void awaitPredecessor(int tiles) {
        if (predecessor != null) {
            predecessor.await(tiles + 1);
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

    /** Signals the number of finished tiles to the next stage, every few tiles. */
    void publish(int tiles) {
        if (tiles % Thresholds.TILES_BETWEEN_SIGNALS == 0) {
            finished = tiles;
        }
    }
}
