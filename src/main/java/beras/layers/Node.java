package beras.layers;

import beras.tensor.Shape;
import java.util.List;

/**
 * A place in a network that is not run yet: the output of one use of a layer. Made by {@link Layer#apply}; a functional model
 * is made of the nodes between its inputs and outputs.
 *
 * <pre>{@code
 * Node input = new Input(8).apply();
 * Node hidden = new Dense(8, "relu").apply(input);
 * Functional graph = new Functional(List.of(input), List.of(new Add().apply(input, hidden)));
 * }</pre>
 */
public final class Node {

    private final Layer layer;
    private final List<Node> inputs;
    private final Shape shape;

    Node(Layer layer, List<Node> inputs, Shape shape) {
        this.layer = layer;
        this.inputs = inputs;
        this.shape = shape;
    }

    /** The layer used here. */
    public Layer layer() {
        return layer;
    }

    /** The inputs; empty for an {@link Input}. */
    public List<Node> inputs() {
        return inputs;
    }

    /** The shape of one example that comes out, without the batch axis. */
    public Shape shape() {
        return shape;
    }

    @Override
    public String toString() {
        return layer + " of shape " + shape;
    }
}
