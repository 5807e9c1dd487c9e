package beras.kernels;

/** A float buffer per thread that grows to the largest request and is then reused. */
final class Scratch {

    private static final ThreadLocal<float[]> BUFFER = ThreadLocal.withInitial(() -> new float[0]);

    /** At least {@code n} floats of unspecified contents, valid until this thread's next request. */
    static float[] floats(int n) {
        float[] buffer = BUFFER.get();
        if (buffer.length < n) {
            buffer = new float[Math.max(n, 1024)];
            BUFFER.set(buffer);
        }
        return buffer;
    }

    private Scratch() {}
}
