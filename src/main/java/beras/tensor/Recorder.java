package beras.tensor;

/**
 * Follows every operation that computes in its thread: the base of {@code beras.autograd.GradientTape}, which is the only
 * one. Tensors know of no more than this, so that they can be read, and used, without a tape.
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
     * Takes notice of an operation.
     *
     * @param inputs the very tensors
     * @param output what the operation gave, an object of its own
     */
    protected abstract void record(Operation operation, Tensor[] inputs, Tensor output);

    /** The result of an operation, which the recorder of this thread records. */
    static Tensor apply(Operation operation, Tensor... inputs) {
        Tensor output = operation.compute(inputs);
        Recorder recorder = CURRENT.get();
        if (recorder != null) {
            recorder.record(operation, inputs, output);
        }
        return output;
    }
}
