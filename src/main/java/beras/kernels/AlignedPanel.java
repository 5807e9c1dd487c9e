package beras.kernels;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * A thread's own buffer for columns of a matrix, and the place in it at which a line of the cache begins.
 *
 * <p>Some processors take half as long again for a tile whose vectors all lie across two lines, and arrays of Java begin where they
 * may. Nor does Java tell where, and it moves them. So a tile is timed at each place, now and then.
 */
final class AlignedPanel {

    /** A tile that reads {@link #READ} floats of a panel from {@code start} on. */
    interface Tile {
        void read(float[] panel, int start);
    }

    /** How many: more than fit in the first-level cache, for in there the place matters less. */
    static final int READ = 1 << 14;

    /** Floats in a line, so many places there are. */
    private static final int LINE = 16;
    /** Times that a place is tried. */
    private static final int TRIES = 3;
    /** After so many uses the place is looked for again. */
    private static final int USES = 512;
    /** From so much longer at other places on it is worth to copy for the place. */
    private static final float GAIN = 1.06f;

    private static final ThreadLocal<AlignedPanel> OF_THREAD = ThreadLocal.withInitial(() -> new AlignedPanel(System::nanoTime));

    private final LongSupplier nanoTime;
    private float[] floats = new float[READ + LINE];
    private int start;
    private boolean matters;
    private int uses;

    /** That of this thread, with room for {@code n} floats of unspecified contents, valid until its next request. */
    static AlignedPanel ofThread(Tile tile, int n) {
        AlignedPanel panel = OF_THREAD.get();
        panel.use(tile, n);
        return panel;
    }

    /** With a clock of one's own. */
    AlignedPanel(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Where the floats are, from {@link #start} on. */
    float[] floats() {
        return floats;
    }

    /** The first of the floats. */
    int start() {
        return start;
    }

    /** Whether tiles are slower at other places. */
    boolean matters() {
        return matters;
    }

    /** Makes room for {@code n} floats, and looks for the place if it may be another one. */
    void use(Tile tile, int n) {
        if (floats.length < n + LINE) {
            floats = new float[n + LINE];
            uses = 0;
        }
        if (uses++ % USES == 0) {
            find(tile);
        }
    }

    private void find(Tile tile) {
        long[] nanos = new long[LINE];
        Arrays.fill(nanos, Long.MAX_VALUE);
        for (int i = 0; i < TRIES * LINE; i++) {
            long begin = nanoTime.getAsLong();
            tile.read(floats, i % LINE);
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
