package beras.kernels;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Decides for the steps of a loop, such as training, whether this thread computes them alone or with the others of
 * {@link Threads}: whichever was faster lately. Results do not depend on it.
 *
 * <p>More threads are not always faster. A small step spends its time handing caches from core to core, and how long that
 * takes can change under way: a virtual machine does not know how far apart its cores are, nor when they move. So now and
 * then some steps are made in both ways, and the rest as was faster.
 *
 * <p>For use by one thread, with {@link #begin} and {@link #end} around each step.
 */
public final class Pace {

    /** Steps to try each way; the medians are compared, so that a pause of the JVM does not decide. */
    private static final int TRIAL = 16;
    /** Steps until it is tried again: few while the JVM still compiles and steps get faster, then twice as many each time. */
    private static final int FIRST_STRETCH = 64;
    private static final int LONGEST_STRETCH = 512;
    /** A step gets faster if it takes less than this share of the least time before. */
    private static final double FASTER = 0.9;

    private final LongSupplier clock;
    private final long[] together = new long[TRIAL];
    private final long[] alone = new long[TRIAL];
    private int stretch;
    private int step;
    private boolean fasterAlone;
    private long least = Long.MAX_VALUE; // that a step took in a trial
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
        Threads.alone(step >= 2 * TRIAL ? fasterAlone : step >= TRIAL);
        start = clock.getAsLong();
    }

    /** After a step, also one that failed. What this thread does until the next is shared with the others. */
    public void end() {
        long nanos = clock.getAsLong() - start;
        Threads.alone(false);
        if (step < TRIAL) {
            together[step] = nanos;
        } else if (step < 2 * TRIAL) {
            alone[step - TRIAL] = nanos;
        }
        step++;
        if (step == 2 * TRIAL) {
            long aloneNanos = median(alone);
            long togetherNanos = median(together);
            fasterAlone = aloneNanos < togetherNanos;
            long faster = Math.min(aloneNanos, togetherNanos);
            stretch = faster < FASTER * least ? FIRST_STRETCH : Math.min(2 * stretch, LONGEST_STRETCH);
            least = Math.min(least, faster);
        } else if (step == 2 * TRIAL + stretch) {
            step = 0;
        }
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[TRIAL / 2];
    }
}
