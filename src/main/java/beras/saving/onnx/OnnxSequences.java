package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Bidirectional;
import beras.layers.Concatenate;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.Recurrent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Recurrent operators of ONNX, which have the steps before the batch and an axis of directions, and the nodes around them that move
 * these axes. A layer is made when a tensor with the batch as first axis, and without directions, is reached.
 */
final class OnnxSequences extends OnnxFamily {

    static final String[] OPERATORS = {"LSTM", "GRU", "RNN"};
    private static final int BIAS = 3; // inputs
    private static final int LENGTHS = 4;

    /**
     * A tensor between such nodes.
     *
     * @param axes   a letter for each: {@code b}atch, {@code t}ime, {@code d}irection, {@code u}nit
     * @param steps  how many there are; 0: open
     * @param count  of the directions
     * @param part   of one direction, with the axes {@code btu} or {@code bu}; of -1: all of them side by side
     * @param last   what the layer gives after all steps, in the place {@code end}; null: unknown
     */
    private record States(String axes, int steps, int count, IntFunction<Node> part, States last, int end) {

        Node all() {
            return part.apply(count == 1 ? 0 : -1);
        }

        States withAxes(String others) {
            return new States(others, steps, count, part, last, end);
        }

        static States of(Node x) {
            return new States("btu", x.shape().dim(0), 1, any -> x, null, 0);
        }
    }

    private final Map<String, States> states = new HashMap<>();
    private final Map<Node, States> sequences = new HashMap<>(); // those that became nodes
    private final Map<List<?>, Node> made = new HashMap<>(); // by layer and input

    OnnxSequences(OnnxImport graph) {
        super(graph);
    }

    /** Whether a node moves axes of sequences. */
    boolean takes(OnnxReader.Node node) throws IOException {
        boolean turns = is(node, "Transpose") && Arrays.equals(node.wholes("perm"), new long[] {1, 0, 2})
                && graph.users(node.outputs().get(0)).stream().allMatch(user -> is(user, OPERATORS));
        States of = is(node, "Gather") && node.whole("axis", 0) == 1 ? graph.found(node.input(0)).map(sequences::get).orElse(null) : null;
        boolean selects = of != null && isLast(node, of);
        return turns || selects || node.inputs().stream().anyMatch(states::containsKey);
    }

    /** Whether a tensor is of no use but as the initial states of recurrent operators. */
    boolean isInitial(String tensor) {
        return graph.users(tensor).stream().allMatch(user -> isInitial(user, tensor) || is(user, "Slice") && user.outputs().size() == 1
                && graph.users(user.outputs().get(0)).stream().allMatch(next -> isInitial(next, user.outputs().get(0))));
    }

    private static boolean isInitial(OnnxReader.Node user, String tensor) {
        return is(user, OPERATORS) && user.inputs().indexOf(tensor) > LENGTHS;
    }

    private void put(OnnxReader.Node node, States made) {
        if (made.axes.equals("btu") || made.axes.equals("bu")) {
            graph.put(node, made.all());
            sequences.put(graph.found(node.outputs().get(0)).orElseThrow(), made);
        } else {
            states.put(node.outputs().get(0), made);
        }
    }

    /** A node that {@link #takes} is true for. */
    void add(OnnxReader.Node node) throws IOException {
        States x = states.containsKey(node.input(0)) ? states.get(node.input(0)) : is(node, "Transpose", "Gather")
                ? sequences.getOrDefault(x(node), x(node).shape().rank() == 2 ? States.of(x(node)) : null) : null;
        String axes = x == null ? "" : x.axes;
        int d = axes.indexOf('d');
        boolean joins = d >= 0 && (x.count == 1 || axes.contains("du"));
        if (is(node, "Transpose") && node.wholes("perm").length == axes.length()) {
            StringBuilder turned = new StringBuilder();
            Arrays.stream(node.wholes("perm")).forEach(from -> turned.append(axes.charAt(axis(from, axes.length()))));
            put(node, x.withAxes(turned.toString()));
        } else if (is(node, "Squeeze") && x != null && x.count == 1 && Arrays.stream(axes(node)).allMatch(i -> axis(i, axes.length()) == d)) {
            put(node, x.withAxes(axes.replace("d", "")));
        } else if (is(node, "Reshape") && joins && joins(node, x)) {
            put(node, x.withAxes(axes.replace("d", "")));
        } else if (is(node, "Gather") && x != null) {
            put(node, gathered(node, x, axis(node.whole("axis", 0), axes.length())));
        } else if (is(node, "Concat") && axis(node.whole("axis", 0), axes.length()) == d) {
            put(node, joined(node, axes));
        } else if (is(node, "Identity")) {
            put(node, x);
        } else {
            throw new IllegalArgumentException("between recurrent operators BERAS reads what moves axes, with the batch as the first axis at last,"
                    + " as of a module with batch_first. Received: a tensor of " + axes.chars().mapToObj(axis -> axis == 'b' ? "the batch"
                    : axis == 't' ? "steps" : axis == 'd' ? "directions" : "units").toList());
        }
    }

    /** Whether a shape puts the directions side by side, and leaves all else. */
    private boolean joins(OnnxReader.Node node, States x) throws IOException {
        long[] sizes = constant(node, 1, "the shape").integers();
        String kept = x.axes.replace("d", "");
        boolean fits = sizes.length == kept.length();
        for (int i = 0; fits && i < sizes.length; i++) {
            int size = kept.charAt(i) == 'u' ? features(x.all()) : kept.charAt(i) == 't' ? x.steps : 0;
            fits = sizes[i] <= 0 || size == 0 || sizes[i] == size;
        }
        return fits;
    }

    private States gathered(OnnxReader.Node node, States x, int axis) throws IOException {
        OnnxTensor index = constant(node, 1, "the index");
        long[] places = index.integers();
        char letter = x.axes.charAt(axis);
        String rest = index.sizes().length == 0 ? x.axes.substring(0, axis) + x.axes.substring(axis + 1) : x.axes;
        if (letter == 'd' && places.length == 1) {
            int place = axis(places[0], x.count);
            return new States(rest, x.steps, 1, any -> x.part.apply(place), null, 0);
        }
        boolean turns = letter == 't' && places.length == x.steps && x.count == 1 && x.steps > 0;
        for (int i = 0; i < places.length; i++) {
            turns = turns && places[i] == x.steps - 1 - i;
        }
        if (turns && index.sizes().length == 1) {
            return new States(x.axes, x.steps, 1, any -> turned(x.all()), x.last, x.steps - 1 - x.end);
        }
        if (letter == 't' && isLast(node, x)) {
            return x.last.withAxes(rest);
        }
        throw new IllegalArgumentException("of the results of a recurrent operator a direction or the last step is read. Received: "
                + Arrays.toString(places) + " along axis " + axis);
    }

    /** Whether an index is that of what a layer gives after all steps. */
    private boolean isLast(OnnxReader.Node node, States x) throws IOException {
        OnnxTensor index = graph.constant(node.input(1)).filter(each -> each.count() == 1 && each.sizes().length == 0).orElse(null);
        if (index == null || x.last == null) {
            return false;
        }
        long place = index.integers()[0];
        return place == x.end || x.steps > 0 && axis(place, x.steps) == axis(x.end, x.steps);
    }

    private Node turned(Node x) {
        Config slice = Config.of("Slice").with("input1", List.of(-1)).with("input2", List.of(Integer.MIN_VALUE)).with("input3", List.of(1))
                .with("input4", List.of(-1));
        return made.computeIfAbsent(List.of(x), any -> new OnnxOperator(slice, List.of(OnnxOperator.INPUT)).apply(x));
    }

    /** The directions of several operators, such as those of layers one behind the other. */
    private States joined(OnnxReader.Node node, String axes) {
        List<Supplier<Node>> parts = new ArrayList<>();
        for (String input : node.inputs()) {
            States each = states.get(input);
            refuseIf(each == null || !each.axes.equals(axes), "states of one form are joined. Received: " + node.inputs());
            IntStream.range(0, each.count).forEach(i -> parts.add(() -> each.part.apply(i)));
        }
        return new States(axes, 0, parts.size(), i -> i >= 0 ? parts.get(i).get()
                : new Concatenate().apply(parts.stream().map(Supplier::get).toArray(Node[]::new)), null, 0);
    }

    // --------------------------------------------------------------------------------------------------------- layers

    /** A recurrent operator. */
    void recurrent(OnnxReader.Node node) throws IOException {
        States x = states.get(node.input(0));
        refuseIf(x == null || !x.axes.equals("tbu"), "the steps must come from a Transpose of sequences whose first axis is the batch, as of a"
                + " module with batch_first. Received: \"" + node.input(0) + "\"");
        String direction = node.text("direction", "forward");
        boolean both = direction.equals("bidirectional");
        int directions = both ? 2 : 1;
        refuseIf(!List.of("forward", "reverse", "bidirectional").contains(direction), "there is no such direction. Received: " + direction);
        refuseIf(node.whole("layout", 0) != 0 || node.whole("input_forget", 0) != 0 || node.attributes().containsKey("clip"),
                "BERAS has layout and input_forget 0, and no clip. Received: " + node.attributes().keySet());
        OnnxTensor kernel = constant(node, 1, "the kernel");
        OnnxTensor recurrent = constant(node, 2, "the recurrent kernel");
        int gates = node.type().equals("LSTM") ? 4 : node.type().equals("GRU") ? 3 : 1;
        refuseIf(recurrent.sizes().length != 3, "\"" + recurrent.name() + "\" must have three axes. Received: " + recurrent.sizes().length);
        int units = recurrent.sizes()[2];
        int features = features(x.all());
        List<OnnxTensor> weights = new ArrayList<>(List.of(kernel, recurrent));
        optional(node, BIAS, "the bias").ifPresent(weights::add);
        int width = recurrent.count() / Math.max(1, units); // of all directions
        refuseIf(width != directions * (long) gates * units, "\"" + recurrent.name() + "\" must be of " + directions + " times " + gates + " gates of as many"
                + " columns. Received shape: " + Arrays.toString(recurrent.sizes()));
        requireCount(kernel, (int) Math.min(Integer.MAX_VALUE, (long) width * features));
        if (weights.size() > 2) {
            requireCount(weights.get(2), 2 * width);
        }
        requireStart(node, x.steps);
        Config config = config(node, units, directions, weights.size() > 2);
        IntFunction<Node> whole = i -> made(node, x, i, config.with("returnSequences", true), direction, weights);
        IntFunction<Node> part = i -> i == 1 || direction.equals("reverse") ? turned(whole.apply(i)) : whole.apply(i);
        IntFunction<Node> ends = i -> made(node, x, i, config, direction, weights);
        States last = new States("dbu", 0, directions, ends, null, 0);
        put(node, new States("tdbu", x.steps, directions, part, both ? null : last, direction.equals("reverse") ? 0 : -1));
        if (node.outputs().size() > 1) {
            states.put(node.outputs().get(1), last);
        }
    }

    /** Refuses lengths, and other states at the beginning or peepholes than zeros. */
    private void requireStart(OnnxReader.Node node, int steps) throws IOException {
        for (int i = LENGTHS; i < node.inputs().size(); i++) {
            if (!node.input(i).isEmpty()) {
                float[] numbers = constant(node, i, i == LENGTHS ? "the lengths" : "the initial state").floats();
                for (float number : numbers) {
                    refuseIf(number != (i == LENGTHS ? steps : 0), "sequences have all their " + steps + " steps, and states begin as zeros, without"
                            + " peepholes. Received as input " + i + ": " + number);
                }
            }
        }
    }

    private Config config(OnnxReader.Node node, int units, int directions, boolean bias) {
        boolean isGru = node.type().equals("GRU");
        List<String> defaults = node.type().equals("LSTM") ? List.of("Sigmoid", "Tanh", "Tanh") : isGru ? List.of("Sigmoid", "Tanh") : List.of("Tanh");
        OnnxReader.Attribute given = node.attributes().get("activations");
        List<Config> functions = OnnxRecurrent.functions(given == null ? defaults : given.texts(), node.reals("activation_alpha"),
                node.reals("activation_beta"));
        int each = defaults.size();
        refuseIf(functions.size() != each && functions.size() != each * directions || IntStream.range(0, functions.size())
                .anyMatch(i -> !functions.get(i).equals(functions.get(i % each == 2 ? 1 : i % each))), "BERAS has one activation of gates and one of"
                + " states, for both directions. Received: " + functions);
        Config config = Config.of(node.type().equals("RNN") ? "SimpleRNN" : node.type()).with("units", units).with("useBias", bias)
                .with("activation", functions.get(each == 1 ? 0 : 1)).with("recurrentActivation", each == 1 ? null : functions.get(0));
        return isGru ? config.with("resetAfter", node.whole("linear_before_reset", 0) != 0) : config;
    }

    /** A layer of one direction; -1: of both. */
    private Node made(OnnxReader.Node node, States x, int direction, Config config, String directions, List<OnnxTensor> weights) {
        Config settings = config.with("goBackwards", direction == 1 || directions.equals("reverse"));
        List<OnnxTensor> all = new ArrayList<>(weights);
        all.addAll(direction < 0 ? weights : List.of());
        Node input = x.all();
        Layer made = graph.weighted(node, all, List.of(direction, settings.toString()), () -> direction < 0
                ? new Bidirectional((Recurrent<?>) Layers.REGISTRY.of(settings)) : Layers.REGISTRY.of(settings), layer -> {
                    if (direction < 0) {
                        fill((Recurrent<?>) layer.layers().get(0), 0, weights);
                        fill((Recurrent<?>) layer.layers().get(1), 1, weights);
                    } else {
                        fill((Recurrent<?>) layer, direction, weights);
                    }
                });
        return this.made.computeIfAbsent(List.of(made, input), any -> made.apply(input));
    }

    /** The rows of gates become columns, in BERAS's order. */
    private static void fill(Recurrent<?> layer, int direction, List<OnnxTensor> weights) throws IOException {
        int units = layer.units();
        int width = layer.kernel().dim(1);
        int[] gates = OnnxRecurrent.gates(layer);
        for (int w = 0; w < 2; w++) {
            float[] from = weights.get(w).floats();
            int rows = layer.weights().get(w).dim(0);
            float[] to = new float[rows * width];
            for (int row = 0; row < width; row++) {
                for (int i = 0; i < rows; i++) {
                    to[i * width + gates[row / units] * units + row % units] = from[(direction * width + row) * rows + i];
                }
            }
            fill(layer.weights().get(w), to);
        }
        if (weights.size() > 2) {
            float[] from = weights.get(2).floats();
            float[] to = new float[layer.bias().size()];
            for (int row = 0; row < 2 * width; row++) {
                int column = gates[row % width / units] * units + row % units;
                to[row < width || to.length == width ? column : width + column] += from[2 * direction * width + row];
            }
            fill(layer.bias(), to);
        }
    }
}
