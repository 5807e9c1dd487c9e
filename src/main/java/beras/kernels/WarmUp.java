package beras.kernels;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Puts SIMD kernels into use once they are compiled: a thread calls them on tiny arrays until they are fast, while the program
 * computes with scalar code. The tile of dense products, which all other kernels require, is first; the kernels that the program
 * uses follow in order of request.
 */
final class WarmUp implements Runnable {

    /**
     * A requested kernel.
     *
     * @param scalar computes the same, which may be as fast as is possible; null if not
     */
    private record Request<K>(SimdKernel<K> kernel, K simd, K scalar) {}

    private final Products products;
    private final boolean always;
    private final long patienceNanos;
    private final LongSupplier clock;
    private final Queue<Request<?>> queue = new ArrayDeque<>();
    private boolean working = true; // until all that has been requested is in use, or will never be
    private volatile boolean inUse; // some kernels are
    private volatile String trouble; // why others are not, and will not be

    /** @param always whether to use kernels that do not become fast, and kernels that were not requested */
    WarmUp(Products products, boolean always) {
        this(products, always, always ? Thresholds.BUSY_NANOS : Thresholds.PATIENCE_NANOS, System::nanoTime);
    }

    WarmUp(Products products, boolean always, long patienceNanos, LongSupplier clock) {
        this.products = products;
        this.always = always;
        this.patienceNanos = patienceNanos;
        this.clock = clock;
    }

    /** Requests a kernel. */
    synchronized <K> void request(SimdKernel<K> kernel, K simd, K scalar) {
        if (!hasFailed()) {
            queue.add(new Request<>(kernel, simd, scalar));
            if (!working) {
                start();
            }
        }
    }

    /** Warms up in a thread, which ends when no request is left: it would prevent unloading the classes of a redeployed library. */
    synchronized void start() {
        working = true;
        Thread thread = new Thread(this, "beras-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** The implementation in use, given the intended one. */
    String describe(String meant) {
        String what = trouble;
        return what == null ? meant : inUse ? meant + ", in part: " + what : "scalar: " + what;
    }

    /** Whether no kernel will be used. */
    boolean hasFailed() {
        return trouble != null && !inUse;
    }

    /** Waits until all that has been requested is in use, or will never be. */
    synchronized void awaitIdle() throws InterruptedException {
        while (working) {
            wait();
        }
    }

    /** Puts the tile of dense products into use, and then the requested kernels, until no request is left. */
    @Override
    public void run() {
        if (!inUse) {
            attempt(this::useDenseProducts);
        }
        for (Request<?> next = next(); next != null; next = next()) {
            Request<?> request = next;
            attempt(() -> warmUp(request));
        }
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) { // it is reported here or nowhere
            trouble = "vectors failed with " + e;
        }
    }

    private void useDenseProducts() {
        Lanes.useEachOperation();
        VectorProducts vectors = new VectorProducts();
        warmUp(new Request<>(vectors.wide, vectors, null));
        if (inUse) {
            KernelGroup.prepareSimd();
            Elements.IN_USE.requestUsual();
            Updates.IN_USE.requestUsual();
            products.use(vectors);
        }
    }

    private synchronized Request<?> next() {
        Request<?> next = hasFailed() ? null : queue.poll();
        if (next == null) {
            if (always && inUse) {
                KernelGroup.useSimdThroughout();
            }
            working = false;
            notifyAll();
        }
        return next;
    }

    /** Brings a kernel into use when it is fast. */
    private <K> void warmUp(Request<K> request) {
        if (isFast(request) || always) {
            request.kernel.use();
            inUse = true;
        } else {
            trouble = "the compiler did not make " + request.simd.getClass().getSimpleName() + " fast with SIMD";
        }
    }

    /** Makes the calls of a kernel in turn until all are fast, or time is up: so one is compiled while others are counted. */
    private <K> boolean isFast(Request<K> request) {
        SimdKernel<K> kernel = request.kernel;
        long fastNanos = Thresholds.FAST_NANOS + clockNanos();
        long start = clock.getAsLong();
        List<SimdKernel.Call<K>> slow = new ArrayList<>(kernel.calls);
        for (int n = 0; !slow.isEmpty() && clock.getAsLong() - start < patienceNanos; n += 1 + Thresholds.EMPTY_CALLS) {
            if (!inUse) {
                Lanes.useEachKind(Thresholds.CALLS_OF_EACH_KIND);
            }
            long waited = clock.getAsLong() - start;
            boolean isCompiled = waited > Thresholds.COMPILING_NANOS;
            slow.removeIf(call -> {
                call.run(request.simd, kernel.shortest, Thresholds.EMPTY_CALLS);
                long nanos = nanos(call, request.simd, 1);
                return nanos < fastNanos && nanos(call, request.simd, Thresholds.REPEATED_CALLS) < 2 * fastNanos
                        || isCompiled && request.scalar != null && nanos <= nanos(call, request.scalar, 1);
            });
            if (n >= Thresholds.CALLS_BEFORE_PAUSES && n % Thresholds.CALLS_BETWEEN_PAUSES == 0) {
                LockSupport.parkNanos(waited < Thresholds.BUSY_NANOS ? Thresholds.PAUSE_NANOS : Thresholds.LONG_PAUSE_NANOS);
            }
        }
        return slow.isEmpty();
    }

    private <K> long nanos(SimdKernel.Call<K> call, K kernels, int times) {
        long begin = clock.getAsLong();
        call.run(kernels, TinyBlocks.FULL, times);
        return clock.getAsLong() - begin;
    }

    /** The cost of a clock reading: microseconds where the system emulates it, as in some virtual machines. */
    private long clockNanos() {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < Thresholds.CLOCK_READINGS; i++) {
            long begin = clock.getAsLong();
            fastest = Math.min(fastest, clock.getAsLong() - begin);
        }
        return fastest;
    }
}
