package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * One use of a {@link Diffable}: what went in, what came out, and what the forward pass kept for the backward pass.
 *
 * <p>A diffable used twice under a tape has two calls, so each is differentiated at its own values.
 */
public final class Call {

    private final Diffable diffable;
    private final List<Tensor> inputs;
    private final GradientTape tape;
    private Tensor output;
    private Tensor saved;
    private Call merged;

    // Set by the tape while it differentiates.
    private List<? extends Tensor> sources = List.of();
    private Tensor upstream;
    private Tensor derived;

    Call(Diffable diffable, List<Tensor> inputs, GradientTape tape) {
        this.diffable = diffable;
        this.inputs = inputs;
        this.tape = tape;
    }

    /** What was called. */
    public Diffable diffable() {
        return diffable;
    }

    /** The inputs, the very objects. */
    public List<Tensor> inputs() {
        return inputs;
    }

    /** Input number {@code i}. */
    public Tensor input(int i) {
        return inputs.get(i);
    }

    /** The output; null until the forward pass is done. */
    public Tensor output() {
        return output;
    }

    void output(Tensor output) {
        this.output = output;
    }

    /** Whether the call is part of training, where layers such as Dropout behave differently: under a tape that is for it. */
    public boolean training() {
        return tape != null && tape.training();
    }

    /**
     * Memory for a result or an intermediate: contents unspecified, to be written once. On a tape of a training loop it is
     * reused in the next step.
     */
    public Tensor allocate(Shape shape) {
        return tape == null ? Tensor.zeros(shape) : tape.allocate(shape);
    }

    /** As {@link #allocate(Shape)}, of shape {@code (rows, cols)}. */
    public Tensor allocate(int rows, int cols) {
        return tape == null ? Tensor.zeros(rows, cols) : tape.allocate(rows, cols);
    }

    /** Keeps a tensor of the forward pass for the backward pass. */
    public void save(Tensor tensor) {
        saved = tensor;
    }

    /** What {@link #save} kept, or null. */
    public Tensor saved() {
        return saved;
    }

    /** The call on the same tape that made input {@code i}, or null. */
    public Call producer(int i) {
        return tape == null ? null : tape.producer(inputs.get(i));
    }

    /**
     * Declares that this diffable can differentiate through the producer of input 0 at once, straight to the producer's own
     * input 0. The tape then asks for that gradient wherever the tensor between them is not itself a source.
     */
    public void mergeWith(Call producer) {
        merged = producer;
    }

    /** Whether the gradient for input 0 is now wanted for the input of the producer given to {@link #mergeWith}. */
    public boolean merging() {
        if (merged == null) {
            return false;
        }
        for (Tensor source : sources) {
            if (source == inputs.get(0)) {
                return false;
            }
        }
        return !sources.isEmpty();
    }

    /** The tensor that the composed gradient number {@code i} belongs to. */
    Tensor gradientOwner(int i) {
        return i == 0 && merging() ? merged.inputs.get(0) : inputs.get(i);
    }

    /**
     * A gradient derived from {@code upstream} that both compositions need, such as the one before a fused activation: what
     * was last {@linkplain #derive kept} for this very upstream, or null.
     */
    public Tensor derived(Tensor from) {
        return upstream == from ? derived : null;
    }

    /** Keeps {@code result} for {@link #derived}. */
    public Tensor derive(Tensor from, Tensor result) {
        upstream = from;
        derived = result;
        return result;
    }

    void differentiate(List<? extends Tensor> newSources) {
        sources = newSources;
        upstream = null;
        derived = null;
    }
}
