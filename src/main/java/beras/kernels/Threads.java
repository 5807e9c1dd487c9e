package beras.kernels;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RecursiveAction;

/**
 * Splits independent work over threads: the ForkJoin batch splitter.
 *
 * <p>The number of threads is the system property {@code beras.threads}, by default one for each processor; it can be
 * changed by {@link #set}. It never changes a result: only independent outputs are split, never a sum.
 */
public final class Threads {

    private static final String PROPERTY = "beras.threads";
    private static final int MAX = 1024;

    /** Work on the part {@code from} (inclusive) to {@code to} (exclusive) of a range. */
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    private record Team(int threads, ForkJoinPool pool) {}

    private static volatile Team team = team(initial());

    /** The number of threads that share large work, the caller's own included. */
    public static int count() {
        return team.threads;
    }

    /**
     * Sets the number of threads for all later work in this JVM.
     *
     * @throws IllegalArgumentException if {@code threads} is not from 1 to 1024
     */
    public static synchronized void set(int threads) {
        if (threads < 1 || threads > MAX) {
            throw new IllegalArgumentException("The number of threads must be from 1 to " + MAX + ". Received: " + threads);
        }
        if (team.threads != threads) {
            team = team(threads); // the old pool finishes what it has, and its idle threads end by themselves
        }
    }

    private static int initial() {
        String value = System.getProperty(PROPERTY);
        if (value == null) {
            return Math.min(Runtime.getRuntime().availableProcessors(), MAX);
        }
        try {
            int threads = Integer.parseInt(value);
            if (threads >= 1 && threads <= MAX) {
                return threads;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException("System property " + PROPERTY + " must be from 1 to " + MAX + ". Received: " + value);
    }

    private static Team team(int threads) {
        // The caller works too, so the pool needs one thread less.
        return new Team(threads, threads == 1 ? null : new ForkJoinPool(threads - 1, Threads::worker, null, false));
    }

    private static ForkJoinWorkerThread worker(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("beras-" + thread.getPoolIndex());
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs {@code task} over {@code [0, n)}, cut into at most {@link #count()} parts whose bounds are multiples of
     * {@code grain} (the last part takes the rest). Returns when all parts are done; an exception of any part is thrown.
     */
    static void split(int n, int grain, Range task) {
        Team current = team;
        int grains = (n + grain - 1) / grain;
        int parts = Math.min(current.threads, grains);
        if (parts <= 1) {
            if (n > 0) {
                task.run(0, n);
            }
            return;
        }
        Part[] others = new Part[parts - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = new Part(task, bound(i + 1, parts, grains, grain, n), bound(i + 2, parts, grains, grain, n));
            current.pool.execute(others[i]);
        }
        try {
            task.run(0, bound(1, parts, grains, grain, n));
        } finally {
            // Also after a failure: the caller's buffers must not be written once it has returned.
            for (Part part : others) {
                part.quietlyJoin();
            }
        }
        for (Part part : others) {
            part.join();
        }
    }

    private static int bound(int part, int parts, int grains, int grain, int n) {
        return Math.min((int) ((long) grains * part / parts) * grain, n);
    }

    private static final class Part extends RecursiveAction {
        private static final long serialVersionUID = 1L;
        private final transient Range task;
        private final int from;
        private final int to;

        Part(Range task, int from, int to) {
            this.task = task;
            this.from = from;
            this.to = to;
        }

        @Override
        protected void compute() {
            task.run(from, to);
        }
    }

    private Threads() {}
}
