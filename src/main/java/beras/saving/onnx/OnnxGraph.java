package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.models.Model;
import beras.saving.FormatSupport;
import beras.saving.Version;
import beras.saving.bytes.ProtoMessage;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A graph of ONNX that is being made, of opset 17. A tensor is identified by its unique name. An {@link OnnxConversion} adds
 * nodes to it.
 */
public final class OnnxGraph {

    /** The first with {@code LayerNormalization}: so runtimes since 2022 read it. */
    static final int OPSET = 17;
    /** The first whose {@code LabelEncoder} goes from texts to numbers and back. */
    static final int ML_OPSET = 2;
    /** The version of the format that came with that opset. */
    static final int IR = 8;
    static final String ML_DOMAIN = "ai.onnx.ml";

    private static final String BATCH = "batch";
    private static final Set<String> COMPARISONS = Set.of("Equal", "Greater", "GreaterOrEqual");
    private static final Set<String> OF_ML = Set.of("LabelEncoder");

    private record Op(String type, List<String> inputs, String output, Object[] attributes) {}

    private final List<Op> ops = new ArrayList<>();
    private final Map<String, Op> makers = new HashMap<>();
    private final Map<String, String> renamed = new HashMap<>(); // outputs of the graph, as the file has them
    private final List<ProtoMessage> inputs = new ArrayList<>();
    private final Map<String, ProtoMessage> outputs = new LinkedHashMap<>();
    private final List<ProtoMessage> initializers = new ArrayList<>();
    private final Map<String, ProtoMessage> constants = new HashMap<>(); // initializers that are no weights
    private final Set<String> names = new HashSet<>();
    private final Map<Variable, String> weights; // with their names
    private final Map<Variable, Map<List<Integer>, String>> written = new IdentityHashMap<>(); // by layout
    private final Map<String, String> taken = new LinkedHashMap<>();
    private final Map<String, Tensor> views = new LinkedHashMap<>();
    private String place = "";
    private boolean ml;

    OnnxGraph(Model model) {
        weights = FormatSupport.weightNames(model);
    }

    /** Where the next tensors belong, such as a layer: their names begin with it. */
    void at(String newPlace) {
        place = newPlace;
    }

    private String unique(String wanted) {
        String name = wanted;
        for (int again = 1; !names.add(name); again++) {
            name = wanted + "_" + again;
        }
        return name;
    }

    // -------------------------------------------------------------------------------------------------- tensors

    /** An input of the graph: a batch of this shape. */
    String input(String name, int type, Shape shape, String doc) {
        String free = unique(name);
        inputs.add(value(free, type, shape).text(OnnxFields.VALUE_DOC, doc));
        return free;
    }

    /** Makes a tensor an output of the graph, a batch of this shape. Returns the name that it has in the file. */
    String output(String tensor, String name, int type, Shape shape) {
        String free = unique(name);
        // An input, and a tensor that is an output already, keep their names.
        Op maker = outputs.containsKey(tensor) || !makers.containsKey(tensor) ? makers.get(op("Identity", tensor))
                : makers.get(tensor);
        renamed.put(maker.output, free);
        outputs.put(maker.output, value(free, type, shape));
        return free;
    }

    /** The name of a tensor in the file; the name of an output is fixed once all outputs are. */
    private String nameInFile(String tensor) {
        return renamed.getOrDefault(tensor, tensor);
    }

    private static ProtoMessage value(String name, int type, Shape shape) {
        ProtoMessage sizes = new ProtoMessage()
                .message(OnnxFields.DIM, new ProtoMessage().text(OnnxFields.DIM_PARAM, BATCH));
        for (int size : shape.toArray()) {
            sizes.message(OnnxFields.DIM, new ProtoMessage().number(OnnxFields.DIM_VALUE, size));
        }
        ProtoMessage tensor = new ProtoMessage().number(OnnxFields.ELEMENT_TYPE, type).message(OnnxFields.SHAPE, sizes);
        return new ProtoMessage().text(OnnxFields.VALUE_NAME, name)
                .message(OnnxFields.VALUE_TYPE, new ProtoMessage().message(OnnxFields.TENSOR_TYPE, tensor));
    }

    /**
     * A weight, once however often it is used.
     *
     * @param sizes its shape in the file
     */
    String weight(Variable weight, int... sizes) {
        return weight(weight, weight, sizes);
    }

    /**
     * A weight of the model as a tensor of its shape, once however often it is used.
     *
     * @throws IllegalArgumentException if it is not of the model
     */
    public String weight(Variable weight) {
        refuseIf(!has(weight), "A weight must be one of the model. Received: " + weight.name() + " "
                + weight.shape());
        return weight(weight, weight.shape().toArray());
    }

    /** As {@link #weight(Variable, int...)}, with its elements in the order of another tensor: each order is a tensor of the file. */
    String weight(Variable weight, Tensor turned, int... sizes) {
        List<Integer> layout = IntStream.concat(Arrays.stream(sizes), Arrays.stream(turned.strides())).boxed().toList();
        return written.computeIfAbsent(weight, any -> new HashMap<>()).computeIfAbsent(layout, any -> {
            String own = weights.get(weight);
            String name = unique(own);
            taken.putIfAbsent(own, name);
            views.put(name, turned);
            return floats(name, turned, sizes);
        });
    }

    /** Whether a weight is one of the model. */
    boolean has(Variable weight) {
        return weights.containsKey(weight);
    }

    /** The weights, in the order of their elements in each tensor that has one. */
    Map<String, Tensor> views() {
        return views;
    }

    /** For each weight, in the order of their use, the name of its tensor. */
    Map<String, String> taken() {
        return taken;
    }

    /** Numbers that are no weight, in their shape. */
    public String constant(String name, Tensor values) {
        return constant(floats(unique(place + "/" + name), values, values.shape().toArray()));
    }

    private String constant(String initializer) {
        constants.put(initializer, initializers.get(initializers.size() - 1));
        return initializer;
    }

    /** One number, rounded to a float, for tensors of any shape. */
    public String scalar(String name, double value) {
        return constant(name, Tensor.scalar((float) value));
    }

    private String floats(String name, Tensor values, int... sizes) {
        initializers.add(tensor(name, OnnxFields.FLOAT, sizes).elements(OnnxFields.RAW_DATA, values));
        return name;
    }

    /** Whole numbers of 64 bits in a row, such as sizes. */
    public String integers(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return raw(name, OnnxFields.INT64, bytes, values.length);
    }

    /** One whole number of 64 bits, without axes. */
    String integer(String name, long value) {
        return raw(name, OnnxFields.INT64, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value));
    }

    /** One double, for tensors of any shape. */
    String real(String name, double value) {
        return raw(name, OnnxFields.DOUBLE, ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value));
    }

    /** Doubles in a row. */
    String reals(String name, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return raw(name, OnnxFields.DOUBLE, bytes, values.length);
    }

    private String raw(String name, int type, ByteBuffer bytes, int... sizes) {
        String free = unique(place + "/" + name);
        initializers.add(tensor(free, type, sizes).bytes(OnnxFields.RAW_DATA, bytes.array()));
        return constant(free);
    }

    private static ProtoMessage tensor(String name, int type, int... sizes) {
        ProtoMessage tensor = new ProtoMessage();
        for (int size : sizes) {
            tensor.number(OnnxFields.DIMS, size);
        }
        return tensor.number(OnnxFields.DATA_TYPE, type).text(OnnxFields.TENSOR_NAME, name);
    }

    // ---------------------------------------------------------------------------------------------------- nodes

    /**
     * Adds a node, and gives the tensor that it computes.
     *
     * @param type       the operator, such as {@code Mul}
     * @param opInputs   the tensors that it takes, of which the empty text stands for none
     * @param attributes names and values in turn: an int or long, a float or double, a {@code long[]} or {@code float[]}, a String or a
     *     {@code List<String>}
     * @throws IllegalArgumentException if an attribute is something else
     */
    public String op(String type, List<String> opInputs, Object... attributes) {
        String output = unique(place + "/" + type);
        Op op = new Op(type, List.copyOf(opInputs), output, attributes);
        ops.add(op);
        makers.put(output, op);
        ml |= OF_ML.contains(type);
        return output;
    }

    /** As {@link #op(String, List, Object...)}, of one tensor. */
    public String op(String type, String x, Object... attributes) {
        return op(type, List.of(x), attributes);
    }

    /** As {@link #op(String, List, Object...)}, of two tensors. */
    public String of(String type, String a, String b) {
        return op(type, List.of(a, b));
    }

    /** A tensor as another type. */
    String cast(String x, int type) {
        return op("Cast", x, "to", (long) type);
    }

    /** Whether each number is not 0, as booleans. */
    String truth(String x) {
        Op cast = makers.get(x);
        Op compared = cast == null || !cast.type.equals("Cast") ? null : makers.get(cast.inputs.get(0));
        return compared != null && COMPARISONS.contains(compared.type) ? compared.output : cast(x, OnnxFields.BOOL);
    }

    /** A batch in another shape of each example; no size is 0. */
    String reshape(String x, int... sizes) {
        long[] all = new long[sizes.length + 1];
        all[0] = -1;
        Arrays.setAll(all, i -> i == 0 ? -1 : sizes[i - 1]);
        return of("Reshape", x, integers("shape", all));
    }

    /** The size of the first axis of a batch. */
    String batch(String x) {
        return op("Shape", x, "start", 0, "end", 1);
    }

    /** A computed first size, followed by the fixed sizes. */
    String sizes(String first, Shape rest) {
        return rest.rank() == 0 ? first : op("Concat", List.of(first, integers("sizes",
                Arrays.stream(rest.toArray()).asLongStream().toArray())), "axis", 0);
    }

    /** The place of the first node that another graph has otherwise, or of whose constants; empty if there is none. */
    Optional<String> difference(OnnxGraph other) {
        List<Op> mine = needed();
        List<Op> others = other.needed();
        for (int i = 0; i < Math.max(mine.size(), others.size()); i++) {
            boolean same = i < Math.min(mine.size(), others.size()) && Arrays.equals(written(mine.get(i), i).toBytes(),
                    other.written(others.get(i), i).toBytes());
            for (String input : same ? mine.get(i).inputs : List.<String>of()) {
                same &= !constants.containsKey(input)
                        || Arrays.equals(constants.get(input).toBytes(), other.constants.get(input).toBytes());
            }
            if (!same) {
                return Optional.of((i < mine.size() ? mine.get(i) : others.get(i)).output);
            }
        }
        return Optional.empty();
    }

    /** The nodes on which the outputs depend, in order. */
    private List<Op> needed() {
        Set<String> needed = new HashSet<>(outputs.keySet());
        List<Op> all = new ArrayList<>();
        for (int i = ops.size() - 1; i >= 0; i--) {
            if (needed.contains(ops.get(i).output)) {
                needed.addAll(ops.get(i).inputs);
                all.add(0, ops.get(i));
            }
        }
        return all;
    }

    /** Whether a file has these nodes. */
    boolean isOf(List<OnnxReader.Node> nodes) {
        return needed().stream().map(op -> List.of(op.type, op.inputs.stream().map(this::nameInFile).toList(),
                List.of(nameInFile(op.output)))).toList()
                .equals(nodes.stream().map(node -> List.of(node.type(), node.inputs(), node.outputs())).toList());
    }

    private ProtoMessage written(Op op, int number) {
        ProtoMessage node = new ProtoMessage();
        op.inputs.forEach(input -> node.text(OnnxFields.NODE_INPUT, nameInFile(input)));
        node.text(OnnxFields.NODE_OUTPUT, nameInFile(op.output)).text(OnnxFields.NODE_NAME, op.type + "_" + number)
                .text(OnnxFields.OP_TYPE, op.type);
        for (int i = 0; i < op.attributes.length; i += 2) {
            node.message(OnnxFields.ATTRIBUTE, attribute((String) op.attributes[i], op.attributes[i + 1]));
        }
        return OF_ML.contains(op.type) ? node.text(OnnxFields.NODE_DOMAIN, ML_DOMAIN) : node;
    }

    private static ProtoMessage attribute(String name, Object value) {
        ProtoMessage attribute = new ProtoMessage().text(OnnxFields.ATTRIBUTE_NAME, name);
        if (value instanceof Float || value instanceof Double) {
            return attribute.float32(OnnxFields.F, ((Number) value).doubleValue())
                    .number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_FLOAT);
        }
        if (value instanceof Long || value instanceof Integer) {
            return attribute.number(OnnxFields.I, ((Number) value).longValue())
                    .number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_INT);
        }
        if (value instanceof long[] numbers) {
            for (long number : numbers) {
                attribute.number(OnnxFields.INTS, number);
            }
            return attribute.number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_INTS);
        }
        if (value instanceof float[] numbers) {
            for (float number : numbers) {
                attribute.float32(OnnxFields.FLOATS, number);
            }
            return attribute.number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_FLOATS);
        }
        if (value instanceof String text) {
            return attribute.bytes(OnnxFields.S, text.getBytes(StandardCharsets.UTF_8))
                    .number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_STRING);
        }
        refuseIf(!(value instanceof List<?>), "An attribute is a number, a long[], a String or a List of such. Received: " + name
                + "=" + value);
        for (Object text : (List<?>) value) {
            attribute.text(OnnxFields.STRINGS, (String) text);
        }
        return attribute.number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_STRINGS);
    }

    // ---------------------------------------------------------------------------------------------------- whole

    /** The model, with these metadata. */
    ProtoMessage model(String name, Map<String, String> metadata) {
        ProtoMessage graph = new ProtoMessage();
        needed().forEach(op -> graph.message(OnnxFields.NODE, written(op, ops.indexOf(op))));
        graph.text(OnnxFields.GRAPH_NAME, name);
        initializers.forEach(initializer -> graph.message(OnnxFields.INITIALIZER, initializer));
        inputs.forEach(input -> graph.message(OnnxFields.INPUT, input));
        outputs.values().forEach(output -> graph.message(OnnxFields.OUTPUT, output));
        ProtoMessage model = new ProtoMessage().number(OnnxFields.IR_VERSION, IR)
                .text(OnnxFields.PRODUCER_NAME, "BERAS").text(OnnxFields.PRODUCER_VERSION, Version.get())
                .message(OnnxFields.GRAPH, graph).message(OnnxFields.OPSET_IMPORT, opset("", OPSET));
        if (ml) {
            model.message(OnnxFields.OPSET_IMPORT, opset(ML_DOMAIN, ML_OPSET));
        }
        metadata.forEach((key, value) -> model.message(OnnxFields.METADATA,
                new ProtoMessage().text(OnnxFields.KEY, key).text(OnnxFields.VALUE, value)));
        return model;
    }

    private static ProtoMessage opset(String domain, int version) {
        return new ProtoMessage().text(OnnxFields.OPSET_DOMAIN, domain).number(OnnxFields.OPSET_VERSION, version);
    }
}
