package beras.models;

import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.OutputRange;
import beras.layers.StepState;
import beras.layers.WeightSpec;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes between the inputs and the outputs of a model, in an order in which they can be run. */
final class Graph {

    /** The weights that a loader has, and the part that the layers made so far need; both in numbers. */
    static final class Filling {

        private final long available;
        private long needed;

        Filling(long available) {
            this.available = available;
        }

        /** Takes {@code count} more, before there is memory for them. */
        void take(long count) {
            needed += count;
            if (needed > available) {
                throw mismatch();
            }
        }

        /** Refuses to leave some. */
        void requireAll() {
            if (needed != available) {
                throw mismatch();
            }
        }

        private IllegalArgumentException mismatch() {
            return new IllegalArgumentException("the layers need " + needed * Float.BYTES + " bytes of weights. Received: "
                    + available * Float.BYTES);
        }
    }

    private final List<Node> inputs;
    private final List<Node> outputs;
    private final List<Node> nodes;
    private final Map<Node, Integer> positions = new IdentityHashMap<>();
    private final Map<String, Layer> layers = new LinkedHashMap<>();

    /**
     * Finds all nodes, and builds their layers.
     *
     * @param seed    for layers that have none; null: fresh seeds
     * @param filling fills the weights, instead of initializers; null: these
     * @throws IllegalArgumentException if an input is not made by an {@link Input}, an output depends on an input that is not
     *     listed, an input is listed twice or not needed, two layers have one name, a layer that is used twice would need
     *     other weights each time, or the filling is not enough
     */
    Graph(List<Node> inputs, List<Node> outputs, Long seed, Filling filling) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        if (inputs.isEmpty() || outputs.isEmpty()) {
            throw new IllegalArgumentException("A model needs at least one input and one output. Received: " + inputs.size()
                    + " and " + outputs.size());
        }
        this.nodes = order(this.inputs, this.outputs);
        for (int i = 0; i < nodes.size(); i++) {
            positions.put(nodes.get(i), i);
        }
        name();
        build(seed, filling);
    }

    /** All nodes, each after its inputs; the inputs of the model first. */
    private static List<Node> order(List<Node> inputs, List<Node> outputs) {
        Map<Node, Boolean> done = new IdentityHashMap<>(); // false: its inputs are being visited
        List<Node> nodes = new ArrayList<>();
        for (Node input : inputs) {
            if (!(input.layer() instanceof Input)) {
                throw new IllegalArgumentException("An input of a model is made by new Input(...).apply(). Received: " + input);
            }
            if (done.put(input, true) != null) {
                throw new IllegalArgumentException("The inputs of a model must differ. Received twice: " + input);
            }
            nodes.add(input);
        }
        Set<Node> needed = new HashSet<>();
        Deque<Node> open = new ArrayDeque<>();
        for (int i = outputs.size() - 1; i >= 0; i--) {
            open.push(outputs.get(i));
        }
        while (!open.isEmpty()) { // no recursion: a network may be deep
            Node node = open.peek();
            needed.add(node);
            if (done.containsKey(node)) {
                open.pop();
                if (!done.get(node)) {
                    done.put(node, true);
                    nodes.add(node);
                }
                continue;
            }
            if (node.layer() instanceof Input) {
                throw new IllegalArgumentException("The outputs depend on " + node + ", which is not among the inputs of the"
                        + " model");
            }
            done.put(node, false);
            for (int i = node.inputs().size() - 1; i >= 0; i--) {
                if (!Boolean.TRUE.equals(done.get(node.inputs().get(i)))) {
                    open.push(node.inputs().get(i));
                } else {
                    needed.add(node.inputs().get(i));
                }
            }
        }
        for (Node input : inputs) {
            if (!needed.contains(input)) {
                throw new IllegalArgumentException("No output depends on the input " + input + ". Remove it");
            }
        }
        return nodes;
    }

    /** Gives each layer a name: its own, or as Keras does {@code dense}, {@code dense_1} and so on. */
    private void name() {
        Set<Layer> named = new HashSet<>();
        for (Node node : nodes) {
            Layer layer = node.layer();
            if (layer.name() != null && named.add(layer) && layers.put(layer.name(), layer) != null) {
                throw new IllegalArgumentException("The layers of a model must have different names. Received twice: "
                        + layer.name());
            }
        }
        Map<String, Layer> inOrder = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        Set<Layer> seen = new HashSet<>();
        for (Node node : nodes) {
            Layer layer = node.layer();
            if (!seen.add(layer)) {
                continue;
            }
            String name = layer.name();
            while (name == null || inOrder.containsKey(name) || layer.name() == null && layers.containsKey(name)) {
                String type = Models.snakeCase(layer.typeName());
                int count = counts.merge(type, 1, Integer::sum) - 1;
                name = count == 0 ? type : type + "_" + count;
            }
            inOrder.put(name, layer);
        }
        layers.clear();
        layers.putAll(inOrder);
    }

    private void build(Long seed, Filling filling) {
        int place = 0;
        Set<Layer> counted = new HashSet<>();
        long needed = 0;
        for (Node node : nodes) {
            Layer layer = node.layer();
            if (seed != null && !(layer instanceof Input)) {
                place = seed(layer, seed, place);
            }
            List<Shape> shapes = shapes(node.inputs());
            if (filling != null && !layer.built() && counted.add(layer)) {
                for (WeightSpec spec : layer.weightSpecs(shapes)) {
                    needed += spec.shape().size();
                }
            }
        }
        if (filling != null) {
            filling.take(needed);
        }
        for (Node node : nodes) {
            try {
                if (filling == null) {
                    node.layer().build(shapes(node.inputs()));
                } else {
                    buildZeroInitialized(node, filling);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(node.layer() + " does not fit " + node.inputs() + ": " + e.getMessage(), e);
            }
        }
    }

    private static void buildZeroInitialized(Node node, Filling filling) {
        List<Layer> inner = new ArrayList<>(); // whose weights no node has
        for (Layer layer : Layer.withInner(node.layer().layers())) {
            if (!layer.built()) {
                inner.add(layer);
            }
        }
        node.layer().buildZeroInitialized(shapes(node.inputs()));
        for (Layer layer : inner) {
            for (WeightSpec spec : layer.specs()) {
                filling.take(spec.shape().size());
            }
        }
    }

    /**
     * Gives a layer the seed of its place, and the layers inside it the seeds of the next places, as if they were behind it: so
     * {@code Dense(128, "relu")} and {@code Dense(128), ReLU()} take two places each. Returns the place after them.
     */
    private static int seed(Layer layer, long seed, int place) {
        layer.seedIfNone(new Rng(seed, "layer", place).bits(0));
        int next = place + 1;
        for (Layer inner : layer.layers()) {
            next = seed(inner, seed, next);
        }
        return next;
    }

    /** The positions of some nodes among {@link #nodes}. */
    int[] positions(List<Node> some) {
        int[] all = new int[some.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = positions.get(some.get(i));
        }
        return all;
    }

    List<Node> inputs() {
        return inputs;
    }

    List<Node> outputs() {
        return outputs;
    }

    /** In an order in which they can be run, inputs first. */
    List<Node> nodes() {
        return nodes;
    }

    /** The layers by name, each once, in the order of their first use, inputs included. */
    Map<String, Layer> layers() {
        return layers;
    }

    /** The name of a layer of this graph; its own or its type if it is another. */
    String nameOf(Layer layer) {
        for (Map.Entry<String, Layer> entry : layers.entrySet()) {
            if (entry.getValue() == layer) {
                return entry.getKey();
            }
        }
        return layer.toString();
    }

    /**
     * The only use of a layer.
     *
     * @throws IllegalArgumentException if it is used several times
     */
    Node use(Layer layer) {
        Node found = null;
        for (Node node : nodes) {
            if (node.layer() == layer && found != null) {
                throw new IllegalArgumentException("Layer " + nameOf(layer) + " is used several times: choose one of nodes()");
            }
            found = node.layer() == layer ? node : found;
        }
        return found;
    }

    /** The names of the layers that the outputs come from; the second output of one layer has a 1 behind it, and so on. */
    List<String> outputNames() {
        Map<Layer, Integer> counts = new IdentityHashMap<>();
        List<String> names = new ArrayList<>();
        for (Node output : outputs) {
            int before = counts.merge(output.layer(), 1, Integer::sum) - 1;
            names.add(nameOf(output.layer()) + (before == 0 ? "" : "_" + before));
        }
        return names;
    }

    /** The multiply-adds of all uses of layers for one example. */
    long multiplyAdds() {
        long sum = 0;
        for (Node node : nodes) {
            sum += node.layer().multiplyAdds(shapes(node.inputs()));
        }
        return sum;
    }

    /** The values of the outputs at the next step of sequences. */
    Tensor[] step(StepState state, Tensor... values) {
        Tensor[] all = Arrays.copyOf(values, nodes.size());
        for (int i = values.length; i < all.length; i++) {
            all[i] = nodes.get(i).layer().step(state, at(all, nodes.get(i).inputs()));
        }
        return at(all, outputs);
    }

    private Tensor[] at(Tensor[] values, List<Node> some) {
        return Arrays.stream(positions(some)).mapToObj(place -> values[place]).toArray(Tensor[]::new);
    }

    /** The range of the outputs, given the range of the inputs. */
    List<OutputRange> outputRanges(List<OutputRange> ofInputs) {
        List<OutputRange> all = new ArrayList<>(ofInputs); // by the places of the nodes
        for (Node node : nodes.subList(inputs.size(), nodes.size())) {
            List<OutputRange> before = new ArrayList<>();
            for (int place : positions(node.inputs())) {
                before.add(all.get(place));
            }
            all.add(node.layer().outputRange(before));
        }
        List<OutputRange> results = new ArrayList<>();
        for (int place : positions(outputs)) {
            results.add(all.get(place));
        }
        return results;
    }

    /** The shapes of the outputs, for inputs of these shapes, which have a size where an {@link Input} is open. */
    List<Shape> outputShapes(List<Shape> ofInputs) {
        List<Shape> all = new ArrayList<>(ofInputs);
        for (Node node : nodes.subList(inputs.size(), nodes.size())) {
            all.add(node.layer().outputShape(Arrays.stream(positions(node.inputs())).mapToObj(all::get).toList()));
        }
        return Arrays.stream(positions(outputs)).mapToObj(all::get).toList();
    }

    static List<Shape> shapes(List<Node> nodes) {
        return nodes.stream().map(Node::shape).toList();
    }
}
