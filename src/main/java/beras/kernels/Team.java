package beras.kernels;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The helper threads that share the work of a caller.
 *
 * <p>Training is a sequence of phases of 10 to 300 microseconds with a join after each, while waking a sleeping thread takes about
 * 50. So an idle helper lingers, polling its mailbox, before it releases its ForkJoin worker.
 *
 * <p>Each helper has a fixed part of the range, the same in every phase of the same size, so that the data that a phase wrote is
 * still in the cache of the core that reads it next. But the caller does not wait for late helpers: it runs every part that has not
 * begun.
 */
final class Team {

    private final LongSupplier clock;
    private final Helper[] helpers;

    Team(int threads) {
        this(threads, threads == 1 ? Runnable::run : new ForkJoinPool(threads - 1, Team::worker, null, false), System::nanoTime);
    }

    /**
     * @param pool  runs the helpers, one less than {@code threads}
     * @param clock in nanoseconds, by which helpers linger
     */
    Team(int threads, Executor pool, LongSupplier clock) {
        this.clock = clock;
        this.helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i, pool, clock);
        }
    }

    private static ForkJoinWorkerThread worker(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("beras-" + thread.getPoolIndex());
        thread.setDaemon(true);
        return thread;
    }

    /** The number of threads, the caller's included. */
    int threads() {
        return helpers.length + 1;
    }

    /** See {@link Threads#split}. */
    void split(int n, int grain, Threads.Range task) {
        int grains = grains(n, grain);
        int parts = Math.min(threads(), grains);
        if (parts <= 1) {
            if (n > 0) {
                task.run(0, n);
            }
            return;
        }
        Phase phase = new Phase(task, n, grain, grains, parts);
        for (int part = 0; part < parts - 1; part++) {
            helpers[part].offer(phase);
        }
        for (int part = parts - 1; part >= 0; part--) {
            if (phase.run(part)) {
                phase.end();
            }
        }
        phase.join();
    }

    /** Whether all helpers would begin at once. Helpers that have yielded their processor have a moment to return. */
    boolean attends() {
        long end = clock.getAsLong() + Thresholds.BEGIN_NANOS;
        for (Helper helper : helpers) {
            if (!helper.attends(end)) {
                return false;
            }
        }
        return true;
    }

    /** See {@link Threads#splitK}. */
    void splitK(int n, int grain, Threads.KSplit task) {
        int grains = grains(n, grain);
        int parts = Math.min(threads(), grains);
        KSplitStage[] stages = new KSplitStage[parts];
        for (int i = 0; i < parts; i++) {
            stages[i] = new KSplitStage(i == 0 ? null : stages[i - 1]);
        }
        split(parts, 1, (part, next) -> {
            long beginning = System.nanoTime() + Thresholds.BEGIN_NANOS;
            // The last part is the caller's. Helpers may be preempted: the caller runs the parts that they do not begin.
            for (int i = next == parts ? 0 : part; i <= part; i++) {
                KSplitStage stage = stages[i];
                if (i < part) {
                    stage.awaitBegin(beginning);
                }
                int from = bound(i, parts, grains, grain, n);
                int to = bound(i + 1, parts, grains, grain, n);
                stage.run(() -> task.run(from, to, stage));
            }
        });
    }

    /** One wait of a thread after {@code spins} checks: it spins, or yields its processor. */
    static void spin(int spins) {
        if (spins % Thresholds.SPINS_BEFORE_YIELD == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    private static int grains(int n, int grain) {
        return (int) (((long) n + grain - 1) / grain);
    }

    /** Where a part begins. */
    private static int bound(int part, int parts, int grains, int grain, int n) {
        return (int) Math.min((long) grains * part / parts * grain, n);
    }

    /** One piece of work, cut into parts; the last is the caller's. */
    private static final class Phase {

        private final Threads.Range task;
        private final int n;
        private final int grain;
        private final int grains;
        private final int parts;
        private final AtomicIntegerArray begun;
        private final AtomicInteger done = new AtomicInteger();
        private volatile Thread waiting;
        private volatile Throwable failure;

        Phase(Threads.Range task, int n, int grain, int grains, int parts) {
            this.task = task;
            this.n = n;
            this.grain = grain;
            this.grains = grains;
            this.parts = parts;
            this.begun = new AtomicIntegerArray(parts);
        }

        /** Runs a part, unless another thread has begun it; false then. To be followed by {@link #end}. */
        boolean run(int part) {
            if (begun.getAndSet(part, 1) == 1) {
                return false;
            }
            try {
                task.run(bound(part, parts, grains, grain, n), bound(part + 1, parts, grains, grain, n));
            } catch (Throwable e) {
                failure = e;
            }
            return true;
        }

        /** Says that a part is done. */
        void end() {
            if (done.incrementAndGet() == parts && waiting != null) {
                LockSupport.unpark(waiting);
            }
        }

        boolean isDone() {
            return done.get() == parts;
        }

        /** Also after a failure: the caller's buffers must not be written once it has returned. */
        void join() {
            for (int spins = 1; spins <= Thresholds.SPINS_BEFORE_SLEEP && !isDone(); spins++) {
                spin(spins);
            }
            if (!isDone()) {
                waiting = Thread.currentThread();
                while (!isDone()) {
                    LockSupport.park(this);
                }
            }
            if (failure instanceof Error e) {
                throw e;
            }
            if (failure != null) {
                throw (RuntimeException) failure; // a Range declares no other
            }
        }
    }

    /** A thread's place in the team. Its mailbox is null while it sleeps. */
    private static final class Helper implements Runnable {

        private static final Object LINGERING = new Object();
        /** It lingers, but has offered its processor to others. */
        private static final Object AWAY = new Object();
        private static final Object WORKING = new Object();

        private final int part;
        private final Executor pool;
        private final LongSupplier clock;
        private final AtomicReference<Object> mailbox = new AtomicReference<>();

        Helper(int part, Executor pool, LongSupplier clock) {
            this.part = part;
            this.pool = pool;
            this.clock = clock;
        }

        /** Offers a phase to the helper. The caller does not wait if the helper works for another caller or no thread can run it. */
        void offer(Phase phase) {
            Object seen = mailbox.get();
            if (seen == null) {
                if (mailbox.compareAndSet(null, phase)) {
                    start(phase);
                }
            } else if (seen == LINGERING || seen == AWAY || seen instanceof Phase waiting && waiting.isDone()) {
                mailbox.compareAndSet(seen, phase);
            }
        }

        private void start(Phase phase) {
            try {
                pool.execute(this);
            } catch (Throwable e) { // most likely no thread can be started; the pool may still run this helper later
                mailbox.compareAndSet(phase, null); // so that the next phase tries again
            }
        }

        private boolean attends(long end) {
            while (mailbox.get() == AWAY && clock.getAsLong() - end < 0) {
                Thread.onSpinWait();
            }
            return mailbox.get() == LINGERING;
        }

        /** The pool may run a helper twice at once, after a failure in {@link #start}: only one of them takes the phase. */
        @Override
        public void run() {
            for (Phase phase = take(); phase != null; phase = next()) {
                boolean ran = phase.run(part);
                mailbox.set(LINGERING); // before the caller learns that all is done, and has the next phase
                if (ran) {
                    phase.end();
                }
            }
        }

        /** The phase in the mailbox; null if there is none. */
        private Phase take() {
            while (mailbox.get() instanceof Phase phase) {
                if (mailbox.compareAndSet(phase, WORKING)) {
                    return phase;
                }
            }
            return null;
        }

        /** Waits a while for the next phase; null if there is none, after which a pool has to run this helper again. */
        private Phase next() {
            long end = clock.getAsLong() + Thresholds.LINGER_NANOS;
            do {
                for (int i = 0; i < Thresholds.SPINS_BEFORE_YIELD; i++) {
                    if (mailbox.get() != LINGERING) {
                        return take();
                    }
                    Thread.onSpinWait();
                }
                if (!mailbox.compareAndSet(LINGERING, AWAY)) {
                    return take();
                }
                Thread.yield();
                if (!mailbox.compareAndSet(AWAY, LINGERING)) {
                    return take();
                }
            } while (clock.getAsLong() - end < 0);
            return mailbox.compareAndSet(LINGERING, null) ? null : take();
        }
    }
}
