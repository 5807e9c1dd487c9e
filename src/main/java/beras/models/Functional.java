package beras.models;

import beras.layers.Node;
import java.util.List;

/**
 * A model of any graph without cycles: several inputs and outputs, branches, residuals, shared layers.
 *
 * <pre>{@code
 * Node x = new Input(64).apply();
 * Node hidden = new ReLU().apply(new Dense(64).apply(x));
 * Node y = new Dense(3).apply(new Add().apply(x, hidden));
 * Functional model = new Functional(x, y);
 * }</pre>
 *
 * <p>The nodes may belong to another model, so that the new one shares its layers up to any of them: {@code new
 * Functional(base.inputNodes(), List.of(base.node("dense_1")))}.
 */
public class Functional extends Model {

    /** From one input to one output. */
    public Functional(Node input, Node output) {
        this(List.of(input), List.of(output));
    }

    /**
     * From these inputs to these outputs. A layer that was applied several times has one set of weights.
     *
     * @throws IllegalArgumentException if an input is not made by an {@code Input}, is listed twice or not needed, an output
     *     depends on an input that is not listed, or two layers have one name
     */
    public Functional(List<Node> inputs, List<Node> outputs) {
        super(new Graph(inputs, outputs, null, null));
    }

    /** As {@link #Functional(List, List)}; layers without a seed get one derived from this seed and their place. */
    public Functional(long seed, List<Node> inputs, List<Node> outputs) {
        super(new Graph(inputs, outputs, seed, null));
    }

    Functional(Graph graph) {
        super(graph);
    }
}
