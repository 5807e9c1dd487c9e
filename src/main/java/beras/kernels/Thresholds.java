package beras.kernels;

/**
 * The thresholds by which kernels choose between bit-identical algorithms, split work and wait. None changes a result.
 *
 * <p>Each has its reason and the machine of its measurement; {@code bench/NOTEBOOK.md} has the measurements. "EPYC" (Zen 4) and
 * "Xeon" are its two virtual machines of two cores with AVX-512, on JDK 17; unless stated otherwise, an epoch or a step is of
 * 784-128-10 on MNIST at batch 128, one thread. Numbers without a measurement have not been compared with others.
 */
final class Thresholds {

    // -------------------------------------------------------------------------------------------------- attention

    /** Queries that attention computes at a time: few, so that causal queries skip many keys, and enough for tiles. */
    static final int QUERIES = 32;

    // ----------------------------------------------------------------------------------------------- sharing work

    /** Elements from which on a second, lingering thread saves more than its overhead of a microsecond or two. */
    static final int SHARED_ELEMENTS = 1 << 15;
    /** The same for softmax, whose elements take some forty times as long. */
    static final int SHARED_EXPONENTIALS = 1 << 10;
    /**
     * Multiply-adds of a product, for the same reason. Measured on EPYC, two threads: a step of 784-256-10 at batch 128 takes 365
     * us, and 380 with four times as many, as then the products of the last layer are not shared.
     */
    static final long SHARED_WORK = 1 << 17;
    /** The factor of the work that is shared with sleeping threads: waking one takes some 50 us. */
    static final int WAKING = 4;
    /** Parts of elements start at multiples of a cache line, to avoid false sharing. */
    static final int ELEMENT_GRAIN = 16;
    /** Parts of rows start at multiples of a tile's rows, so that the tiles of every part are whole. */
    static final int ROW_GRAIN = 8;
    /** Parts of columns, likewise: at multiples of the wide tile with 16 lanes. */
    static final int COLUMN_GRAIN = 32;
    /**
     * Minimum of columns per thread for a layer to be split by columns: with these zeros are skipped at full speed. Measured on
     * EPYC, 784-512 at batch 256: 1282 us by columns, 1443 by rows; half of 128 columns are too few for the tile of eight vectors.
     */
    static final int SHARED_COLUMNS = 128;

    // ------------------------------------------------------------------------------------------------ dense tiles

    /** Steps of k per pass: the packed columns of a tile, 256 KB for the broad one, stay in the L2 cache. */
    static final int STEPS_PER_PASS = 1024;
    /** Rows of the product from which on packing of columns whose rows lie {@link #FAR_APART} is faster. */
    static final int PACK_ROWS = 256;
    /**
     * The same for rows times steps of a pass, in the tiles of few rows, which read many pages again. On Xeon, with the left matrix
     * transposed, 28x512x3584 took 1669 instead of 1880 us, 32x2048x1024 2214 instead of 2654.
     */
    static final long PACK_WORK = 24 * 1024;
    /**
     * Floats between rows of the right matrix that are far apart: at 2 KB and more their lines share few sets of an L1 cache. On
     * Xeon reading 512 columns in place would be faster (an epoch of 784-512-10 0.549 to 0.528 s), but on some processors such rows
     * evict each other from the L2 cache.
     */
    static final int FAR_APART = 512;
    /**
     * From these sizes on the broad tile saves more than the time to compile it, to pack its columns, and to add zero at its end.
     * With it and aligned columns, on Xeon, an epoch of 784-512-10 at batch 256 took 0.64 s instead of 0.77.
     */
    static final long BROAD_WORK = 1 << 21;
    static final int BROAD_ROWS = 64;
    static final int BROAD_STEPS = 96;

    // ----------------------------------------------------------------------------------------------- sparse tiles

    /** Multiply-adds from which on sampling for zeros is faster. */
    static final long SPARSE_WORK = 1 << 20;
    /** Pairs of numbers sampled. Half as many as before; with other changes an epoch took 0.206 to 0.199 s on Xeon. */
    static final int SAMPLES = 128;
    /** Time to test whether to list a step, in vectors of columns of a dense product. */
    static final float LISTING_VECTORS = 1.4f;
    /** Speed of a listed step relative to a step of a dense tile, if the left matrix is read by rows. */
    static final float SPARSE_SPEED_OF_ROWS = 0.62f;
    /** If it is transposed: listing columns is faster. */
    static final float SPARSE_SPEED_OF_COLUMNS = 0.74f;
    /** Maximum of rows that sparse tiles compute without lists: reading the right matrix dominates then. */
    static final int FEW_ROWS = 4;
    /** Maximum of rows listed at a time, so that their lists stay in the L2 cache. */
    static final int LISTED_ROWS = 256;
    /** Maximum of steps listed at a time, except for two rows: a megabyte. */
    static final int LISTED_STEPS = 1 << 18;
    /**
     * Columns are copied if each of their rows is read more often, on average. Measured on Xeon: a step of the sparse tile takes
     * 8.7 ns where vectors cross cache lines, 5.3 where not; at batch 32 the copy is not faster, at 128 it takes 24 us of 135.
     */
    static final int PACK_READS = 8;
    /** Rows from which on scalar code checks whether the right matrix is finite, so that zeros may be skipped. */
    static final int SCALAR_SPARSE_ROWS = 8;
    /** Floats of a transposed right matrix that scalar code copies at a time: 1 MB per thread. */
    static final int SCALAR_PANEL = 1 << 18;

    // -------------------------------------------------------------------------------------------------- alignment

    /** Floats that a tile reads when it is timed: 64 KB, more than the L1 cache, in which alignment matters less. */
    static final int TIMED_FLOATS = 1 << 14;
    /** Times that each of the sixteen positions is timed; the fastest counts. */
    static final int TIMINGS = 3;
    /** Uses after which the positions are timed again, as the JVM may have moved the array. */
    static final int USES_BETWEEN_TIMINGS = 512;
    /** First uses of a thread, without timing: a thread that serves one request ends before timing saves time. */
    static final int UNTIMED_USES = 16;
    /** A copy is faster if the median of the positions takes this many times as long as the best: copying itself costs some percent. */
    static final float ALIGNED_GAIN = 1.06f;
    /**
     * Floats of a weight from which on its array fills a region of G1's heap. Measured on Xeon: an epoch at batch 128 0.193 to
     * 0.181 s, at batch 32 0.313 to 0.288, for some 10 MB.
     */
    static final int ALIGNED_FLOATS = 1 << 16;
    /** Aligned arrays in use at a time: at a thousandth of the heap each they leave at most a sixteenth of it empty. */
    static final int ALIGNED_ARRAYS = 64;
    /** The smallest heap for them: in a smaller one a region, of 1 MB at least, is more than a thousandth. */
    static final long ALIGNED_HEAP = 1L << 30;

    // ----------------------------------------------------------------------------------------------- convolutions

    /** Floats of patches at a time: 512 KB, which mostly stay in the second-level cache. */
    static final int PATCH_FLOATS = 1 << 17;
    /** Rows of the gradient of a kernel at a time, for the same reason. */
    static final int KERNEL_ROWS = 512;
    /**
     * Contiguous floats in an image: patches with shorter runs are read in place instead of copied. One thread of an EPYC (Zen 5),
     * forward and gradient of the kernel, copied and not: 5 x 5 x 1 with 32 filters 58 and 65, 112 and 158 GFLOP/s; 3 x 3 x 3 with
     * 32 filters 46 and 46, 106 and 120.
     */
    static final int SHORT_RUN = 16;
    /**
     * The same in a forward pass of fewer than {@link #FORWARD_FILTERS}, where no zeros are skipped: 3 x 3 x 16 with 32 filters
     * 154, not copied 180; 5 x 5 x 16 with 32 filters 182 both ways; 3 x 3 x 32 with 64 filters 196, not copied 182. The gradient
     * of the kernel skips zeros.
     */
    static final int FORWARD_RUN = 64;
    /** The columns of {@link ProductPlan.Tile#SPARSE} with 16 lanes. */
    static final int FORWARD_FILTERS = 64;
    static final int FILTER_GRAIN = 8;
    static final int KERNEL_ROW_GRAIN = 16;
    static final int CHANNEL_GRAIN = 16;
    /** Floats of a row of positions that a depthwise convolution computes at a time: they stay in the first-level cache. */
    static final int DEPTHWISE_FLOATS = 1024;

    // ---------------------------------------------------------------------------------------------------- threads

    /**
     * How long a helper waits for the next phase: longer than any serial stretch of a step, which takes 400 us in all on EPYC.
     */
    static final long LINGER_NANOS = 200_000;
    /**
     * Checks of a waiting thread before it yields its processor. Measured on Xeon, two threads, processes of ten epochs: 4.4 to 4.0
     * s, as the JVM's compilers no longer interrupt a part that all wait for.
     */
    static final int SPINS_BEFORE_YIELD = 100;
    /** Checks before it sleeps. */
    static final int SPINS_BEFORE_SLEEP = 5_000;
    /** The time in which a lingering helper begins, or returns from a yield: several times the 1 us measured on EPYC. */
    static final long BEGIN_NANOS = 5_000;
    /** Tiles after which a stage signals the next, as each signal moves a cache line between cores (7 to 27 ns on EPYC). */
    static final int TILES_BETWEEN_SIGNALS = 4;
    /** Sleep between checks after long spinning, which frees this core for the predecessor if it was descheduled. */
    static final long NAP_NANOS = 20_000;

    /** Steps to try with one thread, then with all. Medians of 16 withstand a pause of the JVM. */
    static final int TRIAL_STEPS = 16;
    /**
     * Steps after which a trial with all threads ends if each takes as long as the whole trial with one: while the JVM compiles, a
     * step may take fifty times as long (25 ms on EPYC).
     */
    static final int SLOW_TRIAL_STEPS = 3;
    /** Steps until the next trial for each step that a trial loses, so that trials cost one in a hundred. */
    static final int STEPS_PER_LOST_STEP = 100;
    /**
     * Limits of the steps between trials. Measured on Xeon against 64, 128, 256 and then always 512: ten epochs of 784-512-10 5.70
     * to 5.54 s.
     */
    static final int MIN_STEPS_BETWEEN_TRIALS = 64;
    static final int MAX_STEPS_BETWEEN_TRIALS = 512;

    // ----------------------------------------------------------------------------------------------------- warm-up

    /**
     * A warm-up call below this time is compiled code, except for a simple kernel, see {@link #REPEATED_CALLS}: a compiled call
     * takes about 1 us (3 us the first time) on EPYC and Xeon, an interpreted one at least 9 us.
     */
    static final long FAST_NANOS = 3000;
    /** A kernel that is not fast by then stays scalar: long, as other programs may occupy the processors. */
    static final long PATIENCE_NANOS = 60_000_000_000L;
    /** A kernel that is not fast by then may be at its full speed, if the scalar one is not faster. */
    static final long COMPILING_NANOS = 100_000_000L;
    /** After this time pauses are longer: the compiler has enough calls, unless other programs occupy the processors. */
    static final long BUSY_NANOS = 3_000_000_000L;
    static final long LONG_PAUSE_NANOS = 200_000_000;
    /**
     * Empty calls per working call. The compiler counts calls, and empty calls cost next to nothing; a working call runs thousands
     * of vector operations that are not compiled yet, and whose implementations are compiled before the kernel, as they are called
     * more often. Measured on EPYC in turn, 784-256-10 with ReLU and tanh: sums of four epochs 1.72 and 2.05 s with 255, 1.67 and
     * 1.93 with 511; of three epochs 1.31 and 1.46 with 511, 1.69 and 2.07 with 1023.
     */
    static final int EMPTY_CALLS = 511;
    /** Elements of a call from which on a kernel requests SIMD at once. */
    static final long LARGE_CALL = 1 << 12;
    /**
     * Total elements of smaller calls before it requests SIMD: some milliseconds of scalar code, while compiling takes 100.
     * Measured on EPYC (Zen 5), a default training run: 3.6 s of processor time instead of 4.1.
     */
    static final long MANY_ELEMENTS = 1 << 22;
    /**
     * Calls after the first below {@link #FAST_NANOS}, which must be below twice that: a single call of a simple kernel is already
     * below it when compiled by C1, whose code is far slower.
     */
    static final int REPEATED_CALLS = 4;
    /**
     * Calls of {@link Lanes#useEachKind} per working call of one of the first kernels. Profiling starts after some 200; with 20
     * instead of 64, vectors were boxed in one process of twelve.
     */
    static final int CALLS_OF_EACH_KIND = 64;
    /** Calls after which compilation has started, and pauses free the processor for it. */
    static final int CALLS_BEFORE_PAUSES = 20 * (1 + EMPTY_CALLS);
    /** Calls between pauses: the JVM repeats the compile request after each 1024. */
    static final int CALLS_BETWEEN_PAUSES = 1024;
    /** With 20 or 30 ms the start is 5 to 10 % slower on EPYC. */
    static final long PAUSE_NANOS = 10_000_000;
    /** Pairs of clock readings; the fastest measures the cost of a reading. */
    static final int CLOCK_READINGS = 16;

    /** Calls that are timed to see whether fma is an instruction. */
    static final int FMA_CALLS = 100;
    /** In hardware an fma takes a small part of this even while it is interpreted, in software several times this. */
    static final long SLOW_FMA_NANOS = 1000;

    private Thresholds() {}
}
