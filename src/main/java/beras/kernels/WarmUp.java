package beras.kernels;

import beras.kernels.ProductPlan.Tile;
import beras.kernels.ProductPlan.Way;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Brings kernels with SIMD into use as soon as they are compiled: a thread calls them on tiny arrays until they are fast, while
 * the program computes with scalar code. First comes the tile of dense products, which a step takes longest for, then what the
 * program asks for by using it, the kernels with most elements first.
 */
final class WarmUp implements Runnable {

    private static final int ROWS = 8;
    private static final int SIZE = 64;
    /** Of tiles that return at once. An even number, for some tiles take steps in pairs. */
    private static final int NO_STEPS = -2;
    private static final int IDLE_SECONDS = 2;

    /**
     * Calls a kernel several times on tiny arrays or, if {@code isEmpty}, on as little as the compiler counts. (The loop is in here so
     * that it sees far fewer calls of this than of the kernel, and compiles the kernel by itself.)
     */
    interface Call {
        void run(int times, boolean isEmpty);
    }

    /** Calls a tile several times that makes so many steps. */
    private interface TileCall {
        void run(int times, int steps);
    }

    /**
     * Kernels that come into use together.
     *
     * @param use    brings them into use
     * @param scalar calls the scalar code, if that may be as fast as is possible; else null
     * @param calls  of the kernels: when each is fast, they are compiled
     */
    record Group(String name, Runnable use, Call scalar, Call... calls) {}

    /**
     * @param work     elements: of most the kernels come into use first
     * @param group    made by the thread that warms up
     * @param endNanos when they stay scalar if they are not fast by then; 0 before the first attempt
     */
    private record Request(long work, Supplier<Group> group, long endNanos) {}

    private final ProductRequests requests =
            new ProductRequests(way -> request(urgency(way), () -> products(way)));
    private final boolean always;
    private final long patienceNanos;
    private final LongSupplier clock;
    private final BlockingQueue<Request> queue =
            new PriorityBlockingQueue<>(11, Comparator.comparingLong(request -> -request.work));
    private int unfinished; // groups that have been requested
    private boolean over; // the thread has ended for good
    private boolean idle; // it has ended, as nothing was asked for
    private final float[] a = new float[SIZE * Tile.WIDE.columns];
    private final float[] c = new float[SIZE * Tile.WIDE.columns];
    private final float[] right = new float[SIZE * Tile.SPARSE_WIDE.columns];
    private final float[] product = new float[2 * Tile.SPARSE_WIDE.columns];
    private final float[] gathered = new float[Tile.ROWS_GATHERED * 2 * Lanes.COUNT];
    private final int[] steps = IntStream.range(0, SIZE).toArray();
    private final int[] words = new int[SIZE];
    private final int[] places = new int[Tile.WIDE.columns]; // there are none in words
    private ProductStage stage = ProductStage.FIRST;
    private volatile boolean inUse; // some kernels are
    private volatile String trouble; // why others are not, and will not be

    /** @param always whether kernels come into use that do not get fast, and those that nobody has asked for */
    WarmUp(boolean always) {
        this(always, always ? Thresholds.BUSY_NANOS : Thresholds.PATIENCE_NANOS, System::nanoTime);
    }

    WarmUp(boolean always, long patienceNanos, LongSupplier clock) {
        this.always = always;
        this.patienceNanos = patienceNanos;
        this.clock = clock;
        request(Thresholds.WIDE_PRODUCTS, () -> products("products", ProductStage.FIRST,
                (times, steps) -> tile(times, steps, Tile.WIDE)));
    }

    private static long urgency(Way way) {
        return switch (way) {
            case BROAD -> Thresholds.BROAD_PRODUCTS;
            case NARROW -> Thresholds.NARROW_PRODUCTS;
            default -> Thresholds.SPECIAL_PRODUCTS;
        };
    }

    /** Asks for kernels, see {@link Request}. */
    synchronized void request(long work, Supplier<Group> group) {
        unfinished++;
        queue.add(new Request(work, group, 0));
        if (idle) {
            start();
        }
    }

    /** Warms up in a thread, which ends when nothing is asked for: it would keep the classes of a library that is redeployed. */
    synchronized void start() {
        idle = false;
        Thread thread = new Thread(this, "beras-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * The kernels of products of a way: the tile alone, and of those that skip zeros what is done with vectors. What calls these
     * is compiled in use, and would take as long again if it was compiled around them.
     */
    private Group products(Way way) {
        ProductStage next = stage.with(way);
        return switch (way) {
            case SKIP_ZEROS -> products("products that skip zeros", next, this::sparseWideTile, this::sparseTile, this::isFinite,
                    this::bits, this::listPlaces);
            case BROAD -> products("broad products", next, this::broadTile);
            case NARROW -> products("narrow products", next, (times, steps) -> tile(times, steps, Tile.NARROW),
                    this::narrowTileOfColumns);
            case GATHER -> products("products that gather", next, this::gatheringTile, this::gatheringWideTile,
                    this::tileByColumn);
            default -> throw new IllegalArgumentException("There is nothing to request for products of the way " + way);
        };
    }

    private Group products(String name, ProductStage next, TileCall... tiles) {
        return new Group(name, () -> use(next), null, Stream.of(tiles)
                .map(tile -> (Call) (times, isEmpty) -> tile.run(times, isEmpty ? NO_STEPS : SIZE)).toArray(Call[]::new));
    }

    private void use(ProductStage next) {
        stage = next;
        Products.IN_USE.use(new VectorProducts(stage, requests));
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
        boolean isInterrupted = false;
        try {
            if (!inUse) {
                runUntilIdle();
            }
            for (Request next = next(); next != null; next = next()) {
                warmUp(next);
            }
        } catch (InterruptedException e) {
            trouble = "the thread that brings vectors into use was interrupted";
            isInterrupted = true;
        }
        synchronized (this) {
            over = !inUse || isInterrupted;
            notifyAll();
        }
    }

    /** The next request; null if there was none for a while, or there will be none. */
    private Request next() throws InterruptedException {
        Request next = inUse ? queue.poll(IDLE_SECONDS, TimeUnit.SECONDS) : null;
        synchronized (this) {
            idle = inUse && next == null && queue.isEmpty();
            return next == null && inUse ? queue.poll() : next;
        }
    }

    /** Requests what products may need. */
    void requestAllProducts() {
        ProductRequests.WAYS.forEach(requests::request);
    }

    /** Waits until all that has been requested is in use, or will never be. */
    synchronized void awaitIdle() throws InterruptedException {
        while (unfinished > 0 && !over) {
            wait();
        }
    }

    /** Brings the tile of dense products into use, and then what has been requested. */
    void runUntilIdle() {
        Lanes.useEachOperation();
        while (!inUse && trouble == null) {
            warmUp(queue.poll());
        }
        if (inUse) {
            Family.prepareSimd();
            Elements.IN_USE.requestUsual();
            Updates.IN_USE.requestUsual();
        }
        for (Request next = queue.poll(); next != null && inUse; next = queue.poll()) {
            warmUp(next);
        }
        if (always && inUse) {
            Family.useSimdThroughout();
        }
    }

    /** Brings kernels into use when they are fast. */
    private void warmUp(Request request) {
        try {
            Group group = request.group.get();
            long endNanos = request.endNanos == 0 ? clock.getAsLong() + patienceNanos : request.endNanos;
            boolean fast = areFast(group, endNanos);
            if (!fast && clock.getAsLong() < endNanos) { // others are waiting
                queue.add(new Request(request.work / 8, request.group, endNanos));
                return;
            }
            if (fast || always) {
                group.use.run();
                inUse = true;
            } else {
                trouble = "the compiler did not make " + group.name + " fast with SIMD";
            }
        } catch (RuntimeException | Error e) { // it is reported here or nowhere
            trouble = "vectors failed with " + e;
        }
        synchronized (this) {
            unfinished--;
            notifyAll();
        }
    }

    /**
     * Calls kernels in turn until all are fast, or time is up: less than there is if others are waiting. In turn, so that one is
     * compiled while others are counted.
     */
    private boolean areFast(Group group, long endNanos) {
        long fastNanos = Thresholds.FAST_NANOS + clockNanos();
        long start = clock.getAsLong();
        List<Call> slow = new ArrayList<>(List.of(group.calls));
        for (int n = 0; !slow.isEmpty() && clock.getAsLong() < endNanos
                && (queue.isEmpty() || clock.getAsLong() - start < Thresholds.BUSY_NANOS); n += 1 + Thresholds.EMPTY_CALLS) {
            if (!inUse) {
                Lanes.useEachKind(Thresholds.CALLS_OF_EACH_KIND);
            }
            long waited = clock.getAsLong() - start;
            boolean isCompiled = waited > Thresholds.COMPILING_NANOS;
            slow.removeIf(call -> {
                call.run(Thresholds.EMPTY_CALLS, true);
                long nanos = nanos(call, 1);
                return nanos < fastNanos && nanos(call, Thresholds.REPEATED_CALLS) < 2 * fastNanos
                        || isCompiled && group.scalar != null && nanos <= nanos(group.scalar, 1);
            });
            if (n >= Thresholds.CALLS_BEFORE_PAUSES && n % Thresholds.CALLS_BETWEEN_PAUSES == 0) {
                LockSupport.parkNanos(waited < Thresholds.BUSY_NANOS ? Thresholds.PAUSE_NANOS : Thresholds.LONG_PAUSE_NANOS);
            }
        }
        return slow.isEmpty();
    }

    private long nanos(Call call, int times) {
        long begin = clock.getAsLong();
        call.run(times, false);
        return clock.getAsLong() - begin;
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
            Tiles.gather9x1(depth, a, 0, steps, 0, Tile.ROWS_GATHERED - 1, steps, 0, right, 0, Lanes.COUNT, Tiles.ZEROS,
                    0, 0, gathered, 0, Lanes.COUNT);
        }
    }

    private void tileByColumn(int times, int depth) {
        for (int i = 0; i < times; i++) {
            Tiles.byColumn9x1(depth, a, 0, steps, 0, Tile.ROWS_GATHERED - 1, steps, 0, right, 0, Lanes.COUNT, Tiles.ZEROS,
                    0, 0, gathered, 0, Lanes.COUNT);
        }
    }

    private void gatheringWideTile(int times, int depth) {
        for (int i = 0; i < times && Tile.HAS_LARGE; i++) {
            Tiles.gather9x2(depth, a, 0, steps, 0, Tile.ROWS_GATHERED - 1, steps, 0, right, 0, 2 * Lanes.COUNT, Tiles.ZEROS,
                    0, 0, gathered, 0, 2 * Lanes.COUNT);
        }
    }

    private void isFinite(int times, int n) {
        for (int i = 0; i < times; i++) {
            product[0] = SparseGemm.isFinite(right, 0, Math.min(64 * n, right.length)) ? 1f : 0f;
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
}
