package beras.kernels;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A kernel of a {@link KernelGroup}, which uses SIMD once its vector code is compiled.
 *
 * <p>Before the optimising compiler compiles it, vector code is a hundred times slower than scalar code: every operation is a loop
 * over lanes that allocates an object. So a kernel starts as scalar code, which is bit-identical and compiled within milliseconds.
 * Its first large call, or many small ones, make {@link WarmUp} call the vector code until it is fast.
 *
 * @param <K> the scalar implementation of the group
 */
final class SimdKernel<K> {

    /**
     * Calls a kernel, or a part of it, {@code n} times on tiny blocks. The loop is in each implementation, so that the compiler
     * sees far fewer calls of this than of the kernel: with a loop around this it compiles the kernel into it, and by itself later.
     */
    @FunctionalInterface
    interface Call<K> {
        void run(K kernels, TinyBlocks t, int n);
    }

    /** Blocks of the shortest call that reaches the loops over vectors. */
    final TinyBlocks shortest;
    /** When each is fast, the kernel is compiled. */
    final List<Call<K>> calls;
    private final AtomicBoolean requested = new AtomicBoolean();
    private long done; // elements that were computed without SIMD, if no thread counted at the same time
    private volatile boolean fast;

    @SafeVarargs
    @SuppressWarnings("varargs") // List.of makes a copy
    SimdKernel(TinyBlocks shortest, Call<K>... calls) {
        this.shortest = shortest;
        this.calls = List.of(calls);
    }

    /** Lets it compute with SIMD. */
    void use() {
        fast = true;
    }

    /** Whether it computes with SIMD. */
    boolean isFast() {
        return fast;
    }

    /**
     * Whether it uses SIMD; if not, requests it.
     *
     * @param work elements to compute
     * @param cols elements of a row: small calls with rows shorter than {@link FloatMath#LANES} make no request, as SIMD is no
     *     faster
     */
    boolean isFast(K simd, K scalar, long work, int cols) {
        if (fast) {
            return true;
        }
        done += cols < FloatMath.LANES ? 0 : work;
        if ((work >= Thresholds.LARGE_CALL || done >= Thresholds.MANY_ELEMENTS) && isFirstRequest()) {
            Backend.warmUp(this, simd, scalar);
        }
        return false;
    }

    /** Whether SIMD was not requested before. */
    boolean isFirstRequest() {
        return !requested.get() && requested.compareAndSet(false, true);
    }
}
