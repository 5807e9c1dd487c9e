package beras.kernels;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Splits independent work over threads: the ForkJoin batch splitter.
 *
 * <p>The number of threads is the system property {@code beras.threads}, by default one for each processor; it can be
 * changed by {@link #set}. It never changes a result: independent outputs are split, and of a sum the steps are added by one
 * thread after the other, in their order. A training loop uses more than one only while that is faster, see {@link ThreadTuner}.
 */
public final class Threads {

    private static final String PROPERTY = "beras.threads";
    private static final int MAX = 1024;

    /** Work on the part {@code from} (inclusive) to {@code to} (exclusive) of a range. */
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    /**
     * Adds the steps {@code from} (inclusive) to {@code to} (exclusive) to sums that the predecessor of {@code stage} has begun.
     */
    @FunctionalInterface
    interface KSplit {
        void run(int from, int to, KSplitStage stage);
    }

    private static volatile Team team; // null: not yet used, or the property is invalid
    /** The depth of nested {@link #beginAlone} calls of this thread. */
    private static final ThreadLocal<Integer> ALONE = ThreadLocal.withInitial(() -> 0);

    /**
     * The number of threads that share large work, the caller's own included.
     *
     * @throws IllegalArgumentException if the system property is not from 1 to 1024
     */
    public static int count() {
        return team().threads();
    }

    private static Team team() {
        Team known = team;
        return known == null ? firstTeam() : known;
    }

    private static synchronized Team firstTeam() {
        if (team == null) {
            team = new Team(initial());
        }
        return team;
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
        if (team == null || team.threads() != threads) {
            team = new Team(threads); // the old one finishes its work, and its idle threads end by themselves
        }
    }

    /** Work of this thread is not shared until {@link #endAlone}. Calls may be nested. */
    static void beginAlone() {
        ALONE.set(ALONE.get() + 1);
    }

    static void endAlone() {
        ALONE.set(ALONE.get() - 1);
    }

    /** Whether work of this thread is shared with others. */
    static boolean shared() {
        return team().threads() > 1 && ALONE.get() == 0;
    }

    /**
     * Whether {@code work} of this thread is shared with others: from {@code least} on if they would begin at once, as in a
     * training step, and from {@value Thresholds#WAKING} times as much on if they sleep, as between requests.
     */
    static boolean shared(long work, long least) {
        return work >= least && shared() && (work / Thresholds.WAKING >= least || team().attends());
    }

    /** Runs work that this thread shares with no other: for a caller that has work for all processors already. */
    public static void alone(Runnable work) {
        beginAlone();
        try {
            work.run();
        } finally {
            endAlone();
        }
    }

    /**
     * Runs a task for each number from 0 to {@code n - 1}: in parallel on all threads, each {@link #alone}. If the last tasks would
     * leave most threads idle, they run sequentially, and share their work. A task must not throw.
     */
    public static void each(int n, IntConsumer task) {
        int threads = shared() ? count() : 1;
        int last = n < threads || 2 * (n % threads) > threads ? n : n - n % threads; // the end of the tasks that run alone
        AtomicInteger next = new AtomicInteger();
        Range rest = (from, to) -> alone(() -> {
            for (int i = next.getAndIncrement(); i < last; i = next.getAndIncrement()) {
                task.accept(i);
            }
        });
        split(Math.min(threads, last), 1, rest);
        for (int i = last; i < n; i++) {
            task.accept(i);
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

    /**
     * Runs {@code task} over {@code [0, n)}, cut into parts whose bounds are multiples of {@code grain} (the last part has the
     * rest) and which the threads share. Returns when all are done; an exception of any part is thrown.
     */
    public static void split(int n, int grain, Range task) {
        team().split(n, grain, task);
    }

    /** As {@link #split(int, int, Range)}, if {@code work} {@linkplain #shared(long, long) is shared}; else by this thread alone. */
    static void split(int n, int grain, long work, long least, Range task) {
        if (shared(work, least)) {
            split(n, grain, task);
        } else {
            task.run(0, n);
        }
    }

    /**
     * Runs {@code task} over the steps {@code [0, n)} of sums, cut into parts as in {@link #split}, each after its predecessor: so
     * the steps are added in order. Returns when all are done; throws the exception of any part.
     *
     * @return whether it was done; false if a thread is busy, as a late thread is useless here
     */
    static boolean splitK(int n, int grain, KSplit task) {
        Team known = team();
        if (!known.attends()) {
            return false;
        }
        known.splitK(n, grain, task);
        return true;
    }

    private Threads() {}
}
