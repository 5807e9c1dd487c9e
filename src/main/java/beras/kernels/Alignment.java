package beras.kernels;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Alignment of arrays to cache lines: some processors take 1.5 times as long for a tile whose vectors all cross a cache line.
 *
 * <p>The JVM moves arrays and does not expose their addresses. But G1, the default collector, allocates a humongous array, larger
 * than half a region, at the start of a region, and does not move it. So all humongous arrays have the same alignment: the floats
 * follow a header, and a cache line begins a few floats later. {@link #array} allocates such arrays for weights. The rest of the
 * region stays empty: a region is up to a thousandth of the heap, so at most {@value Thresholds#ALIGNED_ARRAYS} such arrays are in
 * use at a time, and other arrays are as long as their contents.
 *
 * <p>Other data is copied, where that is faster, to a {@link Panel}, in which tiles have been timed at each position.
 *
 * <p>Under another collector, or with unusual sizes of regions or headers, the alignment varies. Timings from one array are then
 * wrong for others, so a product may copy needlessly, or be slower without a copy; its result is bit-identical.
 */
public final class Alignment {

    /** Floats in a line. */
    private static final int LINE = 16;

    private static final long HEAP = Runtime.getRuntime().maxMemory();
    private static final int LARGE = largeLength(HEAP);
    /** An array's header has 16 bytes, unless Java was started with options that change it. */
    private static final int FIRST = LINE - 4;

    // Not the arrays: a weak reference to one would prevent young collections of G1 from freeing it.
    private static final List<WeakReference<Object>> OWNERS = new ArrayList<>(Thresholds.ALIGNED_ARRAYS);

    /** An array that holds {@code n} floats from {@link #first} on, and perhaps many more; for an {@link #own owner}. */
    public static float[] array(int n) {
        boolean aligned = HEAP >= Thresholds.ALIGNED_HEAP && n >= Thresholds.ALIGNED_FLOATS && n <= Integer.MAX_VALUE - 2 * LINE
                && isFree();
        return new float[aligned ? Math.max(LARGE, FIRST + n) : n];
    }

    /** The index of the first of {@code n} floats in an {@link #array} for them. */
    public static int first(float[] array, int n) {
        return array.length == n ? 0 : FIRST;
    }

    /** Counts the {@link #array} for {@code n} floats as in use as long as its owner is reachable. */
    public static void own(float[] array, int n, Object owner) {
        if (array.length > n) {
            synchronized (OWNERS) {
                OWNERS.add(new WeakReference<>(owner));
            }
        }
    }

    private static boolean isFree() {
        synchronized (OWNERS) {
            for (int i = OWNERS.size() - 1; i >= 0; i--) {
                if (OWNERS.get(i).refersTo(null)) {
                    OWNERS.remove(i);
                }
            }
            return OWNERS.size() < Thresholds.ALIGNED_ARRAYS;
        }
    }

    /** Whether an array is as large as these, and so aligned like them. */
    static boolean isLarge(float[] array) {
        return array.length >= LARGE;
    }

    /**
     * The number of floats that fill half a region if the heap has at most {@code heap} bytes; with a header they fill more. The
     * region size follows G1 since Java 15 ({@code HeapRegion::setup_heap_region_size}).
     */
    static int largeLength(long heap) {
        long region = Math.min(32 << 20, Math.max(1 << 20, heap / 2048));
        return (int) (Long.highestOneBit(2 * region - 1) / 2 / Float.BYTES);
    }

    /** A tile that reads {@link Thresholds#TIMED_FLOATS} floats of an array from {@code start} on. */
    interface Tile {
        void read(float[] array, int start);
    }

    /** A thread-local buffer for columns of a matrix, and the position in it at which a cache line begins: where tiles are fastest. */
    static final class Panel {

        private final LongSupplier nanoTime;
        private final Line inLarge = new Line();
        private Line inFloats = new Line();
        private int untimedUses;
        private float[] floats = {};

        Panel(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        /**
         * Whether the tile is faster with {@code n} floats copied to {@link #start} in {@link #floats}; if so, there is room for
         * them.
         *
         * @param mustCopy whether to copy whatever their alignment
         * @param array    their array, in rows that lie {@code stride} apart, from {@code at} on
         */
        boolean shouldCopy(boolean mustCopy, Tile tile, int n, float[] array, int at, int stride) {
            boolean times = untimedUses == Thresholds.UNTIMED_USES;
            if (!times) {
                untimedUses++;
                if (!mustCopy) {
                    return false;
                }
            }
            boolean large = isLarge(array);
            if (large && !mustCopy) {
                inLarge.use(tile, array);
                if (!inLarge.matters || stride % LINE == 0 && (at - inLarge.start) % LINE == 0) {
                    return false;
                }
            }
            int length = Math.max(n, Thresholds.TIMED_FLOATS) + LINE;
            if (floats.length < length) {
                floats = new float[length];
                inFloats = new Line();
            }
            if (times) {
                inFloats.use(tile, floats);
            }
            return mustCopy || large || inFloats.matters;
        }

        /** The array for the copy, valid until the next call of {@link #shouldCopy}. */
        float[] floats() {
            return floats;
        }

        /** The first of the {@link #floats}. */
        int start() {
            return inFloats.start;
        }

        /** The start of a cache line in an array. */
        private final class Line {

            private int start;
            private boolean matters; // tiles are slower elsewhere
            private int uses;

            void use(Tile tile, float[] array) {
                if (uses++ % Thresholds.USES_BETWEEN_TIMINGS == 0) {
                    find(tile, array);
                }
            }

            private void find(Tile tile, float[] array) {
                long[] nanos = new long[LINE];
                Arrays.fill(nanos, Long.MAX_VALUE);
                for (int i = 0; i < Thresholds.TIMINGS * LINE; i++) {
                    long begin = nanoTime.getAsLong();
                    tile.read(array, i % LINE);
                    nanos[i % LINE] = Math.min(nanos[i % LINE], nanoTime.getAsLong() - begin);
                }
                start = 0;
                for (int i = 1; i < LINE; i++) {
                    start = nanos[i] < nanos[start] ? i : start;
                }
                long best = nanos[start];
                Arrays.sort(nanos);
                matters = nanos[LINE / 2] > Thresholds.ALIGNED_GAIN * best;
            }
        }
    }

    private Alignment() {}
}
