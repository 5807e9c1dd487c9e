package beras.kernels;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Where arrays begin: some processors take half as long again for a tile whose vectors all lie across two cache lines.
 *
 * <p>Java puts arrays where it may, moves them, and does not say where they are. But G1, its usual collector, puts an array that
 * takes more than half of one of its regions at the beginning of a region, and leaves it there. So such arrays lie alike: a
 * header is followed by their floats, and a few floats later a line begins. {@link #array} makes such arrays for weights. The
 * rest of the region stays empty: a region is up to a thousandth of the heap, so only {@value Thresholds#ALIGNED_ARRAYS} such
 * arrays are in use at a time, and other arrays are as long as their contents.
 *
 * <p>What lies elsewhere is copied, where that pays, to a {@link Panel}, in which tiles have been timed at each position.
 *
 * <p>Under another collector, or where regions or headers have other sizes than are usual, arrays may begin anywhere. What a
 * panel finds in one of them is then wrong for others, so a product may copy to no use, or be slower for want of a copy; its bits
 * are the same.
 */
public final class Alignment {

    /** Floats in a line. */
    private static final int LINE = 16;

    private static final long HEAP = Runtime.getRuntime().maxMemory();
    private static final int LARGE = largeLength(HEAP);
    /** An array's header has 16 bytes, unless Java was started with options that change it. */
    private static final int FIRST = LINE - 4;

    // Not the arrays: a weak reference to one would keep young collections of G1 from freeing it.
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

    /** Whether an array is as large as these, and so lies as they do. */
    static boolean isLarge(float[] array) {
        return array.length >= LARGE;
    }

    /**
     * The floats that take half of a region in a heap of at most so many bytes; with a header they take more. The size of a
     * region is that of G1 since Java 15 ({@code HeapRegion::setup_heap_region_size}).
     */
    static int largeLength(long heap) {
        long region = Math.min(32 << 20, Math.max(1 << 20, heap / 2048));
        return (int) (Long.highestOneBit(2 * region - 1) / 2 / Float.BYTES);
    }

    /** A tile that reads {@link Thresholds#TIMED_FLOATS} floats of an array from {@code start} on. */
    interface Tile {
        void read(float[] array, int start);
    }

    /** A thread's own buffer for columns of a matrix, and the position in it at which a line begins: where tiles are fastest. */
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
         * Whether it pays to copy {@code n} floats to {@link #start} in {@link #floats}, where this tile may read them sooner; if
         * so, there is room for them.
         *
         * @param mustCopy whether they are copied wherever they begin
         * @param array    where they are, in rows that lie {@code stride} apart, from {@code at} on
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

        /** Where the copy goes, valid until the next is asked for. */
        float[] floats() {
            return floats;
        }

        /** The first of the {@link #floats}. */
        int start() {
            return inFloats.start;
        }

        /** Where a line begins in an array. */
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
