package beras.kernels;

import beras.kernels.ProductPlan.Tile;
import beras.kernels.ProductPlan.Way;
import java.util.concurrent.locks.LockSupport;
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

    private static final int ROWS = 8;
    private static final int SIZE = 64;

    /**
     * Calls a kernel several times on {@code size} elements, or on a product of that depth. (The loop is in here so that the
     * compiler sees far fewer calls of this than of the kernel, and compiles the kernel by itself.)
     */
    private interface Call {
        void run(int times, int size);
    }

    /**
     * Kernels that come into use together.
     *
     * @param emptyCalls empty calls for each that works
     * @param use        brings them into use
     * @param calls      of the kernels: when each is fast, they are compiled
     */
    private record Group(String name, int emptyCalls, Runnable use, Call... calls) {}

    private final ProductRequests requests;
    private final ScalarElements elements;
    private final ScalarUpdates updates;
    private final boolean always;
    private final long patienceNanos;
    private final LongSupplier clock;
    private final float[] a = new float[SIZE * Tile.WIDE.columns];
    private final float[] b = new float[SIZE * Tile.WIDE.columns];
    private final float[] c = new float[SIZE * Tile.WIDE.columns];
    private final float[] d = new float[SIZE * Tile.WIDE.columns];
    private final float[] right = new float[SIZE * Tile.SPARSE_WIDE.columns];
    private final float[] product = new float[2 * Tile.SPARSE_WIDE.columns];
    private final float[] gathered = new float[Tile.ROWS_GATHERED * 2 * Lanes.COUNT];
    private final int[] steps = IntStream.range(0, SIZE).toArray();
    private final int[] words = new int[SIZE];
    private final int[] places = new int[Tile.WIDE.columns]; // there are none in words
    private final byte[] bytes = new byte[SIZE];
    private ProductStage stage = ProductStage.FIRST;
    private volatile boolean inUse; // some kernels are
    private volatile String trouble; // why others are not, and will not be

    /**
     * All groups; made by the thread that warms up, for a program is not to wait for it. Of a product the tile alone, and of one
     * that skips zeros what it does with vectors: what calls these is compiled in use, and would take as long again if it was
     * compiled around them.
     */
    private final class Groups {

        final Group wideProducts = new Group("products", Thresholds.EMPTY_CALLS_OF_WIDE_TILES, () -> use(ProductStage.FIRST),
                (times, depth) -> tile(times, depth, Tile.WIDE));
        final Group afterProducts = new Group("what follows products", Thresholds.EMPTY_CALLS, () -> use(stage.withElements()),
                WarmUp.this::bias);
        final Group updates = new Group("optimizers", Thresholds.EMPTY_CALLS, WarmUp.this::useUpdates, WarmUp.this::adam);
        final Group elements = new Group("functions", Thresholds.EMPTY_CALLS, WarmUp.this::useElements, WarmUp.this::add,
                WarmUp.this::reluGradient, WarmUp.this::bytes);
        final Group narrowProducts = new Group("narrow products", Thresholds.EMPTY_CALLS, () -> use(stage.withNarrow()),
                (times, depth) -> tile(times, depth, Tile.NARROW), WarmUp.this::narrowTileOfColumns);
        final Group sparseProducts = new Group("products that skip zeros", Thresholds.EMPTY_CALLS,
                () -> use(stage.with(Way.SKIP_ZEROS)), WarmUp.this::sparseWideTile, WarmUp.this::sparseTile,
                WarmUp.this::isFinite, WarmUp.this::bits, WarmUp.this::listPlaces);
        final Group broadProducts = new Group("broad products", Thresholds.EMPTY_CALLS_OF_WIDE_TILES,
                () -> use(stage.with(Way.BROAD)), WarmUp.this::broadTile);
        final Group gatheringProducts = new Group("products that gather", Thresholds.EMPTY_CALLS,
                () -> use(stage.with(Way.GATHER)), WarmUp.this::gatheringTile, WarmUp.this::gatheringWideTile,
                WarmUp.this::tileByColumn);
    }

    /** @param always whether kernels that do not get fast come into use as they are */
    WarmUp(boolean always) {
        this(new ProductRequests(), new VectorElements(), new VectorUpdates(), always,
                always ? Thresholds.BUSY_NANOS : Thresholds.PATIENCE_NANOS, System::nanoTime);
    }

    WarmUp(ProductRequests requests, ScalarElements elements, ScalarUpdates updates, boolean always, long patienceNanos,
            LongSupplier clock) {
        this.requests = requests;
        this.elements = elements;
        this.updates = updates;
        this.always = always;
        this.patienceNanos = patienceNanos;
        this.clock = clock;
    }

    private void use(ProductStage next) {
        stage = next;
        Products.IN_USE.useLanes(new VectorProducts(stage, requests));
    }

    private void useElements() {
        Elements.IN_USE.useLanes(elements);
    }

    private void useUpdates() {
        Updates.IN_USE.useLanes(updates);
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
        Groups groups = new Groups();
        boolean fast = warmUp(groups.wideProducts) && warmUp(groups.afterProducts) && warmUp(groups.updates)
                && warmUp(groups.elements)
                && (!requests.isRequested(Way.SKIP_ZEROS) || warmUp(groups.sparseProducts)) && warmUp(groups.narrowProducts);
        if (fast) {
            Family.useLanesThroughout();
            for (int i = 0; i < ProductRequests.WAYS.size() && fast; i++) {
                Way way = requests.await();
                fast = stage.has(way) || warmUp(way == Way.SKIP_ZEROS ? groups.sparseProducts
                        : way == Way.GATHER ? groups.gatheringProducts : groups.broadProducts);
            }
        }
    }

    /** Lets what waits for a request come into use without it. */
    void all() {
        ProductRequests.WAYS.forEach(requests::request);
    }

    /** Brings kernels into use when they are fast; whether they are. */
    private boolean warmUp(Group group) {
        long fastNanos = Thresholds.FAST_NANOS + clockNanos();
        long start = clock.getAsLong();
        boolean allFast = true;
        for (Call call : group.calls) {
            boolean fast = false;
            for (int n = 0; !fast && clock.getAsLong() - start < patienceNanos; n += 1 + group.emptyCalls) {
                call.run(group.emptyCalls, 0);
                long begin = clock.getAsLong();
                call.run(1, SIZE);
                fast = clock.getAsLong() - begin < fastNanos;
                if (n >= Thresholds.CALLS_BEFORE_PAUSES && n % Thresholds.CALLS_BETWEEN_PAUSES == 0) {
                    LockSupport.parkNanos(clock.getAsLong() - start < Thresholds.BUSY_NANOS ? Thresholds.PAUSE_NANOS
                            : Thresholds.LONG_PAUSE_NANOS);
                }
            }
            allFast &= fast;
        }
        if (!allFast && !always) {
            trouble = "the compiler did not make " + group.name + " fast with SIMD";
            return false;
        }
        inUse = true;
        group.use.run();
        return true;
    }

    /** What reading the clock takes: microseconds where the system emulates it, as in some virtual machines. */
    private long clockNanos() {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < Thresholds.CLOCK_READINGS; i++) {
            long begin = clock.getAsLong();
            fastest = Math.min(fastest, clock.getAsLong() - begin);
        }
        return fastest;
    }

    private void narrowTileOfColumns(int times, int depth) {
        for (int i = 0; i < times; i++) {
            VectorGemm.compute(Tile.NARROW, depth, a, 0, 1, ROWS, ROWS - 1, right, 0, Lanes.COUNT, right, 0, c, 0, Lanes.COUNT,
                    false);
        }
    }

    private void broadTile(int times, int depth) {
        if (Tile.HAS_LARGE) {
            tile(times, depth, Tile.BROAD);
        }
    }

    private void tile(int times, int depth, Tile tile) {
        int width = tile.columns;
        for (int i = 0; i < times; i++) {
            VectorGemm.compute(tile, depth, a, 0, depth, 1, ROWS - 1, right, 0, width, right, 0, c, 0, width, false);
        }
    }

    private void sparseWideTile(int times, int depth) {
        for (int i = 0; i < times && Tile.HAS_LARGE; i++) {
            Tiles.tile2x8(steps, 0, depth, a, 0, SIZE, 1, right, 0, Tile.SPARSE_WIDE.columns, Tiles.ZEROS, 0, 0,
                    product, 0, Tile.SPARSE_WIDE.columns);
        }
    }

    private void sparseTile(int times, int depth) {
        for (int i = 0; i < times; i++) {
            Tiles.tile2x4(steps, 0, depth, a, 0, SIZE, 1, right, 0, Tile.SPARSE.columns, Tiles.ZEROS, 0, 0,
                    product, 0, Tile.SPARSE.columns);
        }
    }

    private void gatheringTile(int times, int depth) {
        for (int i = 0; i < times; i++) {
            Tiles.gather9x1(depth, a, 0, steps, 0, Tile.ROWS_GATHERED - 1, steps, 0, right, 0, Lanes.COUNT, gathered, 0, Lanes.COUNT,
                    false);
        }
    }

    private void tileByColumn(int times, int depth) {
        for (int i = 0; i < times; i++) {
            Tiles.byColumn9x1(depth, a, 0, steps, 0, Tile.ROWS_GATHERED - 1, steps, 0, right, 0, Lanes.COUNT, gathered, 0, Lanes.COUNT,
                    false);
        }
    }

    private void gatheringWideTile(int times, int depth) {
        for (int i = 0; i < times && Tile.HAS_LARGE; i++) {
            Tiles.gather9x2(depth, a, 0, steps, 0, Tile.ROWS_GATHERED - 1, steps, 0, right, 0, 2 * Lanes.COUNT, gathered, 0,
                    2 * Lanes.COUNT, false);
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
        MatrixView out = new MatrixView(c, 0, 1, 2 * n);
        MatrixView bias = new MatrixView(a, 0, 1, 2 * n);
        for (int i = 0; i < times; i++) {
            elements.biasActivation(UnaryOp.RELU, 0f, bias, out, 0, 1);
        }
    }

    private void adam(int times, int n) {
        Update adam = new Update.Adam(0.001f, 0.9, 0.999, 1f, 1e-7f);
        MatrixView w = new MatrixView(a);
        MatrixView g = new MatrixView(b);
        MatrixView[] slots = {new MatrixView(c), new MatrixView(d)};
        for (int i = 0; i < times; i++) {
            updates.apply(adam, w, g, slots, 0, n);
        }
    }

    private void add(int times, int n) {
        MatrixView left = new MatrixView(a);
        MatrixView right = new MatrixView(b);
        MatrixView out = new MatrixView(c);
        for (int i = 0; i < times; i++) {
            elements.zip(BinaryOp.ADD, left, right, out, 0, 8 * n);
        }
    }

    private void bytes(int times, int n) {
        for (int i = 0; i < times; i++) {
            elements.bytesToUnitRange(bytes, 0, c, 0, n);
        }
    }

    private void reluGradient(int times, int n) {
        MatrixView in = new MatrixView(a);
        MatrixView y = new MatrixView(b);
        MatrixView upstream = new MatrixView(c);
        MatrixView out = new MatrixView(d);
        for (int i = 0; i < times; i++) {
            elements.mapGradient(UnaryOp.RELU, 0f, in, y, upstream, out, 0, n);
        }
    }
}
