package beras.layers;

import beras.autograd.Diffable;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** A node with one input, one of the steps of a {@code Sequential} model. */
public abstract class Layer extends Diffable {

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if there is not just one input
     */
    @Override
    public Tensor call(Tensor... inputs) {
        return super.call(one(inputs));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if there is not just one input
     */
    @Override
    public Tensor forward(Tensor... inputs) {
        return super.forward(one(inputs));
    }

    private Tensor[] one(Tensor[] inputs) {
        if (inputs.length != 1) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " takes one input. Received: " + inputs.length);
        }
        return inputs;
    }

    /** The shape of one example that this layer takes, without the batch axis; null if it takes any. */
    public Shape inputShape() {
        return null;
    }

    /**
     * The shape of one example that this layer gives, without the batch axis; the input's own by default.
     *
     * @throws IllegalArgumentException if this layer does not take examples of shape {@code input}
     */
    public Shape outputShape(Shape input) {
        return input;
    }
}
