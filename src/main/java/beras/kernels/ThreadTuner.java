package beras.kernels;

import static beras.kernels.Thresholds.TRIAL_STEPS;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Chooses for the steps of a loop, such as training, whether this thread computes them alone or with {@link Threads}, by recent
 * timings. Results are independent of the choice.
 *
 * <p>More threads are not always faster. The time of a small step is mostly the transfer of cache lines between cores, which can
 * change: the cores of a virtual machine may move. And while the JVM compiles, its compilers need processors, too. So from time to
 * time some steps are timed in both ways, and the rest use the faster one. The closer the two, the sooner the next trial: it costs
 * little then, and its result may soon change.
 *
 * <p>Not thread-safe; call {@link #begin} and {@link #end} around each step.
 */
public final class ThreadTuner {

    private final LongSupplier clock;
    private final long[] alone = new long[TRIAL_STEPS];
    private final long[] together = new long[TRIAL_STEPS];
    private long trialAlone; // nanoseconds of it so far
    private int tooLong; // steps of the other trial so far that took too long
    private long stepsUntilNextTrial;
    private int step;
    private boolean fasterAlone;
    private boolean isAlone; // this step
    private long start;

    /** For a new loop. */
    public ThreadTuner() {
        this(System::nanoTime);
    }

    ThreadTuner(LongSupplier clock) {
        this.clock = clock;
    }

    /** Before a step. */
    public void begin() {
        isAlone = step >= 2 * TRIAL_STEPS ? fasterAlone : step < TRIAL_STEPS;
        if (isAlone) {
            Threads.beginAlone();
        }
        start = clock.getAsLong();
    }

    /** After a step, also a failed one. Work of this thread until the next step is shared with the others. */
    public void end() {
        long nanos = clock.getAsLong() - start;
        if (isAlone) {
            Threads.endAlone();
        }
        if (step < TRIAL_STEPS) {
            alone[step] = nanos;
            trialAlone += nanos;
        } else if (step < 2 * TRIAL_STEPS) {
            together[step - TRIAL_STEPS] = nanos;
            tooLong += nanos > trialAlone ? 1 : 0;
        }
        step++;
        if (tooLong == Thresholds.SLOW_TRIAL_STEPS) {
            decide(0, Long.MAX_VALUE); // as slow as can be
        } else if (step == 2 * TRIAL_STEPS) {
            decide(median(alone), median(together));
        } else if (step == 2 * TRIAL_STEPS + stepsUntilNextTrial) {
            step = 0;
        }
    }

    private void decide(long aloneNanos, long togetherNanos) {
        fasterAlone = aloneNanos < togetherNanos;
        double faster = Math.max(1, Math.min(aloneNanos, togetherNanos));
        double lost = TRIAL_STEPS * (Math.max(aloneNanos, togetherNanos) / faster - 1); // steps
        stepsUntilNextTrial = Math.min(Math.max(Math.round(Thresholds.STEPS_PER_LOST_STEP * lost),
                Thresholds.MIN_STEPS_BETWEEN_TRIALS), Thresholds.MAX_STEPS_BETWEEN_TRIALS);
        step = 2 * TRIAL_STEPS;
        trialAlone = 0;
        tooLong = 0;
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[TRIAL_STEPS / 2];
    }
}
