package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Bytes;
import beras.files.FileFailure;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.saving.FormatSupport;
import beras.saving.PortableFormat.Imported;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import beras.saving.bytes.ElementType;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes a model of a graph of ONNX. Nodes that turn its outputs into labels, as scikit-learn's exporter adds them, are left
 * out.
 */
final class OnnxImport {

    static final long BATCH = Long.MIN_VALUE; // stands for the unknown size of the first axis

    private static final int FIRST_OPSET = 7;
    private static final int LAST_OPSET = 24;
    private static final int LAST_ML_OPSET = 5;
    private static final String ML = OnnxGraph.ML_DOMAIN;
    private static final int MOST_SPREAD = 1 << 24;

    /** Operators that turn numbers into labels, or change their form. */
    private static final Set<String> TAIL = Set.of("ArgMax", "ArrayFeatureExtractor", "Cast", "Identity", "LabelEncoder",
            "Reshape", "Squeeze", "ZipMap", "Less", "Greater", "Not", "Where", "TopK");

    /** Puts numbers into the weights of a layer. */
    interface Filling<L extends Layer> {
        void fill(L layer) throws IOException;
    }

    /** A layer that is not filled yet, with the names of the tensors of its weights. */
    private record Unfilled<L extends Layer>(L layer, List<String> names, Filling<? super L> filling) {

        void fill() throws IOException {
            filling.fill(layer);
        }
    }

    private final OnnxReader graph;
    private final long size;
    private final Map<String, OnnxReader.Node> makers = new HashMap<>();
    private final Map<String, List<OnnxReader.Node>> users = new HashMap<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, OnnxTensor> constants = new HashMap<>();
    private final List<Unfilled<?>> unfilled = new ArrayList<>();
    private final Map<List<?>, Layer> shared = new HashMap<>();
    private final Set<OnnxTensor> claimed = new HashSet<>();
    private final List<String> remarks = new ArrayList<>();
    private final Set<OnnxReader.Node> added = new HashSet<>();
    private final Set<OnnxReader.Node> done = new HashSet<>(); // as part of the layer of another
    private final Set<Long> fixedBatches = new HashSet<>();
    private long spread;

    private OnnxImport(Bytes file) throws IOException {
        graph = OnnxReader.of(file);
        size = file.size();
        requireOpsets();
        constants.putAll(graph.initializers());
        Set<String> names = new HashSet<>(constants.keySet());
        for (OnnxReader.Value input : graph.inputs()) {
            refuseIf(!constants.containsKey(input.name()) && !names.add(input.name()),
                    "the graph has the tensor \"" + input.name() + "\" twice");
        }
        for (OnnxReader.Node node : graph.nodes()) {
            for (String output : node.outputs()) {
                refuseIf(!output.isEmpty() && (!names.add(output) || makers.put(output, node) != null),
                        node + " makes the tensor \"" + output + "\", which is there already");
            }
            for (String input : node.inputs()) {
                users.computeIfAbsent(input, any -> new ArrayList<>()).add(node);
            }
        }
    }

    private void requireOpsets() {
        graph.opsets().forEach((domain, version) -> {
            long last = domain.isEmpty() ? LAST_OPSET : domain.equals(ML) ? LAST_ML_OPSET : Long.MAX_VALUE;
            long first = domain.isEmpty() ? FIRST_OPSET : 1;
            refuseIf(version < first || version > last, "BERAS reads the opsets " + first + " to " + last + " of "
                    + (domain.isEmpty() ? "ONNX" : domain) + ". Received: " + version + ". Export the model with another one");
        });
    }

    /**
     * The model in a file.
     *
     * @throws IllegalArgumentException if it is no file of ONNX, or has a graph that BERAS cannot compute, with all operators
     *     that it does not have
     */
    static Imported read(Bytes file) throws IOException {
        try {
            return new OnnxImport(file).imported();
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) { // of the metadata
            throw new IllegalArgumentException("the metadata are not the JSON that BERAS writes: " + FileFailure.ofJson(e), e);
        }
    }

    /** The model of the metadata, if BERAS wrote the file and the graph equals its export of that model. */
    private Optional<Imported> own(Map<String, String> metadata) throws IOException {
        OnnxWriter writer;
        SavedModel saved;
        try {
            saved = FormatSupport.withMetadata(new SavedModel(Models.zeroInitializedWithin(
                    FormatSupport.config(metadata, FormatSupport.MODEL), size / Float.BYTES)), metadata);
            writer = new OnnxWriter(saved);
        } catch (IllegalArgumentException e) { // such as a layer that is not registered
            return Optional.empty();
        }
        Map<String, Tensor> views = writer.graph.views();
        boolean same = writer.graph.isOf(graph.nodes())
                && writer.report().taken().keySet().equals(FormatSupport.weights(saved.model()).keySet())
                && views.entrySet().stream().allMatch(view -> constants.containsKey(view.getKey())
                        && constants.get(view.getKey()).count() == view.getValue().size());
        if (!same) {
            return Optional.empty();
        }
        for (Map.Entry<String, Tensor> view : views.entrySet()) {
            fill(view.getValue(), constants.get(view.getKey()).floats());
        }
        return Optional.of(new Imported(saved, new WeightReport(writer.report().taken(), List.of())));
    }

    private static void fill(Tensor view, float... values) {
        for (int i = 0; i < values.length; i++) {
            int at = view.offset();
            for (int axis = view.rank() - 1, rest = i; axis >= 0; rest /= view.dim(axis--)) {
                at += rest % view.dim(axis) * view.strides()[axis];
            }
            view.data()[at] = values[i];
        }
    }

    private Imported imported() throws IOException {
        Map<String, String> metadata = graph.metadata();
        Optional<Imported> own = metadata.containsKey(FormatSupport.MODEL) ? own(metadata) : Optional.empty();
        if (own.isPresent()) {
            return own.get();
        }
        List<Node> inputs = new ArrayList<>();
        List<String> outputs = outputs();
        for (OnnxReader.Value value : graph.inputs()) {
            if (!constants.containsKey(value.name())) {
                inputs.add(input(value));
            }
        }
        List<OnnxReader.Node> needed = needed(outputs);
        OnnxOperators operators = new OnnxOperators(this);
        operators.requireAll(needed);
        for (OnnxReader.Node node : needed) {
            operators.add(node);
            added.add(node);
        }
        Model model = model(inputs, outputs.stream().map(output -> node(output, "the outputs of the graph")).toList());
        for (Unfilled<?> layer : unfilled) {
            if (layer.layer.built()) { // else no output needs it
                layer.fill();
            }
        }
        metadata.remove(FormatSupport.PREPROCESSOR); // of other tensors than the inputs of the graph
        SavedModel saved = FormatSupport.withMetadata(new SavedModel(model), metadata);
        return new Imported(saved.leftOut(remarks), new WeightReport(taken(model), remarks));
    }

    private Map<String, String> taken(Model model) {
        Map<Variable, String> from = new IdentityHashMap<>();
        for (Unfilled<?> each : unfilled) {
            for (int i = 0; i < each.names.size() && each.layer.built(); i++) {
                from.put(each.layer.weights().get(i), each.names.get(i));
            }
        }
        Map<String, String> taken = new LinkedHashMap<>();
        FormatSupport.weights(model).forEach((name, weight) -> {
            if (from.containsKey(weight)) { // else it was made of numbers of the graph
                taken.put(name, from.get(weight));
            }
        });
        return taken;
    }

    /** A chain becomes a {@code Sequential}. */
    private Model model(List<Node> inputs, List<Node> outputs) {
        List<Layer> chain = new ArrayList<>();
        if (inputs.size() == 1 && outputs.size() == 1) {
            Node node = outputs.get(0);
            Set<Layer> seen = new HashSet<>();
            for (; node.inputs().size() == 1 && seen.add(node.layer()); node = node.inputs().get(0)) {
                chain.add(0, node.layer());
            }
            if (node == inputs.get(0) && !chain.isEmpty()) {
                chain.add(0, node.layer());
                return new Sequential(chain.toArray(Layer[]::new));
            }
        }
        Set<Node> reached = new HashSet<>();
        List<Node> open = new ArrayList<>(outputs);
        while (!open.isEmpty()) {
            Node node = open.remove(open.size() - 1);
            if (reached.add(node)) {
                open.addAll(node.inputs());
            }
        }
        inputs.stream().filter(input -> !reached.contains(input)).forEach(input -> remarks.add("The input \""
                + input.layer().name() + "\" is left out, for no output depends on it"));
        return new Functional(inputs.stream().filter(reached::contains).toList(), outputs);
    }

    // ----------------------------------------------------------------------------------------------- what is needed

    /** The outputs of the graph, before the nodes that turn numbers into labels. */
    private List<String> outputs() {
        List<String> kept = new ArrayList<>();
        Set<String> behind = new LinkedHashSet<>(); // of outputs that are left away
        for (OnnxReader.Value output : graph.outputs()) {
            String tensor = output.name();
            OnnxReader.Node maker = makers.get(tensor);
            if (maker != null && maker.type().equals("ZipMap") && maker.domain().equals(ML)) {
                tensor = maker.input(0);
                remarks.add("The output \"" + output.name() + "\" is a map for each example: the numbers are kept, the names are"
                        + " not");
            } else if (!OnnxTensor.isReal(OnnxTensor.type(output.type()))) {
                remarks.add("The output \"" + output.name() + "\" is left away, for it has no floats but what follows from them,"
                        + " such as the label of the largest");
                behind(tensor).ifPresent(behind::add);
                continue;
            }
            kept.add(tensor);
        }
        if (kept.isEmpty()) {
            kept.addAll(behind);
        }
        refuseIf(kept.isEmpty(),
                "the graph has no output of floats. Received: " + graph.outputs().stream().map(OnnxReader.Value::name).toList());
        return kept;
    }

    /** The numbers of which a label is made. */
    private Optional<String> behind(String label) {
        String tensor = label;
        Set<String> seen = new HashSet<>();
        while (seen.add(tensor) && makers.containsKey(tensor) && TAIL.contains(makers.get(tensor).type())) {
            OnnxReader.Node maker = makers.get(tensor);
            if (maker.type().equals("ArgMax")) {
                return Optional.of(maker.input(0));
            }
            tensor = maker.input(maker.type().equals("ArrayFeatureExtractor") ? 1 : 0);
        }
        return Optional.empty();
    }

    /** The nodes on which the outputs depend, in the order of the graph. */
    private List<OnnxReader.Node> needed(List<String> outputs) {
        Set<OnnxReader.Node> found = new HashSet<>();
        List<String> open = new ArrayList<>(outputs);
        while (!open.isEmpty()) {
            String tensor = open.remove(open.size() - 1);
            OnnxReader.Node maker = nodes.containsKey(tensor) ? null : makers.get(tensor);
            if (maker != null && found.add(maker)) {
                open.addAll(maker.inputs());
            }
        }
        return graph.nodes().stream().filter(found::contains).toList();
    }

    private boolean isOfSequences(String input) {
        return users(input).stream().anyMatch(user -> user.type().equals("Transpose"))
                && graph.nodes().stream().anyMatch(node -> OnnxFamily.is(node, OnnxSequences.OPERATORS));
    }

    private Node input(OnnxReader.Value value) {
        ElementType type = OnnxTensor.type(value.type());
        long[] all = value.sizes();
        boolean fits = type != null && all != null && all.length > 0;
        int[] shape = new int[fits ? all.length - 1 : 0];
        for (int i = 1; fits && i < all.length; i++) {
            fits = all[i] > 0 && all[i] <= Integer.MAX_VALUE || all.length == 3 && i == 1 && all[i] == -1 && isOfSequences(value.name());
            shape[i - 1] = (int) Math.max(0, all[i]); // the steps may be open
        }
        refuseIf(!fits, "the input \"" + value.name() + "\" must be numbers of a known shape behind the batch axis. Received: "
                + (value.type() == OnnxFields.STRING ? "strings" : type == null ? "another type" : type + " of shape " + (all == null ? "unknown"
                : Arrays.toString(all).replace("-1", "?"))));
        if (all[0] > 0) {
            fixedBatches.add(all[0]);
            remarks.add("The input \"" + value.name() + "\" has a batch of " + all[0] + " in the file, and of any size here");
        }
        Layer layer = new Input(shape);
        if (!value.name().isBlank() && !value.name().contains("/")) {
            layer.named(value.name());
        }
        Node node = layer.apply();
        nodes.put(value.name(), node);
        return node;
    }

    // ------------------------------------------------------------------------------------------- for the operators

    /** The version of the operators of ONNX. */
    long opset() {
        return graph.opsets().getOrDefault("", (long) LAST_OPSET);
    }

    /** The tensor of this name, if it is computed from inputs. */
    Optional<Node> found(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    /** As {@link #found}; there must be one. */
    Node node(String name, String who) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException(who + (constants.containsKey(name) ? ": \"" + name
                    + "\" must be computed from inputs. Received: a constant" : !makers.containsKey(name)
                    ? ": there is no tensor \"" + name + "\"" : added.contains(makers.get(name)) ? ": BERAS does not compute \""
                    + name + "\", of " + makers.get(name) : ": \"" + name + "\" is needed before it is made, by "
                    + makers.get(name) + ": the nodes go in a circle, or are not in order"));
        }
        return node;
    }

    /** The constant of this name, if it is one. */
    Optional<OnnxTensor> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    void put(OnnxReader.Node node, Node made) {
        putAs(node.outputs().get(0), made);
    }

    void putAs(String tensor, Node made) {
        nodes.put(tensor, made);
    }

    void put(OnnxReader.Node node, OnnxTensor constant) {
        constants.put(node.outputs().get(0), constant);
    }

    /** The nodes that take a tensor; outputs of the graph do not count. */
    List<OnnxReader.Node> users(String tensor) {
        return users.getOrDefault(tensor, List.of());
    }

    boolean isOutput(String tensor) {
        return graph.outputs().stream().anyMatch(output -> output.name().equals(tensor));
    }

    /** Notes that a node became part of the layer of another. */
    void done(OnnxReader.Node node) {
        done.add(node);
    }

    boolean isDone(OnnxReader.Node node) {
        return done.contains(node);
    }

    /** Notes that an input has its channels before the pixels, as the file has it. */
    void channelsFirst(Node input) {
        String remark = "The input \"" + input.layer().name() + "\" has its channels first, " + input.shape()
                + ", as in the file: what is the other way round, as images are here, must be turned before";
        if (!remarks.contains(remark)) {
            remarks.add(remark);
        }
    }

    /** Whether a size is that of the batch for which a graph was made. */
    boolean isBatch(long size) {
        return fixedBatches.size() == 1 && fixedBatches.contains(size);
    }

    /** Counts numbers that a weight needs and the file has not, before there is memory for them. */
    void spread(long numbers, OnnxReader.Node node) {
        spread += numbers;
        refuseIf(spread > MOST_SPREAD,
                node + ": numbers that stand for several weights may become " + MOST_SPREAD + ". Received: " + spread);
    }

    /** Fills the weights of a layer when the model is whole; {@code names} are the names of their tensors, in order. */
    <L extends Layer> void later(L layer, List<String> names, Filling<? super L> filling) {
        unfilled.add(new Unfilled<>(layer, names, filling));
    }

    /**
     * A layer with these tensors as weights: an existing one with the same tensors, else a new one. So shared weights stay
     * shared, and need no more memory than the file.
     *
     * @param settings further settings that distinguish layers
     */
    @SuppressWarnings("unchecked") // the same tensors with the same settings are of one kind of layer
    <L extends Layer> L weighted(OnnxReader.Node node, List<OnnxTensor> tensors, List<?> settings, Supplier<L> maker,
            Filling<? super L> filling) {
        List<?> key = List.of(node.type(), tensors, settings);
        if (!shared.containsKey(key)) {
            for (OnnxTensor tensor : tensors) {
                if (!claimed.add(tensor)) {
                    spread(tensor.count(), node);
                }
            }
            L layer = maker.get();
            shared.put(key, layer);
            later(layer, tensors.stream().map(OnnxTensor::name).toList(), filling);
        }
        return (L) shared.get(key);
    }
}
