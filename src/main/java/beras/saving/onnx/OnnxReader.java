package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contents of a file of ONNX, unjudged: the graph and its requirements. Weights stay in the file.
 *
 * @param opsets the versions of operators by domain; that of ONNX itself is empty
 * @param inputs initializers may be among them
 */
record OnnxReader(Map<String, Long> opsets, Map<String, String> metadata, List<OnnxReader.Node> nodes,
        Map<String, OnnxTensor> initializers, List<OnnxReader.Value> inputs, List<OnnxReader.Value> outputs) {

    static final int MOST_NAME = 1 << 12;

    private static final int MOST_TEXT = 1 << 26; // of metadata
    private static final int MOST_NODES = 1 << 15;
    private static final int MOST_AXES = 16;

    /** A node of the graph, by its number from 0. */
    record Node(int number, String name, String type, String domain, List<String> inputs, List<String> outputs,
            Map<String, Attribute> attributes) {

        /** With its place. */
        @Override
        public String toString() {
            return type + " (node " + number + (name.isEmpty() ? "" : ", \"" + name + "\"") + ")";
        }

        /** The input of this number; empty if there is none. */
        String input(int i) {
            return i < inputs.size() ? inputs.get(i) : "";
        }

        long whole(String attribute, long otherwise) {
            return attributes.containsKey(attribute) ? attributes.get(attribute).whole : otherwise;
        }

        float real(String attribute, float otherwise) {
            return attributes.containsKey(attribute) ? attributes.get(attribute).real : otherwise;
        }

        /** A list of whole numbers; empty if there is none. */
        long[] wholes(String attribute) {
            return attributes.containsKey(attribute) ? attributes.get(attribute).wholes : new long[0];
        }

        /** A list of numbers; empty if there is none. */
        float[] reals(String attribute) {
            return attributes.containsKey(attribute) ? attributes.get(attribute).reals : new float[0];
        }

        String text(String attribute, String otherwise) {
            return attributes.containsKey(attribute) ? attributes.get(attribute).text : otherwise;
        }
    }

    /** A value of an attribute, selected by its type. */
    record Attribute(long type, float real, long whole, String text, OnnxTensor tensor, float[] reals, long[] wholes, List<String> texts) {

        /** A number, a text or a list of numbers, as a config has them; null: anything else, or none. */
        Object value() {
            return type == OnnxFields.TYPE_FLOAT ? (Object) (double) real : type == OnnxFields.TYPE_INT ? clamped(whole).get(0)
                    : type == OnnxFields.TYPE_STRING ? text : wholes.length > 0 ? clamped(wholes) : null;
        }
    }

    /** Numbers that are limits, such as the end of a slice, as ints. */
    static List<Integer> clamped(long... numbers) {
        return Arrays.stream(numbers).mapToObj(n -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, n))).toList();
    }

    /**
     * An input or output of the graph.
     *
     * @param type  of the elements, as ONNX numbers it; 0 if it is no tensor
     * @param sizes null: any; -1 for an unknown size
     */
    record Value(String name, long type, long[] sizes) {}

    static OnnxReader of(Bytes file) throws IOException {
        Map<String, Long> opsets = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
        ProtoReader model = new ProtoReader(file, "the model");
        List<ProtoReader> graphs = model.messages(OnnxFields.GRAPH, "the graph");
        refuseIf(graphs.size() > 1, "a model has one graph. Received: another");
        for (ProtoReader opset : model.messages(OnnxFields.OPSET_IMPORT, "an opset")) {
            opsets.put(domain(opset.text(OnnxFields.OPSET_DOMAIN, MOST_NAME)), opset.number(OnnxFields.OPSET_VERSION));
        }
        refuseIf(graphs.isEmpty() || opsets.isEmpty(), "this is no file of ONNX: it has no " + (graphs.isEmpty() ? "graph" : "opset"));
        for (ProtoReader entry : model.messages(OnnxFields.METADATA, "the metadata")) {
            metadata.put(entry.text(OnnxFields.KEY, MOST_NAME), entry.text(OnnxFields.VALUE, MOST_TEXT));
        }
        ProtoReader graph = graphs.get(0);
        refuseIf(graph.has(OnnxFields.SPARSE_INITIALIZER), "the graph has sparse tensors, which BERAS does not have");
        for (ProtoReader initializer : graph.messages(OnnxFields.INITIALIZER, "an initializer")) {
            OnnxTensor tensor = OnnxTensor.read(file, initializer, "an initializer");
            refuseIf(initializers.put(tensor.name(), tensor) != null, "the graph has the tensor \"" + tensor.name() + "\" twice");
        }
        for (ProtoReader node : graph.messages(OnnxFields.NODE, "a node")) {
            refuseIf(nodes.size() == MOST_NODES, "a model may have " + MOST_NODES + " nodes. Received: more");
            nodes.add(node(nodes.size(), file, node));
        }
        return new OnnxReader(opsets, metadata, nodes, initializers, values(graph.messages(OnnxFields.INPUT, "an input")),
                values(graph.messages(OnnxFields.OUTPUT, "an output")));
    }

    private static String domain(String name) {
        return name.equals("ai.onnx") ? "" : name;
    }

    private static Node node(int number, Bytes file, ProtoReader node) throws IOException {
        String place = "node " + number;
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (ProtoReader of : node.messages(OnnxFields.ATTRIBUTE, "an attribute of " + place)) {
            OnnxTensor tensor = null;
            for (ProtoReader each : of.messages(OnnxFields.T, "a tensor of " + place)) {
                tensor = OnnxTensor.read(file, each, place);
            }
            attributes.put(of.text(OnnxFields.ATTRIBUTE_NAME, MOST_NAME), new Attribute(of.number(OnnxFields.ATTRIBUTE_TYPE),
                    of.real(OnnxFields.F), of.number(OnnxFields.I), of.text(OnnxFields.S, MOST_NAME), tensor,
                    of.reals(OnnxFields.FLOATS), of.numbers(OnnxFields.INTS), of.texts(OnnxFields.STRINGS, MOST_NAME)));
        }
        return new Node(number, node.text(OnnxFields.NODE_NAME, MOST_NAME), node.text(OnnxFields.OP_TYPE, MOST_NAME),
                domain(node.text(OnnxFields.NODE_DOMAIN, MOST_NAME)), node.texts(OnnxFields.NODE_INPUT, MOST_NAME),
                node.texts(OnnxFields.NODE_OUTPUT, MOST_NAME), attributes);
    }

    private static List<Value> values(List<ProtoReader> messages) throws IOException {
        List<Value> values = new ArrayList<>();
        for (ProtoReader value : messages) {
            long type = 0;
            long[] sizes = null;
            for (ProtoReader types : value.messages(OnnxFields.VALUE_TYPE, "a type")) {
                for (ProtoReader tensor : types.messages(OnnxFields.TENSOR_TYPE, "a type")) {
                    type = tensor.number(OnnxFields.ELEMENT_TYPE);
                    for (ProtoReader shape : tensor.messages(OnnxFields.SHAPE, "a shape")) {
                        sizes = sizes(shape.messages(OnnxFields.DIM, "a size"));
                    }
                }
            }
            values.add(new Value(value.text(OnnxFields.VALUE_NAME, MOST_NAME), type, sizes));
        }
        return values;
    }

    private static long[] sizes(List<ProtoReader> dims) {
        refuseIf(dims.size() > MOST_AXES, "an input or output may have " + MOST_AXES + " axes. Received: more");
        return dims.stream().mapToLong(dim -> dim.has(OnnxFields.DIM_VALUE) ? dim.number(OnnxFields.DIM_VALUE) : -1).toArray();
    }
}
