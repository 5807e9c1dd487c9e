package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Concatenate;
import beras.layers.Flatten;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.Reshape;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.saving.bytes.ElementType;
import beras.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The conversion of ONNX's operators to layers: a line each, in one table. */
final class OnnxOperators extends OnnxFamily {

    /** Converts a node. */
    private interface Operator {

        void add(OnnxOperators to, OnnxReader.Node node) throws IOException;
    }

    /** Functions that a node becomes through its line alone, or of constants. */
    private static final Set<String> BY_LINE = Set.of("AveragePool", "Concat", "ConvTranspose", "LpPool", "MaxPool", "Reshape", "Squeeze",
            "Transpose", "Unsqueeze");

    /** Operators that are one layer each, without settings. */
    private static final Map<String, String> SAME = Map.ofEntries(Map.entry("Add", "Add"), Map.entry("Exp", "Exponential"),
            Map.entry("HardSwish", "HardSiLU"), Map.entry("Max", "Maximum"), Map.entry("Mean", "Average"), Map.entry("Min", "Minimum"),
            Map.entry("Mish", "Mish"), Map.entry("Mul", "Multiply"), Map.entry("Relu", "ReLU"), Map.entry("Sigmoid", "Sigmoid"),
            Map.entry("Softplus", "Softplus"), Map.entry("Softsign", "Softsign"), Map.entry("Sub", "Subtract"), Map.entry("Sum", "Add"),
            Map.entry("Tanh", "Tanh"));

    private static final String ML = OnnxGraph.ML_DOMAIN + ":";
    private static final Map<String, Operator> ALL = new LinkedHashMap<>();

    static {
        ALL.put("Gemm", (to, node) -> to.weighted.gemm(node));
        ALL.put("MatMul", (to, node) -> to.weighted.matMul(node));
        ALL.put("Gather", (to, node) -> to.weighted.gather(node));
        ALL.put("BatchNormalization", (to, node) -> to.weighted.batchNormalization(node));
        ALL.put("LayerNormalization", (to, node) -> to.weighted.layerNormalization(node));
        ALL.put("Dropout", (to, node) -> to.weighted.dropout(node));

        List.of(OnnxSequences.OPERATORS).forEach(type -> ALL.put(type, (to, node) -> to.sequences.recurrent(node)));

        ALL.put("Conv", (to, node) -> to.images.conv(node));
        ALL.put("LpPool", (to, node) -> to.images.lpPool(node));
        ALL.put("MaxPool", (to, node) -> to.images.pool(node, true));
        ALL.put("AveragePool", (to, node) -> to.images.pool(node, false));
        ALL.put("GlobalMaxPool", (to, node) -> to.images.globalPool(node, true));
        ALL.put("GlobalAveragePool", (to, node) -> to.images.globalPool(node, false));

        ALL.put("ConvTranspose", (to, node) -> to.images.convTranspose(node));
        ALL.put("Resize", (to, node) -> to.images.resize(node));

        ALL.put("Flatten", (to, node) -> to.flatten(node));
        ALL.put("Reshape", (to, node) -> to.reshape(node));
        ALL.put("Transpose", (to, node) -> to.transpose(node));
        ALL.put("Unsqueeze", (to, node) -> to.reshape(node));
        ALL.put("Squeeze", (to, node) -> to.reshape(node));
        ALL.put("Concat", (to, node) -> to.concat(node));
        ALL.put("Shape", (to, node) -> to.shape(node));
        ALL.put("Constant", (to, node) -> to.constant(node));
        ALL.put("ConstantOfShape", (to, node) -> to.constantOfShape(node));
        ALL.put("Identity", (to, node) -> to.pass(node));
        ALL.put("Cast", (to, node) -> to.cast(node));

        ALL.put("Clip", (to, node) -> to.clip(node));

        SAME.forEach((type, layer) -> ALL.put(type, (to, node) -> to.layer(node, Layers.REGISTRY.of(layer))));
        ALL.put("LeakyRelu", (to, node) -> to.layer(node, new LeakyReLU(node.real("alpha", 0.01f))));
        ALL.put("PRelu", (to, node) -> {
            OnnxTensor slope = to.constant(node, 1, "the slope");
            to.requireCount(slope, 1); // others, and one below 0, are an operator
            to.layer(node, new LeakyReLU(slope.floats()[0]), node.input(0));
        });
        ALL.put("Elu", (to, node) -> to.layer(node, Layers.activation("elu").with("alpha", node.real("alpha", 1f))));
        ALL.put("Selu", (to, node) -> {
            to.requireNear(node, "alpha", 1.6732632f, 1.6732632f);
            to.requireNear(node, "gamma", 1.050701f, 1.050701f);
            to.layer(node, Layers.activation("selu"));
        });
        ALL.put("Gelu", (to, node) -> to.layer(node,
                Layers.activation("gelu").with("approximate", node.text("approximate", "none").equals("tanh"))));
        ALL.put("HardSigmoid", (to, node) -> {
            boolean sparse = node.real("alpha", 0.2f) == 0.5f;
            to.requireNear(node, "alpha", 0.2f, sparse ? 0.5f : 1f / 6);
            to.requireNear(node, "beta", 0.5f, 0.5f);
            to.layer(node, Layers.activation(sparse ? "sparse_sigmoid" : "hard_sigmoid"));
        });
        ALL.put("Celu", (to, node) -> to.layer(node, Layers.activation("celu").with("alpha", node.real("alpha", 1f))));
        ALL.put("Softmax", (to, node) -> to.alongLast(node, new Softmax()));
        ALL.put("LogSoftmax", (to, node) -> to.alongLast(node, new LogSoftmax()));

        ALL.put(ML + "Binarizer", (to, node) -> to.operator(node));
        ALL.put(ML + "Scaler", (to, node) -> to.weighted.scaler(node));
        ALL.put(ML + "LinearRegressor", (to, node) -> to.weighted.linearRegressor(node));
        ALL.put(ML + "LinearClassifier", (to, node) -> to.weighted.linearClassifier(node));
        ALL.put(ML + "Normalizer", (to, node) -> to.weighted.normalizer(node));
    }

    private final OnnxWeighted weighted;
    private final OnnxImages images;
    private final OnnxSequences sequences;

    OnnxOperators(OnnxImport graph) {
        super(graph);
        weighted = new OnnxWeighted(graph);
        images = new OnnxImages(graph);
        sequences = new OnnxSequences(graph);
    }

    /** From 0 to a number; other limits are an operator. */
    private void clip(OnnxReader.Node node) throws IOException {
        float least = limit(node, 1, "min");
        float most = limit(node, 2, "max");
        refuseIf(least != 0f || !(most > 0f) || Float.isInfinite(most), "BERAS has a layer from 0. Received: " + least + " to " + most);
        layer(node, new ReLU().with("maxValue", most), node.input(0));
    }

    private float limit(OnnxReader.Node node, int input, String attribute) throws IOException {
        Optional<OnnxTensor> limit = optional(node, input, "a limit");
        return limit.isPresent() ? limit.get().floats()[0] : node.real(attribute, Float.NaN);
    }

    private static String key(OnnxReader.Node node) {
        return node.domain().isEmpty() ? node.type() : node.domain() + ":" + node.type();
    }

    /** Refuses operators that are not there, all of them at once. */
    void requireAll(List<OnnxReader.Node> needed) {
        Map<String, OnnxReader.Node> lacking = new LinkedHashMap<>();
        for (OnnxReader.Node node : needed) {
            if (!ALL.containsKey(key(node)) && !isFunction(node) && !graph.isDone(node)) {
                lacking.putIfAbsent(key(node), node);
            }
        }
        refuseIf(!lacking.isEmpty(), "BERAS does not have these operators of the graph: " + String.join(", ",
                lacking.entrySet().stream().map(entry -> entry.getKey() + " (first in node " + entry.getValue().number()
                + (entry.getValue().name().isEmpty() ? "" : ", \"" + entry.getValue().name() + "\"") + ")").toList()));
    }

    private static boolean isFunction(OnnxReader.Node node) {
        return node.domain().isEmpty() && OnnxFunctions.has(node.type()) && !BY_LINE.contains(node.type());
    }

    private void layerOrOperator(OnnxReader.Node node) throws IOException {
        if (isKnown(node) && node.domain().isEmpty() && OnnxFunctions.folds(node.type())) {
            operator(node);
            return;
        }
        if (sequences.takes(node) && !is(node, OnnxSequences.OPERATORS)) {
            sequences.add(node);
            return;
        }
        if (ALL.containsKey(key(node))) {
            try {
                ALL.get(key(node)).add(this, node);
                return;
            } catch (IllegalArgumentException e) {
                if (!isFunction(node)) {
                    throw e;
                }
            }
        }
        operator(node, Config.of(node.type()).with("outputs", node.outputs().size() > 1 ? node.outputs().size() : null));
    }

    /** Adds the conversion of a node. */
    void add(OnnxReader.Node node) throws IOException {
        if (graph.isDone(node)) {
            return;
        }
        try {
            refuseIf(node.outputs().isEmpty(), "an operator has an output. Received: none");
            layerOrOperator(node);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(node.toString()) ? e : new IllegalArgumentException(node + ": " + message, e);
        }
    }

    // ----------------------------------------------------------- what gives elements another place, or gives shapes


    private void flatten(OnnxReader.Node node) {
        Node x = x(node);
        long axis = node.whole("axis", 1);
        refuseIf(axis != 1 && axis != -x.shape().rank(), "only the batch axis may stay. Received: axis " + axis);
        graph.put(node, new Flatten().apply(x));
    }

    /** An operator that gives each example another shape. */
    private void reshape(OnnxReader.Node node) throws IOException {
        Config config = Config.of(node.type());
        if (node.type().equals("Reshape")) {
            long[] sizes = constant(node, 1, "the shape").integers();
            refuseIf(sizes.length == 0 || node.whole("allowzero", 0) != 0, "a shape with a batch axis is needed. Received: "
                    + Arrays.toString(sizes) + " with allowzero " + node.whole("allowzero", 0));
            sizes[0] = sizes[0] == OnnxImport.BATCH || graph.isBatch(sizes[0]) ? 0 : sizes[0]; // as it is
            config = config.with("shape", OnnxReader.clamped(sizes));
        } else {
            config = config.with("axes", OnnxReader.clamped(axes(node)));
        }
        Node x = x(node);
        Shape made = new OnnxOperator(config, List.of(OnnxOperator.INPUT)).outputShape(List.of(x.shape()));
        graph.put(node, made.equals(x.shape()) ? x : made.rank() == 1 ? new Flatten().apply(x) : new Reshape(made.toArray()).apply(x));
    }

    private void transpose(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        int rank = x.shape().rank() + 1;
        long[] order = node.wholes("perm");
        int[] dims = new int[Math.max(0, order.length - 1)];
        boolean batchFirst = order.length == rank && order[0] == 0;
        for (int i = 1; batchFirst && i < rank; i++) {
            batchFirst = order[i] > 0 && order[i] < rank;
            dims[i - 1] = (int) order[i];
        }
        refuseIf(!batchFirst,
                "the batch axis must stay the first. Received: " + (order.length == 0 ? "all turned round" : Arrays.toString(order)));
        graph.put(node, permuted(x, dims));
    }

    private void concat(OnnxReader.Node node) throws IOException {
        Node first = x(node);
        int axis = axis(node.whole("axis", 0), first.shape().rank() + 1);
        Node[] all = node.inputs().stream().map(input -> graph.node(input, node.toString())).toArray(Node[]::new);
        Optional<Node[]> befores = axis > 0 ? befores(all) : Optional.empty();
        graph.put(node, befores.isPresent() ? permuted(new Concatenate(dims(first)[axis - 1]).apply(befores.get()), dims(first))
                : new Concatenate(axis).apply(all));
    }

    private void shape(OnnxReader.Node node) {
        int[] shape = x(node).shape().toArray();
        long[] all = new long[shape.length + 1];
        Arrays.setAll(all, i -> i == 0 ? OnnxImport.BATCH : shape[i - 1] == 0 ? OnnxImport.BATCH / 2 : shape[i - 1]); // unknown
        int start = place(node.whole("start", 0), all.length);
        long[] part = Arrays.copyOfRange(all, start, Math.max(start, place(node.whole("end", all.length), all.length)));
        graph.put(node, OnnxTensor.of(node.outputs().get(0), part, part.length));
    }

    /** An index among so many axes; a negative one counts from the end, as in Python. */
    private static int place(long place, int count) {
        return (int) Math.min(Math.max(place < 0 ? place + count : place, 0), count);
    }

    /** The same number again and again. */
    private void constantOfShape(OnnxReader.Node node) throws IOException {
        long[] sizes = constant(node, 0, "the shape").integers();
        OnnxTensor value = Optional.ofNullable(node.attributes().get("value")).map(OnnxReader.Attribute::tensor)
                .orElseGet(() -> OnnxTensor.of("zero", new float[1]));
        if (sequences.isInitial(node.outputs().get(0)) && value.floats()[0] == 0) {
            graph.put(node, value.like(node.outputs().get(0), new float[1], 1, 1, 1));
            return;
        }
        refuseIf(sizes.length != 1 || sizes[0] < 0 || sizes[0] > OnnxReader.MOST_NAME,
                "a constant of one axis is needed. Received shape: " + Arrays.toString(sizes));
        requireCount(value, 1);
        float[] values = new float[(int) sizes[0]];
        Arrays.fill(values, value.floats()[0]);
        graph.put(node, value.like(node.outputs().get(0), values, values.length));
    }

    /** The same tensor under another name. */
    private void pass(OnnxReader.Node node) throws IOException {
        Optional<OnnxTensor> constant = graph.constant(node.input(0));
        if (constant.isPresent()) {
            graph.put(node, constant.get());
        } else {
            graph.put(node, x(node));
        }
    }

    private void cast(OnnxReader.Node node) throws IOException {
        ElementType to = OnnxTensor.type(node.whole("to", 0));
        boolean real = to == ElementType.F32 || to == ElementType.F64;
        boolean index = (to == ElementType.I64 || to == ElementType.I32) && !graph.isOutput(node.outputs().get(0))
                && graph.users(node.outputs().get(0)).stream().allMatch(user -> is(user, "Gather")
                && user.input(1).equals(node.outputs().get(0)));
        refuseIf(graph.found(node.input(0)).isPresent() && !real && !index,
                "numbers are floats here, or indices of a table. Received: a cast to type " + node.whole("to", 0));
        pass(node);
    }
}
