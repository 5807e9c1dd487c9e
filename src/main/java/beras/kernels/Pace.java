package beras.kernels;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Decides for the steps of a loop, such as training, whether this thread computes them alone or with the others of
 * {@link Threads}: whichever was faster lately. Results do not depend on it.
 *
 * <p>More threads are not always faster. A small step spends its time handing caches from core to core, and how long that
 * takes can change under way: a virtual machine does not know how far apart its cores are, nor when they move. And while the JVM
 * compiles, its compilers need processors, too. So now and then some steps are made in both ways, and the rest as was faster. The
 * nearer the two, the sooner they are tried again: a trial costs little then, and may soon end otherwise.
 *
 * <p>For use by one thread, with {@link #begin} and {@link #end} around each step.
 */
public final class Pace {

    /** Steps to try each way, first alone; the medians are compared, so that a pause of the JVM does not decide. */
    private static final int TRIAL = 16;
    /**
     * The other trial ends early with so many steps that each take as long as the whole trial of steps made alone: while the JVM
     * still compiles, one may take fifty times as long.
     */
    private static final int TOO_LONG = 3;
    /** Steps until it is tried again: so many that trying costs one in a hundred, but for these limits. */
    private static final int STEPS_FOR_ONE_LOST = 100;
    private static final int SHORTEST_STRETCH = 64;
    private static final int LONGEST_STRETCH = 512;

    private final LongSupplier clock;
    private final long[] alone = new long[TRIAL];
    private final long[] together = new long[TRIAL];
    private long trialAlone; // nanoseconds of it so far
    private int tooLong; // steps of the other trial so far that took too long
    private long stretch;
    private int step;
    private boolean fasterAlone;
    private long start;

    /** For a new loop. */
    public Pace() {
        this(System::nanoTime);
    }

    Pace(LongSupplier clock) {
        this.clock = clock;
    }

    /** Before a step. */
    public void begin() {
        Threads.alone(step >= 2 * TRIAL ? fasterAlone : step < TRIAL);
        start = clock.getAsLong();
    }

    /** After a step, also one that failed. What this thread does until the next is shared with the others. */
    public void end() {
        long nanos = clock.getAsLong() - start;
        Threads.alone(false);
        if (step < TRIAL) {
            alone[step] = nanos;
            trialAlone += nanos;
        } else if (step < 2 * TRIAL) {
            together[step - TRIAL] = nanos;
            tooLong += nanos > trialAlone ? 1 : 0;
        }
        step++;
        if (tooLong == TOO_LONG) {
            decide(0, Long.MAX_VALUE); // as slow as can be
        } else if (step == 2 * TRIAL) {
            decide(median(alone), median(together));
        } else if (step == 2 * TRIAL + stretch) {
            step = 0;
        }
    }

    private void decide(long aloneNanos, long togetherNanos) {
        fasterAlone = aloneNanos < togetherNanos;
        double faster = Math.max(1, Math.min(aloneNanos, togetherNanos));
        double lost = TRIAL * (Math.max(aloneNanos, togetherNanos) / faster - 1); // steps
        stretch = Math.min(Math.max(Math.round(STEPS_FOR_ONE_LOST * lost), SHORTEST_STRETCH), LONGEST_STRETCH);
        step = 2 * TRIAL;
        trialAlone = 0;
        tooLong = 0;
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[TRIAL / 2];
    }
}
