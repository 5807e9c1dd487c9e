package beras.autograd;

import beras.tensor.Memory;
import beras.tensor.Operation;
import beras.tensor.Tensor;

/**
 * An operation with kernels for its result and its gradients that is a composition of several others: the affine function of a
 * {@code Dense} layer, a convolution, a loss. It is a record of its settings; weights are inputs.
 *
 * <p>Gradients come from {@link #gradient}, unless an outer tape records them, to differentiate them in turn: then from the
 * {@link #composition}.
 */
public interface FusedOperation extends Operation {

    /** The result, in memory from {@link OperationCall#allocate}; pass values for the gradients to {@link OperationCall#save}. */
    Tensor compute(OperationCall call);

    /**
     * The vector-Jacobian product: the gradient to input {@code i}, of its shape.
     *
     * @param upstream the gradient to the output, contiguous
     * @return null: zero throughout
     */
    Tensor gradient(OperationCall call, int i, Tensor upstream);

    /**
     * The same function by operations of tensors, of the inputs of the call, and with its random or
     * {@linkplain OperationCall#saved saved} values.
     *
     * @throws UnsupportedOperationException by default
     */
    default Tensor composition(OperationCall call) {
        throw withoutComposition(call, "Take others");
    }

    /** The exception for a gradient that is to be differentiated without a composition. */
    static UnsupportedOperationException withoutComposition(Object of, String remedy) {
        return new UnsupportedOperationException("The gradient of " + of + " has no derivative: it has no composition of operations of"
                + " tensors. " + remedy);
    }

    /** Whether each element of the result follows from that of the first input, of one shape; false by default. */
    default boolean isElementwise() {
        return false;
    }

    /** Whether a loss may {@linkplain OperationCall#fuses differentiate through} it at once; false by default. */
    default boolean isFusable() {
        return false;
    }

    @Override
    default Tensor compute(Memory memory, Tensor... inputs) {
        return compute(new OperationCall(this, inputs, null));
    }
}
