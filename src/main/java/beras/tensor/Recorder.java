package beras.tensor;

/**
 * Computes every {@link Operation} of its thread: the base of its only subclass, {@code beras.autograd.GradientTape}. Tensors
 * depend on this class alone, and so are usable without a tape.
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
     * Computes and records an operation, in memory that the recorder allocates.
     *
     * @param inputs the tensors themselves
     * @return the result, as a new object
     */
    protected abstract Tensor compute(Operation operation, Tensor[] inputs);

    /** The result of an operation, which the recorder of this thread computes, if there is one. */
    static Tensor apply(Operation operation, Tensor... inputs) {
        Recorder recorder = CURRENT.get();
        return recorder == null ? operation.compute(Memory.FRESH, inputs) : recorder.compute(operation, inputs);
    }
}
