package beras.kernels;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A kernel of a {@link Family}, which computes with SIMD as soon as that is compiled.
 *
 * <p>Until the optimising compiler has it, vector code is a hundred times slower than scalar code: every operation is a loop
 * over lanes that ends in a new object. So a kernel begins as scalar code, which gives the same bits and is compiled within
 * milliseconds. Its first large call, or many others, ask {@link WarmUp} to call the vector code, see {@link TinyCalls}, until
 * that is fast.
 *
 * @param <K> the scalar implementation of the family
 */
final class SimdKernel<K> {

    /** Calls several times on tiny blocks. */
    @FunctionalInterface
    interface Calls<K> {
        void run(TinyCalls blocks, K kernels, int times);
    }

    private final TinyCalls shortest;
    private final Calls<K> calls;
    private final AtomicLong requested = new AtomicLong(); // the work of the request; 0: none
    private long done; // elements that were computed without SIMD, if no thread counted at the same time
    private volatile boolean fast;

    /** @param shortest blocks of the shortest call that reaches the loops over vectors */
    SimdKernel(TinyCalls shortest, Calls<K> calls) {
        this.shortest = shortest;
        this.calls = calls;
    }

    /**
     * Whether it computes with SIMD; if not, that is asked for.
     *
     * @param work elements that it is to compute: where more are, it is more urgent
     * @param cols elements of a row: small calls of rows that do not fill {@link FloatMath#LANES} never ask, for they gain nothing
     */
    boolean isFast(K simd, K scalar, long work, int cols) {
        if (fast) {
            return true;
        }
        done += cols < FloatMath.LANES ? 0 : work;
        long largest = requested.get();
        if (work > largest && (work >= Thresholds.LARGE_CALL || done >= Thresholds.MANY_ELEMENTS)
                && requested.compareAndSet(largest, work)) {
            Backend.warmUp(work, () -> new WarmUp.Group(simd.getClass().getSimpleName(),
                    () -> fast = true,
                    (times, isEmpty) -> calls.run(TinyCalls.FULL, scalar, times),
                    (times, isEmpty) -> calls.run(isEmpty ? shortest : TinyCalls.FULL, simd, times)));
        }
        return false;
    }
}
