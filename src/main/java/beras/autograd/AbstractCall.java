package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The common part of a {@link Call} and an {@link OperationCall}: inputs, an output, and memory of the tape while it is
 * computed.
 */
abstract class AbstractCall {

    Tensor[] inputs;
    Call within; // null: none
    GradientTape tape; // null but while it is computed or differentiated
    Tensor output;
    Tensor saved;

    /** The inputs, the very objects. */
    public final List<Tensor> inputs() {
        return Collections.unmodifiableList(Arrays.asList(inputs));
    }

    /** Input number {@code i}. */
    public final Tensor input(int i) {
        return inputs[i];
    }

    /** The number of inputs. */
    public final int inputCount() {
        return inputs.length;
    }

    /** The output; null until it is computed. */
    public final Tensor output() {
        return output;
    }

    /** Ends the forward pass. */
    final void end(Tensor newOutput) {
        output = newOutput;
        tape = null;
    }

    /** The call of a diffable, such as a model, in which it was made: the innermost; empty if there is none. */
    public final Optional<Call> within() {
        return Optional.ofNullable(within);
    }

    /**
     * Memory for a result or an intermediate: contents unspecified, to be written once. On a tape of a training loop it is
     * reused in the next step.
     */
    public final Tensor allocate(Shape shape) {
        return tape == null ? Tensor.zeros(shape) : tape.allocate(shape);
    }

    /** As {@link #allocate(Shape)}, of shape {@code (rows, cols)}. */
    public final Tensor allocate(int rows, int cols) {
        return tape == null ? Tensor.zeros(rows, cols) : tape.allocate(rows, cols);
    }

    /** Keeps a tensor of the forward pass, such as for the backward pass. */
    public final void save(Tensor tensor) {
        saved = tensor;
    }

    /** The tensor kept by {@link #save}, or null. */
    public final Tensor saved() {
        return saved;
    }
}
