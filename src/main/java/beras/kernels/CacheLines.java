package beras.kernels;

/**
 * Where weights are kept so that their vectors lie within lines of the cache, as far as Java lets one.
 *
 * <p>Java puts arrays where it may, and moves them. But G1, its usual collector, puts an array that takes more than half of one
 * of its regions at the beginning of a region, and leaves it there. So such arrays lie alike: behind a header are their floats, and a
 * few floats later a line begins. Under another collector, or in a heap of more than some 15 GB, they may lie anywhere, and products
 * copy from them as from any other ({@link AlignedPanel}).
 */
public final class CacheLines {

    /** Floats in a line. */
    static final int LINE = 16;
    /** Takes more than half of a region of 4 MB, with its header; in smaller heaps these are smaller. */
    private static final int LARGE = 1 << 19;

    /** For nets with a hundred layers, too, which would take 400 MB. */
    private static final boolean ROOM = Runtime.getRuntime().maxMemory() >= 1L << 30;
    /** Fewer are small beside what they would take. */
    private static final int FEWEST = 1 << 16;
    /** The header has 16 bytes. */
    private static final int FIRST = LINE - 4;

    /** The place of the first float in an array {@link #of} so many. */
    public static int first(int n) {
        return ROOM && n >= FEWEST ? FIRST : 0;
    }

    /** These floats from {@link #first} on: this array if they are few or the heap is small, else a large one. */
    public static float[] of(float[] floats) {
        int first = first(floats.length);
        if (first == 0) {
            return floats;
        }
        float[] array = new float[Math.max(LARGE, first + floats.length)];
        System.arraycopy(floats, 0, array, first, floats.length);
        return array;
    }

    /** Whether an array is as large as these, and so lies as they do. */
    static boolean isLarge(float[] array) {
        return array.length >= LARGE;
    }

    private CacheLines() {}
}
