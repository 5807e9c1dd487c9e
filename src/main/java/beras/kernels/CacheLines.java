package beras.kernels;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays for weights, in which a line of the cache begins with the first of them, as far as Java lets one.
 *
 * <p>Java puts arrays where it may, and moves them. But G1, its usual collector, puts an array that takes more than half of one
 * of its regions at the beginning of a region, and leaves it there. So such arrays lie alike: a header is followed by their floats, and
 * a few floats later a line begins. The rest of the region stays empty: a region is up to a thousandth of the heap, so only
 * {@value #MOST} such arrays are in use at a time, and other arrays are as long as their contents.
 *
 * <p>Under another collector, or where regions or headers have other sizes than are usual, arrays may begin anywhere. What
 * {@link AlignedPanel} finds in one of them is then wrong for others, so a product may copy to no use, or be slower for want of a
 * copy; its bits are the same.
 */
public final class CacheLines {

    /** Floats in a line. */
    static final int LINE = 16;

    private static final long HEAP = Runtime.getRuntime().maxMemory();
    private static final int LARGE = large(HEAP);
    /** In a smaller one a region is more than a thousandth. */
    private static final boolean ROOM = HEAP >= 1L << 30;
    /** Fewer floats are small beside a region. */
    private static final int FEWEST = 1 << 16;
    /** They leave at most a sixteenth of the heap empty. */
    static final int MOST = 64;
    /** An array's header has 16 bytes, unless Java was started with options that change it. */
    private static final int FIRST = LINE - 4;

    // Not the arrays: a weak reference to one would keep young collections of G1 from freeing it.
    private static final List<WeakReference<Object>> OWNERS = new ArrayList<>(MOST);

    /** An array that holds {@code n} floats from {@link #first} on, and perhaps many more; for an {@link #own owner}. */
    public static float[] array(int n) {
        boolean aligned = ROOM && n >= FEWEST && n <= Integer.MAX_VALUE - 2 * LINE && isFree();
        return new float[aligned ? Math.max(LARGE, FIRST + n) : n];
    }

    /** The index of the first of {@code n} floats in an {@link #array} for them. */
    public static int first(float[] array, int n) {
        return array.length == n ? 0 : FIRST;
    }

    /** Counts the {@link #array} for {@code n} floats as one of the {@value #MOST} as long as its owner is reachable. */
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
            return OWNERS.size() < MOST;
        }
    }

    /** Whether an array is as large as these, and so lies as they do. */
    static boolean isLarge(float[] array) {
        return array.length >= LARGE;
    }

    /**
     * The floats that take half of a region in a heap of at most so many bytes; with a header they take more. The size of a region
     * is that of G1 since Java 15 ({@code HeapRegion::setup_heap_region_size}).
     */
    static int large(long heap) {
        long region = Math.min(32 << 20, Math.max(1 << 20, heap / 2048));
        return (int) (Long.highestOneBit(2 * region - 1) / 2 / Float.BYTES);
    }

    private CacheLines() {}
}
