package beras.kernels;

import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * Thread-local buffers, reused until memory runs short: a large image or long sequence needs much.
 *
 * <p>A thread references classes of the JDK alone: otherwise a long-lived thread, such as one of a container's pool, would prevent
 * unloading the classes of a redeployed library.
 */
final class Scratch {

    /** Blocks of blocks of blocks in the longest row, and the elements themselves. */
    private static final int LEVELS = 4;
    private static final int MIN_LENGTH = 1024;

    private static final int FLOATS = 0;
    private static final int PANEL = 1;
    private static final int OTHER = 2;
    private static final int LANES = 3;
    private static final ThreadLocal<SoftReference<float[][]>> FLOAT_BUFFERS = new ThreadLocal<>();

    private static final int WORDS = 0;
    private static final int STEPS = 1;
    private static final int PLACES = 2;
    private static final ThreadLocal<SoftReference<int[][]>> INT_BUFFERS = new ThreadLocal<>();

    private static final ThreadLocal<WeakReference<Alignment.Panel>> ALIGNED_PANEL = new ThreadLocal<>();
    private static final Map<Thread, Alignment.Panel> ALIGNED_PANELS = Collections.synchronizedMap(new WeakHashMap<>());

    /** At least {@code n} floats of unspecified contents, valid until this thread's next request. */
    static float[] floats(int n) {
        return floats(FLOATS, n);
    }

    /** As {@link #floats}, a separate buffer: for the matrices of a product, which uses {@link #floats} itself. */
    static float[] panel(int n) {
        return floats(PANEL, n);
    }

    /** As {@link #panel} and apart from it. */
    static float[] other(int n) {
        return floats(OTHER, n);
    }

    /** {@value FloatMath#LANES} floats for each level of a row sum, apart from {@link #floats}. */
    static float[] lanes() {
        return floatBuffers()[LANES];
    }

    private static float[][] floatBuffers() {
        return buffers(FLOAT_BUFFERS, () -> new float[][] {{}, {}, {}, new float[LEVELS * FloatMath.LANES]});
    }

    private static <T> T buffers(ThreadLocal<SoftReference<T>> held, Supplier<T> first) {
        SoftReference<T> reference = held.get();
        T buffers = reference == null ? null : reference.get();
        if (buffers == null) {
            buffers = first.get();
            held.set(new SoftReference<>(buffers));
        }
        return buffers;
    }

    private static float[] floats(int buffer, int n) {
        float[][] buffers = floatBuffers();
        if (buffers[buffer].length < n) {
            buffers[buffer] = new float[Math.max(n, MIN_LENGTH)];
        }
        return buffers[buffer];
    }

    /** As {@link #floats}, of ints: bits. */
    static int[] words(int n) {
        return ints(WORDS, n);
    }

    /** As {@link #floats}, of ints: steps of a product. */
    static int[] steps(int n) {
        return ints(STEPS, n);
    }

    /** As {@link #steps} and apart from them: of rows. */
    static int[] places(int n) {
        return ints(PLACES, n);
    }

    private static int[] ints(int buffer, int n) {
        int[][] buffers = buffers(INT_BUFFERS, () -> new int[][] {{}, {}, {}});
        if (buffers[buffer].length < n) {
            buffers[buffer] = new int[Math.max(n, MIN_LENGTH)];
        }
        return buffers[buffer];
    }

    /** A separate buffer for columns of a right matrix. */
    static Alignment.Panel alignedPanel() {
        WeakReference<Alignment.Panel> known = ALIGNED_PANEL.get();
        return known == null ? firstAlignedPanel() : known.get();
    }

    private static Alignment.Panel firstAlignedPanel() {
        Alignment.Panel panel = new Alignment.Panel(System::nanoTime);
        ALIGNED_PANELS.put(Thread.currentThread(), panel);
        ALIGNED_PANEL.set(new WeakReference<>(panel));
        return panel;
    }

    private Scratch() {}
}
