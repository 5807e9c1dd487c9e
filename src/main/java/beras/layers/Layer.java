package beras.layers;

import beras.autograd.Diffable;
import beras.tensor.Shape;

/** A node with one input, one of the steps of a {@code Sequential} model. */
public abstract class Layer extends Diffable {

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
