package beras.compute;

import beras.kernels.Backend;
import beras.kernels.ScalarWarning;
import beras.kernels.Threads;

/**
 * What computes in this JVM, and on how many threads.
 *
 * <p>The system property {@value #SIMD} decides whether vectors are used: {@code auto} (default: vectors of the processor's
 * preferred width if the module {@code jdk.incubator.vector} is there and they would be fast), {@code off}, or {@code 128},
 * {@code 256}, {@code 512} bits. Another value is an IllegalArgumentException whenever something is to be computed, and here. The
 * results are the same bits in every case.
 *
 * <pre>{@code
 * System.out.println(Compute.describe());                  // such as: vector, 16 lanes of 512 bits
 * Compute.awaitFast();                                     // after some predictions, before the first request
 * }</pre>
 */
public final class Compute {

    /** The system property that chooses vectors; to be set before anything is computed. */
    public static final String SIMD = Backend.PROPERTY;
    /** Its value for no vectors: as good for short work, as vector code takes a second or two until it is compiled. */
    public static final String OFF = Backend.OFF;

    /**
     * What runs, in one line without the number of threads, such as {@code vector, 16 lanes of 512 bits}; if scalar, the
     * reason and the remedy.
     */
    public static String describe() {
        return Backend.describe();
    }

    /** Whether vectors are used, or will be as soon as the code with them is compiled. */
    public static boolean isVector() {
        return Backend.isVector();
    }

    /** Whether fused multiply-add is an instruction of this processor; else everything is some thousand times slower. */
    public static boolean isFmaInHardware() {
        return Backend.isFmaInHardware();
    }

    /**
     * Waits until what networks usually need, and what has been used, is compiled with SIMD. That takes a second or two from the
     * first computation, and at most some minutes where the compiler does not make it fast, which {@code describe} then says. All
     * else computes with SIMD from then on, too, slowly until it is compiled: so a service predicts an example some hundred times
     * before. Until then slower code gives the same results: only programs that measure speed, or want a fast first request, need
     * wait.
     *
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public static void awaitFast() throws InterruptedException {
        Backend.awaitFast();
    }

    /**
     * The number of threads that share large work, the caller's own included: by default one for each processor, or as many as
     * the system property {@code beras.threads} says.
     *
     * @throws IllegalArgumentException if the system property is not from 1 to 1024
     */
    public static int threads() {
        return Threads.count();
    }

    /**
     * Sets the number of threads for all later work in this JVM.
     *
     * @throws IllegalArgumentException if {@code threads} is not from 1 to 1024
     */
    public static void setThreads(int threads) {
        Threads.set(threads);
    }

    /** Runs work that this thread shares with no other: for a caller that has work for all processors already. */
    public static void alone(Runnable work) {
        Threads.alone(work);
    }

    /**
     * Logs a warning, once in a JVM, if no vectors are used though nobody asked for that by {@code -Dberas.simd=off}: why, and
     * what to do. It goes to the {@link System.Logger} named {@code beras}. Models log it when they are first trained, evaluated
     * or asked to predict.
     *
     * @param advice a sentence on what to do in some surroundings; empty: none
     */
    public static void warnIfScalar(String advice) {
        ScalarWarning.logOnce(advice);
    }

    /** For a program that reports by itself what runs, before it begins: {@link #warnIfScalar} logs nothing from now on. */
    public static void silenceWarning() {
        ScalarWarning.silence();
    }

    private Compute() {}
}
