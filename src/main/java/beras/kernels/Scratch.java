package beras.kernels;

/** Buffers that each thread has for itself and uses again. */
final class Scratch {

    /** Blocks of blocks of blocks in the longest row, and the elements themselves. */
    private static final int LEVELS = 4;

    private static final ThreadLocal<float[]> BUFFER = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<int[]> WORDS = ThreadLocal.withInitial(() -> new int[0]);
    private static final ThreadLocal<int[]> STEPS = ThreadLocal.withInitial(() -> new int[0]);
    private static final ThreadLocal<float[]> LANES = ThreadLocal.withInitial(() -> new float[LEVELS * FloatMath.LANES]);

    /** At least {@code n} floats of unspecified contents, valid until this thread's next request. */
    static float[] floats(int n) {
        float[] buffer = BUFFER.get();
        if (buffer.length < n) {
            buffer = new float[Math.max(n, 1024)];
            BUFFER.set(buffer);
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
