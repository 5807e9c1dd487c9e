package beras.kernels;

import beras.kernels.VectorProducts.Occasional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Brings the vector kernels into use, family by family, as soon as what matters in each is compiled.
 *
 * <p>Until the optimising compiler has it, vector code is a hundred times slower than scalar code: every operation is a loop
 * over lanes that ends in a new object. So a program begins with scalar kernels, which give the same bits and are compiled
 * within milliseconds, while this thread calls the vector kernels on tiny arrays until they are fast. It does so for those that
 * training a net of Dense layers needs; all others come into use with the last of them, and are compiled by being used.
 */
final class WarmUp implements Runnable {

    /**
     * Compiled, each call below takes a third of this, or nearly all of it the first time, on processors that were measured; which leaves
     * room for slower ones. Before that each takes three times as long or more.
     */
    private static final long FAST_NANOS = 3000;
    /** A family that is not fast by then stays scalar: long, for other programs may have the processors. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    /** By then the compiler has what it needs, if nobody else needs the processors: longer pauses. */
    private static final long BUSY_NANOS = 3_000_000_000L;
    private static final long LONG_PAUSE_NANOS = 200_000_000;
    /**
     * The compiler counts calls. Most of them may be empty, which costs next to nothing, as long as some show it that the loops
     * run, and run long. The fewer those are, the less of what they call is compiled by itself before them, to no use; with half as
     * many it takes the loops for rare, and training is 4 % slower.
     */
    private static final int EMPTY_CALLS = 255;
    /** So many of the wide and the broad tile, for dense products: with twice as many the former takes a fifth longer. */
    private static final int EMPTY_CALLS_OF_WIDE_TILES = 63;
    /** After this many calls the compiler is at work, and is left the processor for a while. */
    private static final int ENOUGH_CALLS = 22 * (1 + EMPTY_CALLS);
    /** Unless it had too much to do. The JVM asks it again after each 1024 calls: so many between pauses. */
    private static final int CALLS_BETWEEN_PAUSES = 1024;
    private static final long PAUSE_NANOS = 10_000_000;

    /** Pairs of readings of the clock, of which the fastest tells what reading it takes. */
    private static final int CLOCK_READINGS = 16;

    private static final int ROWS = 8;
    private static final int WIDE = 2 * Lanes.COUNT;
    private static final int SIZE = 64;

    private final VectorProducts products;
    private final ScalarElements elements;
    private final ScalarUpdates updates;
    private final boolean always;
    private final long patienceNanos;
    private final LongSupplier clock;
    private final float[] a = new float[SIZE * WIDE];
    private final float[] b = new float[SIZE * WIDE];
    private final float[] c = new float[SIZE * WIDE];
    private final float[] d = new float[SIZE * WIDE];
    private final float[] right = new float[SIZE * SparseChoice.WIDE];
    private final float[] product = new float[2 * SparseChoice.WIDE];
    private final int[] steps = IntStream.range(0, SIZE).toArray();
    private final int[] words = new int[SIZE];
    private final int[] places = new int[WIDE]; // there are none in words
    private final byte[] bytes = new byte[SIZE];
    private volatile boolean inUse; // some kernels are
    private volatile String trouble; // why others are not, and will not be

    /** @param always whether kernels that do not get fast come into use as they are */
    WarmUp(boolean always) {
        this(new VectorProducts(), new VectorElements(), new VectorUpdates(), always, always ? BUSY_NANOS : PATIENCE_NANOS,
                System::nanoTime);
    }

    WarmUp(VectorProducts products, ScalarElements elements, ScalarUpdates updates, boolean always, long patienceNanos,
            LongSupplier clock) {
        this.products = products;
        this.elements = elements;
        this.updates = updates;
        this.always = always;
        this.patienceNanos = patienceNanos;
        this.clock = clock;
    }

    /** What runs, given what is meant to run. */
    String describe(String meant) {
        String what = trouble;
        return what == null ? meant : inUse ? meant + ", in part: " + what : "scalar: " + what;
    }

    /** Whether no kernels will ever come into use. */
    boolean hasFailed() {
        return trouble != null && !inUse;
    }

    @Override
    public void run() {
        try {
            warmUp();
        } catch (InterruptedException e) {
            trouble = "the thread that brings vectors into use was interrupted";
        } catch (Throwable e) { // there is nobody else to tell, and without it all would look well
            trouble = "vectors failed with " + e;
        }
    }

    /** What a training step takes longest for comes first. */
    private void warmUp() throws InterruptedException {
        Lanes.useEachOperation();
        products.onlyWide();
        boolean fast = group("products", EMPTY_CALLS_OF_WIDE_TILES, Products.IN_USE::useLanes, products, this::tile)
                && group("what follows products", VectorProducts::useElements, products, this::bias)
                && group("optimizers", Updates.IN_USE::useLanes, updates, this::adam)
                && group("functions", Elements.IN_USE::useLanes, elements, this::add, this::reluGradient, this::bytes)
                && (!products.wants(Occasional.SKIPPING) || skipZeros())
                && group("narrow products", VectorProducts::useNarrowTile, products, this::narrowTile,
                        this::narrowTileOfColumns);
        if (fast) {
            Family.useLanesThroughout();
            for (int i = 0; i < Occasional.values().length && fast; i++) {
                fast = switch (products.awaitWanted()) {
                    case SKIPPING -> skipZeros(); // takes no time if that was done before
                    case BROAD -> group("broad products", EMPTY_CALLS_OF_WIDE_TILES, VectorProducts::useBroadTile, products,
                            this::broadTile);
                };
            }
        }
    }

    private boolean skipZeros() {
        return group("products that skip zeros", VectorProducts::skipZeros, products, this::sparseTile, this::narrowSparseTile,
                this::isFinite, this::bits, this::listPlaces);
    }

    /** Lets what waits for an occasion come into use without it. */
    void all() {
        for (Occasional kernels : Occasional.values()) {
            products.want(kernels);
        }
    }

    private <K> boolean group(String name, Consumer<K> use, K kernels, Call... calls) {
        return group(name, EMPTY_CALLS, use, kernels, calls);
    }

    /** Brings kernels into use when these calls of them are fast, with so many empty ones for each; whether they are. */
    private <K> boolean group(String name, int emptyCalls, Consumer<K> use, K kernels, Call... calls) {
        long fastNanos = FAST_NANOS + clockNanos();
        long start = clock.getAsLong();
        boolean allFast = true;
        for (Call call : calls) {
            boolean fast = false;
            for (int n = 0; !fast && clock.getAsLong() - start < patienceNanos; n += 1 + emptyCalls) {
                call.run(emptyCalls, 0);
                long begin = clock.getAsLong();
                call.run(1, SIZE);
                fast = clock.getAsLong() - begin < fastNanos;
                if (n >= ENOUGH_CALLS && n % CALLS_BETWEEN_PAUSES == 0) {
                    LockSupport.parkNanos(clock.getAsLong() - start < BUSY_NANOS ? PAUSE_NANOS : LONG_PAUSE_NANOS);
                }
            }
            allFast &= fast;
        }
        if (!allFast && !always) {
            trouble = "the compiler did not make " + name + " fast in lanes";
            return false;
        }
        inUse = true;
        use.accept(kernels);
        return true;
    }

    /** What reading the clock takes: microseconds where the system emulates it, as in some virtual machines. */
    private long clockNanos() {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < CLOCK_READINGS; i++) {
            long begin = clock.getAsLong();
            fastest = Math.min(fastest, clock.getAsLong() - begin);
        }
        return fastest;
    }

    /**
     * Calls a kernel several times on {@code size} elements, or on a product of that depth. (The loop is in here so that the
     * compiler sees far fewer calls of this than of the kernel, and compiles the kernel by itself.)
     */
    private interface Call {
        void run(int times, int size);
    }

    // Of a product the tile alone, and of one that skips zeros what it does with vectors: what calls these is compiled in use, and
    // would take as long again if it was compiled around them.

    private void tile(int times, int depth) {
        tile(times, depth, WIDE);
    }

    private void narrowTile(int times, int depth) {
        tile(times, depth, Lanes.COUNT);
    }

    private void narrowTileOfColumns(int times, int depth) {
        for (int i = 0; i < times; i++) {
            VectorGemm.tile(Lanes.COUNT, depth, a, 0, 1, ROWS, ROWS - 1, right, 0, Lanes.COUNT, right, 0, c, 0, Lanes.COUNT, false);
        }
    }

    private void broadTile(int times, int depth) {
        if (VectorGemm.HAS_BROAD) {
            tile(times, depth, VectorGemm.BROAD);
        }
    }

    private void tile(int times, int depth, int width) {
        for (int i = 0; i < times; i++) {
            VectorGemm.tile(width, depth, a, 0, depth, 1, ROWS - 1, right, 0, width, right, 0, c, 0, width, false);
        }
    }

    private void sparseTile(int times, int depth) {
        for (int i = 0; i < times && SparseChoice.HAS_WIDE; i++) {
            Tiles.tile2x8(steps, 0, depth, a, 0, SIZE, 1, right, 0, SparseChoice.WIDE, Tiles.ZEROS, 0, 0,
                    product, 0, SparseChoice.WIDE);
        }
    }

    private void narrowSparseTile(int times, int depth) {
        for (int i = 0; i < times; i++) {
            Tiles.tile2x4(steps, 0, depth, a, 0, SIZE, 1, right, 0, SparseChoice.WIDTH, Tiles.ZEROS, 0, 0,
                    product, 0, SparseChoice.WIDTH);
        }
    }

    private void isFinite(int times, int n) {
        for (int i = 0; i < times; i++) {
            product[0] = SparseGemm.isFinite(right, 0, 64 * n) ? 1f : 0f;
        }
    }

    private void bits(int times, int rows) {
        for (int i = 0; i < times; i++) {
            SparseGemm.bitsOfLanes(rows, a, 0, 0, Lanes.COUNT, words, 0);
        }
    }

    /** Of few words: all go to one place, and where that lies across two pages of memory, each takes ten times as long. */
    private void listPlaces(int times, int n) {
        for (int i = 0; i < times; i++) {
            SparseGemm.listPlaces(n / 8, words, 0, 1, places, 0);
        }
    }

    private void bias(int times, int n) {
        Block out = new Block(c, 0, 1, 2 * n);
        Block bias = new Block(a, 0, 1, 2 * n);
        for (int i = 0; i < times; i++) {
            elements.biasActivation(UnaryOp.RELU, 0f, bias, out, 0, 1);
        }
    }

    private void adam(int times, int n) {
        Update adam = new Update.Adam(0.001f, 0.9, 0.999, 1f, 1e-7f);
        Block w = new Block(a);
        Block g = new Block(b);
        Block[] slots = {new Block(c), new Block(d)};
        for (int i = 0; i < times; i++) {
            updates.apply(adam, w, g, slots, 0, n);
        }
    }

    private void add(int times, int n) {
        Block left = new Block(a);
        Block right = new Block(b);
        Block out = new Block(c);
        for (int i = 0; i < times; i++) {
            elements.zip(BinaryOp.ADD, left, right, out, 0, 8 * n);
        }
    }

    private void bytes(int times, int n) {
        for (int i = 0; i < times; i++) {
            elements.unitFloats(bytes, 0, c, 0, n);
        }
    }

    private void reluGradient(int times, int n) {
        Block in = new Block(a);
        Block y = new Block(b);
        Block upstream = new Block(c);
        Block out = new Block(d);
        for (int i = 0; i < times; i++) {
            elements.mapGradient(UnaryOp.RELU, 0f, in, y, upstream, out, 0, n);
        }
    }
}
