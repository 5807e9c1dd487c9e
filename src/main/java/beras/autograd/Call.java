package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One use of a {@link Diffable}: what went in and what came out. */
public final class Call {

    private final Diffable diffable;
    private final Tensor[] inputs;
    private final boolean training;
    private final Call within; // null: none
    private GradientTape tape; // null but in the forward pass
    private Tensor output;
    private Tensor saved;

    Call(Diffable diffable, Tensor[] inputs, GradientTape tape) {
        this.diffable = diffable;
        this.inputs = inputs;
        this.tape = tape;
        this.training = tape != null && tape.training();
        this.within = tape == null ? null : tape.within();
    }

    /** What was called. */
    public Diffable diffable() {
        return diffable;
    }

    /** The inputs, the very objects. */
    public List<Tensor> inputs() {
        return Collections.unmodifiableList(Arrays.asList(inputs));
    }

    /** Input number {@code i}. */
    public Tensor input(int i) {
        return inputs[i];
    }

    /** The number of inputs. */
    public int inputCount() {
        return inputs.length;
    }

    /** The output; null until the forward pass is done. */
    public Tensor output() {
        return output;
    }

    /** Ends the forward pass. */
    void output(Tensor newOutput) {
        output = newOutput;
        tape = null;
    }

    /** The call that made this one, such as that of a model; empty if there is none. */
    public Optional<Call> within() {
        return Optional.ofNullable(within);
    }

    Call outer() {
        return within;
    }

    /** Whether this is a call, or was made by it. */
    boolean isWithin(Call call) {
        Call each = this;
        while (each != null && each != call) {
            each = each.within;
        }
        return each != null;
    }

    /** Whether the call is part of training, where layers such as Dropout behave differently: under a tape that is for it. */
    public boolean training() {
        return training;
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

    /** Keeps a tensor of the forward pass. */
    public void save(Tensor tensor) {
        saved = tensor;
    }

    /** What {@link #save} kept, or null. */
    public Tensor saved() {
        return saved;
    }
}
