package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a file of ONNX says, unjudged: the graph and what it needs. Weights stay in the file. */
final class OnnxReader {

    static final int MOST_NAME = 1 << 12;

    private static final int MOST_TEXT = 1 << 26; // of metadata
    private static final int MOST_PARTS = 100_000; // nodes, tensors, inputs and their like
    private static final int MOST_NUMBERS = 1 << 22; // of attributes; weights are tensors
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

        String text(String attribute, String otherwise) {
            return attributes.containsKey(attribute) ? attributes.get(attribute).text : otherwise;
        }
    }

    /** A value of an attribute: that which its type says. */
    record Attribute(long type, float real, long whole, String text, OnnxTensor tensor, float[] reals, long[] wholes) {

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
     * @param sizes null: any; -1 for one that is not known
     */
    record Value(String name, long type, long[] sizes) {}

    private final Bytes file;
    private final Map<String, Long> opsets = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private int parts;
    private int numbers;

    OnnxReader(Bytes file) throws IOException {
        this.file = file;
        ProtoReader fields = new ProtoReader(file, "the model");
        boolean hasGraph = false;
        while (fields.next()) {
            switch (fields.field()) {
                case OnnxFields.GRAPH -> {
                    refuseIf(hasGraph, "a model has one graph. Received: another");
                    hasGraph = true;
                    graph(fields.message("the graph"));
                }
                case OnnxFields.OPSET_IMPORT -> opset(fields.message("an opset"));
                case OnnxFields.METADATA -> metadata(fields.message("the metadata"));
                default -> { } // nothing that changes what is computed
            }
        }
        refuseIf(!hasGraph || opsets.isEmpty(), "this is no file of ONNX: it has no " + (hasGraph ? "opset" : "graph"));
    }

    /** The versions of operators by domain; that of ONNX itself is empty. */
    Map<String, Long> opsets() {
        return opsets;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    List<Node> nodes() {
        return nodes;
    }

    Map<String, OnnxTensor> initializers() {
        return initializers;
    }

    /** Initializers may be among them. */
    List<Value> inputs() {
        return inputs;
    }

    List<Value> outputs() {
        return outputs;
    }

    private void count(String what) {
        if (++parts > MOST_PARTS) {
            throw new IllegalArgumentException("a model may have " + MOST_PARTS + " nodes, tensors and their inputs and"
                    + " attributes. Received: more, the last is " + what);
        }
    }

    private static String domain(String name) {
        return name.equals("ai.onnx") ? "" : name;
    }

    private void opset(ProtoReader fields) throws IOException {
        count("an opset");
        String domain = "";
        long version = 0;
        while (fields.next()) {
            switch (fields.field()) {
                case OnnxFields.OPSET_DOMAIN -> domain = domain(fields.text(MOST_NAME));
                case OnnxFields.OPSET_VERSION -> version = fields.number();
                default -> { }
            }
        }
        opsets.put(domain, version);
    }

    private void metadata(ProtoReader fields) throws IOException {
        count("metadata");
        String key = "";
        String value = "";
        while (fields.next()) {
            switch (fields.field()) {
                case OnnxFields.KEY -> key = fields.text(MOST_NAME);
                case OnnxFields.VALUE -> value = fields.text(MOST_TEXT);
                default -> { }
            }
        }
        metadata.put(key, value);
    }

    private void graph(ProtoReader fields) throws IOException {
        while (fields.next()) {
            switch (fields.field()) {
                case OnnxFields.NODE -> nodes.add(node(fields.message("node " + nodes.size())));
                case OnnxFields.INITIALIZER -> {
                    OnnxTensor tensor = OnnxTensor.read(file, fields.message("an initializer"), "an initializer");
                    count(tensor.name());
                    refuseIf(initializers.put(tensor.name(), tensor) != null,
                            "the graph has the tensor \"" + tensor.name() + "\" twice");
                }
                case OnnxFields.INPUT -> inputs.add(value(fields.message("an input")));
                case OnnxFields.OUTPUT -> outputs.add(value(fields.message("an output")));
                case OnnxFields.SPARSE_INITIALIZER -> throw new IllegalArgumentException("the graph has sparse tensors, which"
                        + " BERAS does not have");
                default -> { } // what is known of the shapes between
            }
        }
    }

    private Node node(ProtoReader fields) throws IOException {
        int number = nodes.size();
        String place = "node " + number;
        count(place);
        String name = "";
        String type = "";
        String domain = "";
        List<String> from = new ArrayList<>();
        List<String> to = new ArrayList<>();
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        while (fields.next()) {
            switch (fields.field()) {
                case OnnxFields.NODE_INPUT -> {
                    count(place);
                    from.add(fields.text(MOST_NAME));
                }
                case OnnxFields.NODE_OUTPUT -> {
                    count(place);
                    to.add(fields.text(MOST_NAME));
                }
                case OnnxFields.NODE_NAME -> name = fields.text(MOST_NAME);
                case OnnxFields.OP_TYPE -> type = fields.text(MOST_NAME);
                case OnnxFields.NODE_DOMAIN -> domain = domain(fields.text(MOST_NAME));
                case OnnxFields.ATTRIBUTE -> {
                    count(place);
                    attribute(fields.message("an attribute of " + place), place, attributes);
                }
                default -> { }
            }
        }
        return new Node(number, name, type, domain, from, to, attributes);
    }

    private void attribute(ProtoReader fields, String place, Map<String, Attribute> attributes) throws IOException {
        String name = "";
        long type = 0;
        float real = 0;
        long whole = 0;
        String text = "";
        OnnxTensor tensor = null;
        List<Float> reals = new ArrayList<>();
        List<Long> wholes = new ArrayList<>();
        while (fields.next()) {
            switch (fields.field()) {
                case OnnxFields.ATTRIBUTE_NAME -> name = fields.text(MOST_NAME);
                case OnnxFields.ATTRIBUTE_TYPE -> type = fields.number();
                case OnnxFields.F -> real = fields.real();
                case OnnxFields.I -> whole = fields.number();
                case OnnxFields.S -> text = fields.text(MOST_NAME);
                case OnnxFields.T -> tensor = OnnxTensor.read(file, fields.message("a tensor of " + place), place);
                case OnnxFields.FLOATS -> fields.reals(value -> add(reals, value, place));
                case OnnxFields.INTS -> fields.numbers(value -> add(wholes, value, place));
                default -> { } // graphs and texts, which no operator needs that is read
            }
        }
        float[] allReals = new float[reals.size()];
        for (int i = 0; i < allReals.length; i++) {
            allReals[i] = reals.get(i);
        }
        attributes.put(name, new Attribute(type, real, whole, text, tensor, allReals,
                wholes.stream().mapToLong(Long::longValue).toArray()));
    }

    private <T> void add(List<T> list, T value, String place) {
        if (++numbers > MOST_NUMBERS) {
            throw new IllegalArgumentException("the attributes of all nodes may have " + MOST_NUMBERS
                    + " numbers. Received: more in " + place);
        }
        list.add(value);
    }

    private Value value(ProtoReader fields) throws IOException {
        count("an input or output");
        String name = "";
        long type = 0;
        long[] sizes = null;
        while (fields.next()) {
            if (fields.field() == OnnxFields.VALUE_NAME) {
                name = fields.text(MOST_NAME);
            } else if (fields.field() == OnnxFields.VALUE_TYPE) {
                ProtoReader types = fields.message("a type");
                while (types.next()) {
                    if (types.field() == OnnxFields.TENSOR_TYPE) {
                        ProtoReader tensor = types.message("a type");
                        while (tensor.next()) {
                            if (tensor.field() == OnnxFields.ELEMENT_TYPE) {
                                type = tensor.number();
                            } else if (tensor.field() == OnnxFields.SHAPE) {
                                sizes = sizes(tensor.message("a shape"));
                            }
                        }
                    }
                }
            }
        }
        return new Value(name, type, sizes);
    }

    private static long[] sizes(ProtoReader shape) throws IOException {
        List<Long> sizes = new ArrayList<>();
        while (shape.next()) {
            if (shape.field() == OnnxFields.DIM) {
                long size = -1;
                ProtoReader dim = shape.message("a size");
                while (dim.next()) {
                    if (dim.field() == OnnxFields.DIM_VALUE) {
                        size = dim.number();
                    }
                }
                sizes.add(size);
                refuseIf(sizes.size() > MOST_AXES, "an input or output may have " + MOST_AXES + " axes. Received: more");
            }
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }
}
