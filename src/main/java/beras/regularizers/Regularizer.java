package beras.regularizers;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.config.Configurable;
import beras.tensor.Tensor;
import java.util.List;

/**
 * A penalty on a weight, called as {@code regularizer.call(weight)}: one number (rank 0) for a weight of any shape. It is
 * recorded by the tape and differentiated like a loss; {@code fit} adds it to the loss.
 */
public abstract class Regularizer extends Diffable implements Configurable {

    /** The penalty on {@code weight}, rank 0, in memory from the call. */
    protected abstract Tensor penalty(Call call, Tensor weight);

    /** The gradient of the penalty to {@code weight} times {@code scale}, in the shape of the weight. */
    protected abstract Tensor gradient(Call call, Tensor weight, float scale);

    @Override
    protected final Tensor compute(Call call) {
        if (call.inputs().size() != 1) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName() + " takes one weight. Received: " + call.inputs().size());
        }
        return penalty(call, call.input(0).contiguous());
    }

    /** The gradient in the shape of the weight. */
    @Override
    protected final List<Tensor> inputGradients(Call call) {
        return List.of(gradient(call, call.input(0).contiguous(), 1f));
    }

    @Override
    protected final List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return List.of(gradient(call, call.input(0).contiguous(), upstream.item()));
    }

    @Override
    protected final boolean worksByElement() {
        return true;
    }

    /** The type and its settings, such as {@code L2(l2=0.01)}. */
    @Override
    public String toString() {
        return config().toString();
    }
}
