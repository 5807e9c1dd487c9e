package beras.tensor;

/**
 * Computes every {@link Operation} of its thread: the base of {@code beras.autograd.GradientTape}, which is the only one. Tensors
 * know of no more than this, so that they can be read, and used, without a tape.
 */
public abstract class Recorder {

    private static final ThreadLocal<Recorder> CURRENT = new ThreadLocal<>();

    /** For the tape. */
    protected Recorder() {}

    /** The recorder of this thread, or null. */
    protected static Recorder current() {
        return CURRENT.get();
    }

    /** Sets the recorder of this thread; null: none. */
    protected static void setCurrent(Recorder recorder) {
        CURRENT.set(recorder); // remove() would cost the next step a new entry
    }

    /**
     * Computes an operation, in memory of its choice, and takes notice of it.
     *
     * @param inputs the very tensors
     * @return what the operation gives, an object of its own
     */
    protected abstract Tensor compute(Operation operation, Tensor[] inputs);

    /** The result of an operation, which the recorder of this thread computes, if there is one. */
    static Tensor apply(Operation operation, Tensor... inputs) {
        Recorder recorder = CURRENT.get();
        return recorder == null ? operation.compute(Memory.FRESH, inputs) : recorder.compute(operation, inputs);
    }
}
