package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.Permute;
import beras.saving.bytes.ElementType;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Code that the operators of ONNX share: how they find their inputs, and leave their outputs. */
abstract class OnnxFamily {

    private static final float NEAR = 1e-5f; // of constants that exporters round
    private static final int MOST_WHOLES = 1 << 12; // up to 2^24 a float has them
    private static final int AXES_BY_INPUT = 13;
    private static final int NEW_SOFTMAX = 13; // from then on along the last axis

    final OnnxImport graph;

    OnnxFamily(OnnxImport graph) {
        this.graph = graph;
    }

    Node x(OnnxReader.Node node) {
        return graph.node(node.input(0), node.toString());
    }

    OnnxTensor constant(OnnxReader.Node node, int input, String what) {
        return graph.constant(node.input(input)).orElseThrow(() -> new IllegalArgumentException(what + " must be a constant."
                + " Received: \"" + node.input(input) + "\""));
    }

    /** A constant, if the node has such an input. */
    Optional<OnnxTensor> optional(OnnxReader.Node node, int input, String what) {
        return node.input(input).isEmpty() ? Optional.empty() : Optional.of(constant(node, input, what));
    }

    /**
     * A layer that works by element, of inputs of one shape or of shapes that broadcast. It comes before a change of axes, so that
     * this meets its counterpart.
     */
    static Node byElement(Layer layer, Node... inputs) {
        Optional<Node[]> befores = befores(inputs);
        return befores.isPresent() ? permuted(layer.apply(befores.get()), dims(inputs[0])) : layer.apply(inputs);
    }

    /** What comes before the one change of axes that all of these are; empty if they are none. */
    static Optional<Node[]> befores(Node... all) {
        return Arrays.stream(all).allMatch(x -> x.layer() instanceof Permute && all[0].layer() instanceof Permute
                && Arrays.equals(dims(x), dims(all[0])))
                ? Optional.of(Arrays.stream(all).map(x -> x.inputs().get(0)).toArray(Node[]::new)) : Optional.empty();
    }

    /** How a {@link Permute} turns the axes. */
    static int[] dims(Node turned) {
        return turned.layer().config().integers("dims");
    }

    /** A layer of all inputs, which works by element. */
    void layer(OnnxReader.Node node, Layer layer) {
        layer(node, layer, node.inputs().toArray(String[]::new));
    }

    /** As {@link #layer(OnnxReader.Node, Layer)}, of these inputs. */
    void layer(OnnxReader.Node node, Layer layer, String... inputs) {
        Node x = x(node); // there is one
        Node[] all = Arrays.stream(inputs).map(input -> graph.node(input, node.toString())).toArray(Node[]::new);
        refuseIf(Arrays.stream(all).anyMatch(other -> other.shape().rank() != x.shape().rank()),
                "examples must have as many axes, or the batch axis would meet another. Received shapes: "
                + Arrays.stream(all).map(Node::shape).toList());
        graph.put(node, byElement(layer, all));
    }

    /** A node as a separate operator. */
    void operator(OnnxReader.Node node) throws IOException {
        operator(node, Config.of(node.type()));
    }

    /** As {@link #operator(OnnxReader.Node)}, with these attributes instead of the node's. */
    void operator(OnnxReader.Node node, Config settings) throws IOException {
        List<Node> computed = node.inputs().stream().flatMap(input -> graph.found(input).stream()).toList();
        boolean folds = isKnown(node) && OnnxFunctions.folds(node.type());
        Shape example = folds ? Shape.of() : (computed.isEmpty() ? x(node) : computed.get(0)).shape();
        int rank = example.rank() + 1;
        boolean each = !folds && OnnxFunctions.isElementwise(node.type());
        refuseIf(each && computed.stream().anyMatch(other -> other.shape().rank() != rank - 1),
                "examples must have as many axes, or the batch axis would meet another. Received shapes: "
                + computed.stream().map(Node::shape).toList());
        List<OnnxTensor> constants = new ArrayList<>();
        List<String> inputs = new ArrayList<>();
        Config config = withAttributes(settings, node);
        for (int i = 0; i < node.inputs().size(); i++) {
            String name = node.input(i);
            if (name.isEmpty() || graph.found(name).isPresent()) {
                inputs.add(name.isEmpty() ? OnnxOperator.NONE : OnnxOperator.INPUT);
            } else if (i > 0 && OnnxFunctions.takesWholes(node.type())) {
                config = withWholes(config, node, i);
            } else {
                if (graph.constant(name).isEmpty()) {
                    graph.node(name, node.toString()); // fails, with the reason
                }
                OnnxTensor constant = graph.constant(name).orElseThrow();
                int[] sizes = constant.sizes();
                refuseIf(each && (sizes.length > rank || sizes.length == rank && sizes[0] != 1),
                        "the constant \"" + name + "\" must be the same for each example, of shape " + example
                        + ". Received shape: " + Arrays.toString(sizes));
                constants.add(constant);
                inputs.add(Shape.of(sizes).toString());
            }
        }
        if (folds) {
            fold(node, new OnnxOperator(config, inputs), constants);
            return;
        }
        boolean spread = constants.stream().anyMatch(constant -> constant.count() != 1);
        for (int i = 0; i < (OnnxFunctions.hasParts(node.type()) ? node.outputs().size() : 1); i++) {
            Config part = i == 0 ? config : config.with("output", i);
            Layer layer = constants.isEmpty() ? new OnnxOperator(part, inputs) : graph.weighted(node, constants,
                    List.of(part.toString(), inputs), () -> new OnnxOperator(part, inputs), made -> {
                        for (int k = 0; k < constants.size(); k++) {
                            fill(made.weights().get(k), constants.get(k).floats());
                        }
                    });
            Node[] all = computed.toArray(Node[]::new);
            graph.putAs(node.outputs().get(i), each && !spread ? byElement(layer, all) : layer.apply(all));
        }
    }

    /** Whether all inputs are constants. */
    boolean isKnown(OnnxReader.Node node) {
        return !node.inputs().isEmpty() && node.inputs().stream().allMatch(input -> input.isEmpty() || graph.constant(input).isPresent());
    }

    private static Config withAttributes(Config settings, OnnxReader.Node node) {
        Config config = settings;
        for (Map.Entry<String, OnnxReader.Attribute> attribute : node.attributes().entrySet()) {
            config = config.has(attribute.getKey()) ? config : config.with(attribute.getKey(), attribute.getValue().value());
        }
        return config;
    }

    /** An operator of constants is a constant; places and parts of whole numbers are whole. */
    private void fold(OnnxReader.Node node, OnnxOperator operator, List<OnnxTensor> constants) throws IOException {
        List<Tensor> values = new ArrayList<>();
        for (OnnxTensor constant : constants) {
            graph.spread(constant.count(), node);
            values.add(Tensor.wrap(constant.floats(), constant.sizes()));
        }
        Tensor folded = operator.compute(List.of(), values);
        graph.spread(folded.size(), node);
        String name = node.outputs().get(0);
        int[] sizes = folded.shape().toArray();
        graph.put(node, OnnxFunctions.isElementwise(node.type()) ? OnnxTensor.of(name, folded.toArray(), sizes)
                : graph.constant(node.input(0)).orElseThrow().like(name, folded.toArray(), sizes));
    }

    private Config withWholes(Config config, OnnxReader.Node node, int input) throws IOException {
        OnnxTensor constant = graph.constant(node.input(input)).orElseThrow(() ->
                new IllegalArgumentException("input " + input + " must be known. Received: \"" + node.input(input) + "\""));
        refuseIf(constant.count() > MOST_WHOLES, "input " + input + " may have up to " + MOST_WHOLES + " numbers. Received: "
                + constant.count());
        float[] numbers = constant.floats();
        if (constant.type() == ElementType.F32) {
            requireCount(constant, 1);
            return config.with("value", (double) numbers[0]);
        }
        long[] wholes = new long[numbers.length];
        Arrays.setAll(wholes, k -> (long) numbers[k]);
        Config with = config.with("input" + input, OnnxReader.clamped(wholes));
        return constant.sizes().length == 1 ? with : with.with("shape" + input, Arrays.stream(constant.sizes()).boxed().toList());
    }

    /** Permutes axes; a permutation followed by its inverse is removed. */
    static Node permuted(Node x, int... dims) {
        int[] before = x.layer() instanceof Permute ? dims(x) : new int[0];
        boolean back = before.length == dims.length;
        boolean same = true;
        for (int i = 0; i < dims.length; i++) {
            back = back && before[dims[i] - 1] == i + 1;
            same = same && dims[i] == i + 1;
        }
        return same ? x : back ? x.inputs().get(0) : new Permute(dims).apply(x);
    }

    /** Images and sequences as layers take them. */
    Node channelsLast(Node x) {
        if (x.layer() instanceof Input) {
            graph.channelsFirst(x);
        }
        return x.shape().rank() == 2 ? permuted(x, 2, 1) : permuted(x, 2, 3, 1);
    }

    static Node channelsFirst(Node x) {
        return x.shape().rank() == 2 ? permuted(x, 2, 1) : permuted(x, 3, 1, 2);
    }

    void requireNear(OnnxReader.Node node, String attribute, float otherwise, float expected) {
        float received = node.real(attribute, otherwise);
        refuseIf(!(Math.abs(received - expected) < NEAR),
                "BERAS has it with " + attribute + " " + expected + " alone. Received: " + received);
    }

    static boolean is(OnnxReader.Node node, String... types) {
        return node.domain().isEmpty() && List.of(types).contains(node.type());
    }

    /** The axes that a node takes; empty if it names none. */
    final long[] axes(OnnxReader.Node node) throws IOException {
        if (graph.opset() < AXES_BY_INPUT) {
            return node.wholes("axes");
        }
        return node.input(1).isEmpty() ? new long[0] : constant(node, 1, "the axes").integers();
    }

    /** An axis counted from 0, the batch axis. */
    static int axis(long axis, int rank) {
        long from0 = axis < 0 ? axis + rank : axis;
        refuseIf(from0 < 0 || from0 >= rank, "there are " + rank + " axes. Received: axis " + axis);
        return (int) from0;
    }

    void alongLast(OnnxReader.Node node, Layer layer) {
        int rank = x(node).shape().rank() + 1;
        long axis = node.whole("axis", graph.opset() < NEW_SOFTMAX ? 1 : -1);
        if (rank > 2 && rank < 5 && axis(axis, rank) == 1) {
            graph.put(node, channelsFirst(layer.apply(channelsLast(x(node)))));
            return;
        }
        refuseIf(rank < 2 || axis(axis, rank) != rank - 1,
                "BERAS has it along the last axis. Received: axis " + axis + " of " + rank);
        graph.put(node, layer.apply(x(node)));
    }

    void requireCount(OnnxTensor tensor, int count) {
        refuseIf(tensor.count() != count,
                "\"" + tensor.name() + "\" must have " + count + " numbers. Received: " + tensor.count());
    }

    static int features(Node x) {
        refuseIf(x.shape().rank() == 0, "examples must have an axis of features. Received: examples that are one number");
        return x.shape().dim(-1);
    }

    static void fill(Variable weight, float[] values) {
        System.arraycopy(values, 0, weight.data(), weight.offset(), values.length);
    }

    void constant(OnnxReader.Node node) {
        String name = node.outputs().get(0);
        for (Map.Entry<String, OnnxReader.Attribute> attribute : node.attributes().entrySet()) {
            OnnxReader.Attribute value = attribute.getValue();
            OnnxTensor made = switch (attribute.getKey()) {
                case "value" -> value.tensor();
                case "value_float" -> OnnxTensor.of(name, new float[] {value.real()});
                case "value_int" -> OnnxTensor.of(name, new long[] {value.whole()});
                case "value_floats" -> OnnxTensor.of(name, value.reals(), value.reals().length);
                case "value_ints" -> OnnxTensor.of(name, value.wholes(), value.wholes().length);
                default -> null;
            };
            if (made != null) {
                graph.put(node, made);
                return;
            }
        }
        throw new IllegalArgumentException("a constant of numbers is needed. Received: " + node.attributes().keySet());
    }
}
