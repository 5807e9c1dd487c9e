package beras.kernels;

import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** Buffers that each thread has for itself and uses again. */
final class Scratch {

    /** Blocks of blocks of blocks in the longest row, and the elements themselves. */
    private static final int LEVELS = 4;
    private static final int MIN_LENGTH = 1024;

    /** Weak, as a thread that lives on, such as one of a container's pool, would keep the classes of a library that is redeployed. */
    private static final ThreadLocal<WeakReference<Scratch>> OF_THREAD = new ThreadLocal<>();
    private static final Map<Thread, Scratch> ALL = Collections.synchronizedMap(new WeakHashMap<>());

    private final float[] lanes = new float[LEVELS * FloatMath.LANES];
    private float[] floats = {};
    private float[] panel = {};
    private float[] other = {};
    private int[] words = {};
    private int[] steps = {};
    private Alignment.Panel alignedPanel;

    private static Scratch ofThread() {
        WeakReference<Scratch> known = OF_THREAD.get();
        return known == null ? first() : known.get();
    }

    private static Scratch first() {
        Scratch scratch = new Scratch();
        ALL.put(Thread.currentThread(), scratch);
        OF_THREAD.set(new WeakReference<>(scratch));
        return scratch;
    }

    /** At least {@code n} floats of unspecified contents, valid until this thread's next request. */
    static float[] floats(int n) {
        Scratch scratch = ofThread();
        if (scratch.floats.length < n) {
            scratch.floats = new float[Math.max(n, MIN_LENGTH)];
        }
        return scratch.floats;
    }

    /** As {@link #floats} and apart from them: for the matrices of a product, which asks for floats itself. */
    static float[] panel(int n) {
        Scratch scratch = ofThread();
        if (scratch.panel.length < n) {
            scratch.panel = new float[Math.max(n, MIN_LENGTH)];
        }
        return scratch.panel;
    }

    /** As {@link #panel} and apart from it. */
    static float[] other(int n) {
        Scratch scratch = ofThread();
        if (scratch.other.length < n) {
            scratch.other = new float[Math.max(n, MIN_LENGTH)];
        }
        return scratch.other;
    }

    /** As {@link #floats}, of ints: bits. */
    static int[] words(int n) {
        Scratch scratch = ofThread();
        if (scratch.words.length < n) {
            scratch.words = new int[Math.max(n, MIN_LENGTH)];
        }
        return scratch.words;
    }

    /** As {@link #floats}, of ints: steps of a product. */
    static int[] steps(int n) {
        Scratch scratch = ofThread();
        if (scratch.steps.length < n) {
            scratch.steps = new int[Math.max(n, MIN_LENGTH)];
        }
        return scratch.steps;
    }

    /** {@value FloatMath#LANES} floats for each level of a row sum, apart from {@link #floats}. */
    static float[] lanes() {
        return ofThread().lanes;
    }

    /** For columns of a right matrix, apart from all others. */
    static Alignment.Panel alignedPanel() {
        Scratch scratch = ofThread();
        if (scratch.alignedPanel == null) {
            scratch.alignedPanel = new Alignment.Panel(System::nanoTime);
        }
        return scratch.alignedPanel;
    }

    private Scratch() {}
}
