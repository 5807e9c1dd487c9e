package beras.kernels;

/** Buffers that each thread has for itself and uses again. */
final class Scratch {

    private static final ThreadLocal<float[]> BUFFER = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<float[]> LANES = ThreadLocal.withInitial(() -> new float[FloatMath.LANES]);

    /** At least {@code n} floats of unspecified contents, valid until this thread's next request. */
    static float[] floats(int n) {
        float[] buffer = BUFFER.get();
        if (buffer.length < n) {
            buffer = new float[Math.max(n, 1024)];
            BUFFER.set(buffer);
        }
        return buffer;
    }

    /** {@value FloatMath#LANES} floats apart from {@link #floats}, for the sums of rows. */
    static float[] lanes() {
        return LANES.get();
    }

    private Scratch() {}
}
