package beras.kernels;

import static beras.kernels.Thresholds.TRIAL_STEPS;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Decides for the steps of a loop, such as training, whether this thread computes them alone or with the others of
 * {@link Threads}: whichever was faster lately. Results do not depend on it.
 *
 * <p>More threads are not always faster. A small step spends its time handing caches from core to core, and how long that
 * takes can change under way: a virtual machine does not know how far apart its cores are, nor when they move. And while the JVM
 * compiles, its compilers need processors, too. So now and then some steps are made in both ways, and the rest as was faster. The
 * nearer the two, the sooner they are tried again: a trial costs little then, and may soon end otherwise. The younger the loop, the
 * sooner, too: while code is compiled, what is faster changes.
 *
 * <p>For use by one thread, with {@link #begin} and {@link #end} around each step.
 */
public final class ThreadTuner {

    private final LongSupplier clock;
    private final long first; // when the loop began
    private final long[] alone = new long[TRIAL_STEPS];
    private final long[] together = new long[TRIAL_STEPS];
    private int stepsAlone; // of this trial
    private int stepsTogether;
    private boolean triesTogether; // after the steps alone
    private long trialAlone; // nanoseconds of it so far
    private int tooLong; // steps of the other trial so far that took too long
    private long stepsUntilNextTrial;
    private boolean fasterAlone;
    private boolean isAlone; // this step
    private long start;

    /** For a new loop. */
    public ThreadTuner() {
        this(System::nanoTime);
    }

    ThreadTuner(LongSupplier clock) {
        this.clock = clock;
        this.first = clock.getAsLong();
    }

    /** Before a step. */
    public void begin() {
        isAlone = stepsUntilNextTrial > 0 ? fasterAlone : !triesTogether;
        if (isAlone) {
            Threads.beginAlone();
        }
        start = clock.getAsLong();
    }

    /** After a step, also one that failed. What this thread does until the next is shared with the others. */
    public void end() {
        long nanos = clock.getAsLong() - start;
        if (isAlone) {
            Threads.endAlone();
        }
        if (stepsUntilNextTrial > 0) {
            stepsUntilNextTrial--;
        } else if (triesTogether) {
            together[stepsTogether++] = nanos;
            tooLong += nanos > trialAlone ? 1 : 0;
            if (tooLong == Thresholds.SLOW_TRIAL_STEPS) {
                decide(0, Long.MAX_VALUE); // as slow as can be
            } else if (stepsTogether == stepsAlone) {
                decide(median(alone, stepsAlone), median(together, stepsTogether));
            }
        } else {
            alone[stepsAlone++] = nanos;
            trialAlone += nanos;
            triesTogether = stepsAlone == TRIAL_STEPS
                    || stepsAlone >= Thresholds.LONG_TRIAL_STEPS && trialAlone >= Thresholds.LONG_TRIAL_NANOS;
        }
    }

    private void decide(long aloneNanos, long togetherNanos) {
        fasterAlone = aloneNanos < togetherNanos;
        double faster = Math.max(1, Math.min(aloneNanos, togetherNanos));
        double lost = stepsAlone * (Math.max(aloneNanos, togetherNanos) / faster - 1); // steps
        double most = (clock.getAsLong() - first) / (Thresholds.SHARE_OF_AGE * Math.max(1, trialAlone / stepsAlone));
        stepsUntilNextTrial = Math.round(Math.max(Math.min(Math.min(Thresholds.STEPS_PER_LOST_STEP * lost, most),
                Thresholds.MAX_STEPS_BETWEEN_TRIALS), Thresholds.MIN_STEPS_BETWEEN_TRIALS * stepsAlone / TRIAL_STEPS));
        stepsAlone = 0;
        stepsTogether = 0;
        triesTogether = false;
        trialAlone = 0;
        tooLong = 0;
    }

    private static long median(long[] nanos, int count) {
        Arrays.sort(nanos, 0, count);
        return nanos[count / 2];
    }
}
