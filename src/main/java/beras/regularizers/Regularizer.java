package beras.regularizers;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Configurable;
import beras.tensor.Tensor;

/**
 * A penalty on a weight, called as {@code regularizer.call(weight)}: one number (rank 0) for a weight of any shape. It is
 * recorded by the tape and differentiated like a loss; {@code fit} adds it to the loss.
 */
public abstract class Regularizer extends Diffable implements Configurable {

    /** The penalty on {@code weight}, rank 0, in memory from the call. */
    protected abstract Tensor penalty(OperationCall call, Tensor weight);

    /** The gradient of the penalty to {@code weight} times {@code scale}, in the shape of the weight. */
    protected abstract Tensor gradient(OperationCall call, Tensor weight, float scale);

    /**
     * The penalty by operations of tensors, for the derivative of its gradient.
     *
     * @throws UnsupportedOperationException by default
     */
    protected Tensor composition(Tensor weight) {
        throw FusedOperation.withoutComposition(this, "Override composition(Tensor), or take another regularizer");
    }

    @Override
    protected final Tensor compute(Call call) {
        if (call.inputCount() != 1) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " takes one weight. Received: " + call.inputCount());
        }
        return new Penalty(this).apply(call.input(0));
    }

    private record Penalty(Regularizer regularizer) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            return regularizer.penalty(call, call.input(0).contiguous());
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            return regularizer.gradient(call, call.input(0).contiguous(), upstream.item());
        }

        @Override
        public Tensor composition(OperationCall call) {
            return regularizer.composition(call.input(0));
        }
    }

    /** The type and its settings, such as {@code L2(l2=0.01)}. */
    @Override
    public String toString() {
        return config().toString();
    }
}
