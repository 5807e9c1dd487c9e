package beras.kernels;

/** Buffers that each thread has for itself and uses again. */
final class Scratch {

    /** Blocks of blocks of blocks in the longest row, and the elements themselves. */
    private static final int LEVELS = 4;

    private static final ThreadLocal<float[]> BUFFER = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<float[]> PANEL = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<float[]> OTHER = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<int[]> WORDS = ThreadLocal.withInitial(() -> new int[0]);
    private static final ThreadLocal<int[]> STEPS = ThreadLocal.withInitial(() -> new int[0]);
    private static final ThreadLocal<float[]> LANES = ThreadLocal.withInitial(() -> new float[LEVELS * FloatMath.LANES]);

    /** At least {@code n} floats of unspecified contents, valid until this thread's next request. */
    static float[] floats(int n) {
        return floats(BUFFER, n);
    }

    /** As {@link #floats} and apart from them: for the matrices of a product, which asks for floats itself. */
    static float[] panel(int n) {
        return floats(PANEL, n);
    }

    /** As {@link #panel} and apart from it. */
    static float[] other(int n) {
        return floats(OTHER, n);
    }

    private static float[] floats(ThreadLocal<float[]> buffers, int n) {
        float[] buffer = buffers.get();
        if (buffer.length < n) {
            buffer = new float[Math.max(n, 1024)];
            buffers.set(buffer);
        }
        return buffer;
    }

    /** As {@link #floats}, of ints: bits. */
    static int[] words(int n) {
        return ints(WORDS, n);
    }

    /** As {@link #floats}, of ints: steps of a product. */
    static int[] steps(int n) {
        return ints(STEPS, n);
    }

    private static int[] ints(ThreadLocal<int[]> buffers, int n) {
        int[] buffer = buffers.get();
        if (buffer.length < n) {
            buffer = new int[Math.max(n, 1024)];
            buffers.set(buffer);
        }
        return buffer;
    }

    /** {@value FloatMath#LANES} floats for each level of a row sum, apart from {@link #floats}. */
    static float[] lanes() {
        return LANES.get();
    }

    private Scratch() {}
}
