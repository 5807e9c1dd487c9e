package beras.kernels;

import static beras.kernels.CacheLines.LINE;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * A thread's own buffer for columns of a matrix, and the place in it at which a line of the cache begins.
 *
 * <p>Some processors take half as long again for a tile whose vectors all lie across two lines, and arrays of Java begin where they
 * may. Nor does Java tell where, and it moves them. So a tile is timed at each place, now and then: in this buffer, and in an array of
 * {@link CacheLines}, for those lie alike.
 */
final class AlignedPanel {

    /** A tile that reads {@link #READ} floats of an array from {@code start} on. */
    interface Tile {
        void read(float[] array, int start);
    }

    /** How many: more than fit in the first-level cache, for in there the place matters less. */
    static final int READ = 1 << 14;

    /** Times that a place is tried. */
    private static final int TRIES = 3;
    /** After so many uses the place is looked for again. */
    private static final int USES = 512;
    /** A thread looks for no place in its first uses: a thread that serves one request ends before that would pay. */
    static final int FIRST_USES = 16;
    /** From so much longer at other places on it is worth to copy for the place. */
    private static final float GAIN = 1.06f;

    private static final ThreadLocal<AlignedPanel> OF_THREAD = ThreadLocal.withInitial(() -> new AlignedPanel(System::nanoTime));

    /** Where a line begins. */
    private final class Place {

        private int start;
        private boolean matters; // tiles are slower elsewhere
        private int uses;

        void use(Tile tile, float[] array) {
            if (uses++ % USES == 0) {
                find(tile, array);
            }
        }

        private void find(Tile tile, float[] array) {
            long[] nanos = new long[LINE];
            Arrays.fill(nanos, Long.MAX_VALUE);
            for (int i = 0; i < TRIES * LINE; i++) {
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
            matters = nanos[LINE / 2] > GAIN * best;
        }
    }

    private final LongSupplier nanoTime;
    private final Place inLarge = new Place();
    private Place inFloats = new Place();
    private int firstUses;
    private float[] floats = {};

    /** That of this thread. */
    static AlignedPanel ofThread() {
        return OF_THREAD.get();
    }

    /** With a clock of one's own. */
    AlignedPanel(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Whether it pays to copy {@code n} floats to {@link #start} in {@link #floats}, where this tile may read them sooner; if so, there
     * is room for them.
     *
     * @param anyway whether it pays wherever they begin
     * @param array  where they are, in rows that lie {@code stride} apart, from {@code at} on
     */
    boolean copyPays(boolean anyway, Tile tile, int n, float[] array, int at, int stride) {
        boolean looks = firstUses == FIRST_USES;
        if (!looks) {
            firstUses++;
            if (!anyway) {
                return false;
            }
        }
        boolean large = CacheLines.isLarge(array);
        if (large && !anyway) {
            inLarge.use(tile, array);
            if (!inLarge.matters || stride % LINE == 0 && (at - inLarge.start) % LINE == 0) {
                return false;
            }
        }
        if (floats.length < Math.max(n, READ) + LINE) {
            floats = new float[Math.max(n, READ) + LINE];
            inFloats = new Place();
        }
        if (looks) {
            inFloats.use(tile, floats);
        }
        return anyway || large || inFloats.matters;
    }

    /** Where the copy goes, valid until the next is asked for. */
    float[] floats() {
        return floats;
    }

    /** The first of the {@link #floats}. */
    int start() {
        return inFloats.start;
    }
}
