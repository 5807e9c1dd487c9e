package beras.saving;

import beras.layers.Add;
import beras.layers.Average;
import beras.layers.BatchNormalization;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Maximum;
import beras.layers.Minimum;
import beras.layers.Multiply;
import beras.layers.Node;
import beras.layers.Normalization;
import beras.layers.Reshape;
import beras.layers.Subtract;
import beras.layers.activations.ELU;
import beras.layers.activations.Exponential;
import beras.layers.activations.GELU;
import beras.layers.activations.HardSigmoid;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.ReLU;
import beras.layers.activations.SELU;
import beras.layers.activations.SiLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.layers.activations.Softplus;
import beras.layers.activations.Softsign;
import beras.layers.activations.Tanh;
import beras.tensor.Shape;
import beras.tensor.Variable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the operators of ONNX are in layers: a line each, in one table. */
final class OnnxOperators {

    /** What a node becomes. */
    private interface Operator {

        void add(OnnxOperators to, OnnxReader.Node node) throws IOException;
    }

    private static final String ML = OnnxGraph.ML_DOMAIN + ":";
    private static final float NEAR = 1e-5f; // of constants that exporters round
    private static final float NO_EPSILON = Float.MIN_NORMAL; // vanishes beside 1
    private static final int NEW_SOFTMAX = 13; // from then on along the last axis
    private static final int DROPOUT_BY_INPUT = 12;
    private static final int AXES_BY_INPUT = 13;
    private static final int CLIP_BY_INPUT = 11;

    private static final Map<String, Operator> ALL = new LinkedHashMap<>();

    static {
        ALL.put("Gemm", (to, node) -> to.gemm(node));
        ALL.put("MatMul", (to, node) -> to.matMul(node));
        ALL.put("Gather", (to, node) -> to.gather(node));
        ALL.put("BatchNormalization", (to, node) -> to.batchNormalization(node));
        ALL.put("LayerNormalization", (to, node) -> to.layerNormalization(node));
        ALL.put("Dropout", (to, node) -> to.dropout(node));

        ALL.put("Flatten", (to, node) -> to.flatten(node));
        ALL.put("Reshape", (to, node) -> to.reshape(node));
        ALL.put("Transpose", (to, node) -> to.transpose(node));
        ALL.put("Unsqueeze", (to, node) -> to.unsqueeze(node));
        ALL.put("Squeeze", (to, node) -> to.squeeze(node));
        ALL.put("Concat", (to, node) -> to.concat(node));
        ALL.put("Shape", (to, node) -> to.shape(node));
        ALL.put("Constant", (to, node) -> to.constant(node));
        ALL.put("Identity", (to, node) -> to.pass(node));
        ALL.put("Cast", (to, node) -> to.cast(node));

        ALL.put("Add", (to, node) -> to.merge(node, Add::new, (x, c) -> new Affine(x, null, c)));
        ALL.put("Mul", (to, node) -> to.multiply(node));
        ALL.put("Sub", (to, node) -> to.subtract(node));
        ALL.put("Div", (to, node) -> to.divide(node));
        ALL.put("Neg", (to, node) -> to.affine(node, new Affine(to.x(node), null, null), -1f));
        ALL.put("Sum", (to, node) -> to.layer(node, new Add()));
        ALL.put("Mean", (to, node) -> to.layer(node, new Average()));
        ALL.put("Max", (to, node) -> to.max(node));
        ALL.put("Min", (to, node) -> to.layer(node, new Minimum()));
        ALL.put("Clip", (to, node) -> to.clip(node));

        ALL.put("Relu", (to, node) -> to.layer(node, new ReLU()));
        ALL.put("LeakyRelu", (to, node) -> to.layer(node, new LeakyReLU(node.real("alpha", 0.01f))));
        ALL.put("PRelu", (to, node) -> to.prelu(node));
        ALL.put("Sigmoid", (to, node) -> to.layer(node, new Sigmoid()));
        ALL.put("Tanh", (to, node) -> to.layer(node, new Tanh()));
        ALL.put("Elu", (to, node) -> to.layer(node, new ELU(node.real("alpha", 1f))));
        ALL.put("Selu", (to, node) -> {
            to.requireNear(node, "alpha", 1.6732632f, 1.6732632f);
            to.requireNear(node, "gamma", 1.050701f, 1.050701f);
            to.layer(node, new SELU());
        });
        ALL.put("Gelu", (to, node) -> to.layer(node, new GELU().approximate(node.text("approximate", "none").equals("tanh"))));
        ALL.put("Softplus", (to, node) -> to.layer(node, new Softplus()));
        ALL.put("Softsign", (to, node) -> to.layer(node, new Softsign()));
        ALL.put("HardSigmoid", (to, node) -> {
            to.requireNear(node, "alpha", 0.2f, 1f / 6);
            to.requireNear(node, "beta", 0.5f, 0.5f);
            to.layer(node, new HardSigmoid());
        });
        ALL.put("Exp", (to, node) -> to.layer(node, new Exponential()));
        ALL.put("Softmax", (to, node) -> to.alongLast(node, new Softmax()));
        ALL.put("LogSoftmax", (to, node) -> to.alongLast(node, new LogSoftmax()));

        ALL.put(ML + "Scaler", (to, node) -> to.scaler(node));
        ALL.put(ML + "LinearRegressor", (to, node) -> to.linearRegressor(node));
        ALL.put(ML + "LinearClassifier", (to, node) -> to.linearClassifier(node));
        ALL.put(ML + "Normalizer", (to, node) -> to.normalizer(node));
    }

    /** {@code x * factors + terms}; null for those that there are not. */
    private record Affine(Node x, OnnxTensor factors, OnnxTensor terms) {}

    private final OnnxImport graph;
    /** Nodes that became part of the layer of another. */
    private final Set<OnnxReader.Node> done = new HashSet<>();
    /** The last nodes of those that together are a GELU, with its input. */
    private final Map<OnnxReader.Node, String> gelus = new LinkedHashMap<>();
    private final Set<Node> sumsOfOne = new HashSet<>();

    OnnxOperators(OnnxImport graph) {
        this.graph = graph;
    }

    private static String key(OnnxReader.Node node) {
        return node.domain().isEmpty() ? node.type() : node.domain() + ":" + node.type();
    }

    /** Refuses operators that are not there, all of them at once. */
    void requireAll(List<OnnxReader.Node> needed) throws IOException {
        for (OnnxReader.Node node : needed) {
            if (node.type().equals("Erf") && node.domain().isEmpty()) {
                findGelu(node);
            }
        }
        Map<String, OnnxReader.Node> lacking = new LinkedHashMap<>();
        for (OnnxReader.Node node : needed) {
            if (!ALL.containsKey(key(node)) && !done.contains(node)) {
                lacking.putIfAbsent(key(node), node);
            }
        }
        if (!lacking.isEmpty()) {
            throw new IllegalArgumentException("BERAS lacks these operators of the graph: "
                    + String.join(", ", lacking.entrySet().stream().map(entry -> entry.getKey() + " (first in node "
                    + entry.getValue().number() + (entry.getValue().name().isEmpty() ? "" : ", \"" + entry.getValue().name() + "\"")
                    + ")").toList()));
        }
    }

    /** Adds what a node is. */
    void add(OnnxReader.Node node) throws IOException {
        if (done.contains(node)) {
            return;
        }
        try {
            if (node.outputs().isEmpty()) {
                throw new IllegalArgumentException("an operator has an output. Received: none");
            }
            if (gelus.containsKey(node)) {
                graph.put(node, new GELU().apply(graph.node(gelus.get(node), node.toString())));
            } else {
                ALL.get(key(node)).add(this, node);
            }
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(node.toString()) ? e : new IllegalArgumentException(node + ": " + message, e);
        }
    }

    // ----------------------------------------------------------------------------------------------------- tools

    private Node x(OnnxReader.Node node) {
        return graph.node(node.input(0), node.toString());
    }

    private OnnxTensor constant(OnnxReader.Node node, int input, String what) {
        return graph.constant(node.input(input)).orElseThrow(() -> new IllegalArgumentException(what + " must be a constant."
                + " Received: \"" + node.input(input) + "\""));
    }

    /** A constant, if the node has such an input. */
    private Optional<OnnxTensor> optional(OnnxReader.Node node, int input, String what) {
        return node.input(input).isEmpty() ? Optional.empty() : Optional.of(constant(node, input, what));
    }

    /** A layer of all inputs. */
    private void layer(OnnxReader.Node node, Layer layer) {
        graph.put(node, layer.apply(node.inputs().stream().map(input -> graph.node(input, node.toString())).toArray(Node[]::new)));
    }

    private void requireNear(OnnxReader.Node node, String attribute, float otherwise, float expected) {
        float received = node.real(attribute, otherwise);
        if (!(Math.abs(received - expected) < NEAR)) {
            throw new IllegalArgumentException("BERAS has it with " + attribute + " " + expected + " alone. Received: " + received);
        }
    }

    /** The only node that takes a tensor, if that is no output of the graph. */
    private Optional<OnnxReader.Node> onlyUser(OnnxReader.Node node) {
        String tensor = node.outputs().get(0);
        List<OnnxReader.Node> users = graph.users(tensor);
        return users.size() == 1 && !graph.isOutput(tensor) && users.get(0).number() > node.number() ? Optional.of(users.get(0))
                : Optional.empty();
    }

    private static boolean is(OnnxReader.Node node, String... types) {
        return node.domain().isEmpty() && List.of(types).contains(node.type());
    }

    /** An axis counted from 0, the batch axis. */
    private static int axis(long axis, int rank) {
        long from0 = axis < 0 ? axis + rank : axis;
        if (from0 < 0 || from0 >= rank) {
            throw new IllegalArgumentException("there are " + rank + " axes. Received: axis " + axis);
        }
        return (int) from0;
    }

    private void alongLast(OnnxReader.Node node, Layer layer) {
        int rank = x(node).shape().rank() + 1;
        long axis = node.whole("axis", graph.opset() < NEW_SOFTMAX ? 1 : -1);
        if (rank < 2 || axis(axis, rank) != rank - 1) {
            throw new IllegalArgumentException("BERAS has it along the last axis. Received: axis " + axis + " of " + rank);
        }
        layer(node, layer);
    }

    private void requireCount(OnnxTensor tensor, int count) {
        if (tensor.count() != count) {
            throw new IllegalArgumentException("\"" + tensor.name() + "\" must have " + count + " numbers. Received: "
                    + tensor.count());
        }
    }

    private static int features(Node x) {
        if (x.shape().rank() == 0) {
            throw new IllegalArgumentException("examples must have an axis of features. Received: examples that are one number");
        }
        return x.shape().dim(-1);
    }

    private static void fill(Variable weight, float[] values) {
        System.arraycopy(values, 0, weight.data(), weight.offset(), values.length);
    }

    // -------------------------------------------------------------------------------------------------- products

    private void gemm(OnnxReader.Node node) throws IOException {
        if (node.whole("transA", 0) != 0) {
            throw new IllegalArgumentException("transA would exchange examples and features. Received: 1");
        }
        Node x = x(node);
        if (x.shape().rank() != 1) {
            throw new IllegalArgumentException("examples must have one axis. Received shape: " + x.shape());
        }
        graph.put(node, dense(x, constant(node, 1, "the matrix"), node.whole("transB", 0) != 0, node.real("alpha", 1f),
                optional(node, 2, "the bias"), node.real("beta", 1f), node));
    }

    private void matMul(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        OnnxTensor matrix = constant(node, 1, "the matrix");
        OnnxReader.Node next = onlyUser(node).filter(user -> is(user, "Add")).orElse(null);
        if (next != null && matrix.sizes().length == 2) {
            String other = other(next, node);
            Optional<OnnxTensor> bias = graph.constant(other).filter(terms -> terms.sizes().length > 0
                    && terms.sizes().length <= x.shape().rank() + 1 && terms.count() == matrix.sizes()[1]
                    && terms.sizes()[terms.sizes().length - 1] == terms.count());
            if (bias.isPresent()) {
                done.add(next);
                graph.put(next, dense(x, matrix, false, 1f, bias, 1f, node));
                return;
            }
        }
        graph.put(node, dense(x, matrix, false, 1f, Optional.empty(), 1f, node));
    }

    private Node dense(Node x, OnnxTensor matrix, boolean transposed, float alpha, Optional<OnnxTensor> bias, float beta,
            OnnxReader.Node node) {
        if (matrix.sizes().length != 2 || matrix.count() == 0 || x.shape().rank() == 0
                || matrix.sizes()[transposed ? 1 : 0] != x.shape().dim(-1)) {
            throw new IllegalArgumentException("the matrix \"" + matrix.name() + "\" must fit examples of shape " + x.shape()
                    + ". Received shape: " + Arrays.toString(matrix.sizes()) + (transposed ? ", transposed" : ""));
        }
        int units = matrix.sizes()[transposed ? 0 : 1];
        bias.filter(terms -> terms.count() != 1 && terms.count() != units || terms.sizes().length > 2
                || terms.count() > 1 && terms.sizes()[terms.sizes().length - 1] != terms.count()).ifPresent(terms -> {
                    throw new IllegalArgumentException("the bias \"" + terms.name() + "\" must have " + units
                            + " numbers. Received shape: " + Arrays.toString(terms.sizes()));
                });
        bias.ifPresent(terms -> graph.spread(units - terms.count(), node));
        Dense dense = new Dense(units).useBias(bias.isPresent());
        List<String> names = new ArrayList<>(List.of(matrix.name()));
        bias.ifPresent(terms -> names.add(terms.name()));
        graph.later(dense, names, () -> {
            float[] values = matrix.floats();
            float[] w = dense.w().data();
            int inputs = values.length / units;
            for (int i = 0; i < values.length; i++) {
                int place = transposed ? i % inputs * units + i / inputs : i;
                w[dense.w().offset() + place] = alpha == 1f ? values[i] : alpha * values[i];
            }
            if (bias.isPresent()) {
                float[] terms = bias.get().floats();
                for (int i = 0; i < units; i++) {
                    float term = terms[terms.length == 1 ? 0 : i];
                    dense.b().data()[dense.b().offset() + i] = beta == 1f ? term : beta * term;
                }
            }
        });
        return dense.apply(x);
    }

    private void gather(OnnxReader.Node node) throws IOException {
        if (isSizes(node.input(0))) {
            long[] all = graph.sizes(node.input(0)).orElseThrow();
            long[] places = graph.sizes(node.input(1)).orElseThrow(() -> new IllegalArgumentException("the places must be a"
                    + " constant"));
            graph.put(node, Arrays.stream(places).map(place -> all[axis(place, all.length)]).toArray());
            return;
        }
        OnnxTensor table = constant(node, 0, "the table");
        if (table.sizes().length != 2 || table.count() == 0 || node.whole("axis", 0) != 0) {
            throw new IllegalArgumentException("the table must have a row for each index. Received: axis " + node.whole("axis", 0)
                    + " of shape " + Arrays.toString(table.sizes()));
        }
        Embedding embedding = new Embedding(table.sizes()[0], table.sizes()[1]);
        graph.later(embedding, List.of(table.name()), () -> fill(embedding.weights().get(0), table.floats()));
        graph.put(node, embedding.apply(graph.node(node.input(1), node.toString())));
    }

    // -------------------------------------------------------------------------------------------- normalizations

    private void batchNormalization(OnnxReader.Node node) throws IOException {
        graph.put(node, batchNormalization(node, x(node)));
    }

    private Node batchNormalization(OnnxReader.Node node, Node x) throws IOException {
        if (node.whole("training_mode", 0) != 0 || node.outputs().size() > 1) {
            throw new IllegalArgumentException("a model that is trained already is needed. Received: one in training");
        }
        if (x.shape().rank() != 1 && !node.inputs().isEmpty() && x == graph.found(node.input(0)).orElse(null)) {
            throw new IllegalArgumentException("BERAS has the features along the last axis, ONNX along the second. Received examples"
                    + " of shape " + x.shape());
        }
        List<OnnxTensor> parts = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            parts.add(constant(node, i, "input " + i));
            requireCount(parts.get(i - 1), features(x));
        }
        BatchNormalization layer = new BatchNormalization().epsilon(node.real("epsilon", 1e-5f))
                .momentum(node.real("momentum", 0.9f));
        graph.later(layer, parts.stream().map(OnnxTensor::name).toList(), () -> {
            for (int i = 0; i < parts.size(); i++) {
                fill(layer.weights().get(i), parts.get(i).floats());
            }
        });
        return layer.apply(x);
    }

    private void layerNormalization(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        OnnxTensor scale = constant(node, 1, "the scale");
        Optional<OnnxTensor> bias = optional(node, 2, "the bias");
        int rank = x.shape().rank() + 1;
        if (rank < 2 || axis(node.whole("axis", -1), rank) != rank - 1) {
            throw new IllegalArgumentException("BERAS has it along the last axis. Received: axis " + node.whole("axis", -1) + " of "
                    + rank);
        }
        requireCount(scale, features(x));
        bias.ifPresent(terms -> requireCount(terms, scale.count()));
        LayerNormalization layer = new LayerNormalization().epsilon(node.real("epsilon", 1e-5f)).center(bias.isPresent());
        List<String> names = new ArrayList<>(List.of(scale.name()));
        bias.ifPresent(terms -> names.add(terms.name()));
        graph.later(layer, names, () -> {
            fill(layer.gamma(), scale.floats());
            if (bias.isPresent()) {
                fill(layer.beta(), bias.get().floats());
            }
        });
        graph.put(node, layer.apply(x));
    }

    private void dropout(OnnxReader.Node node) throws IOException {
        float rate = node.real("ratio", 0.5f);
        if (graph.opset() >= DROPOUT_BY_INPUT) {
            Optional<OnnxTensor> ratio = optional(node, 1, "the ratio");
            if (ratio.isPresent()) {
                requireCount(ratio.get(), 1);
                rate = ratio.get().floats()[0];
            }
        }
        graph.put(node, new Dropout(rate).apply(x(node)));
    }

    // ---------------------------------------------------------------------------------------------------- shapes

    private boolean isSizes(String name) {
        return graph.isSizes(name);
    }

    private void flatten(OnnxReader.Node node) {
        Node x = x(node);
        long axis = node.whole("axis", 1);
        if (axis != 1 && axis != -x.shape().rank()) {
            throw new IllegalArgumentException("only the batch axis may stay. Received: axis " + axis);
        }
        graph.put(node, new Flatten().apply(x));
    }

    private void reshape(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        if (!isSizes(node.input(1))) {
            throw new IllegalArgumentException("the shape must be known. Received: \"" + node.input(1) + "\"");
        }
        long[] wanted = graph.sizes(node.input(1)).orElseThrow();
        Shape shape = x.shape();
        if (wanted.length == 2 && wanted[0] == -1 && shape.rank() > 1 && wanted[1] == shape.dim(-1) && normalizesRows(node, x)) {
            return;
        }
        int[] target = new int[Math.max(0, wanted.length - 1)];
        int open = -1;
        long known = 1;
        for (int i = 1; i < wanted.length; i++) {
            long size = wanted[i] == 0 && node.whole("allowzero", 0) == 0 && i <= shape.rank() ? shape.dim(i - 1) : wanted[i];
            if (size == -1 && open < 0) {
                open = i - 1;
            } else if (size < 1 || size > Integer.MAX_VALUE || known * size > Integer.MAX_VALUE) {
                throw mixed(wanted, shape);
            } else {
                target[i - 1] = (int) size;
                known *= size;
            }
        }
        if (open >= 0 && shape.size() % known == 0) {
            target[open] = (int) (shape.size() / known);
            known = shape.size();
        }
        // What is left for the batch axis must be the batch, or examples would be mixed.
        boolean batch = wanted.length > 0 && (wanted[0] == OnnxImport.BATCH || wanted[0] == 0 || graph.isBatch(wanted[0])
                || wanted[0] == -1 && open < 0);
        if (!batch || known != shape.size() || shape.size() == 0) {
            throw mixed(wanted, shape);
        }
        Shape made = Shape.of(target);
        graph.put(node, made.equals(shape) ? x : target.length == 1 ? new Flatten().apply(x) : new Reshape(target).apply(x));
    }

    private static IllegalArgumentException mixed(long[] wanted, Shape shape) {
        return new IllegalArgumentException("each example must keep its elements, and the batch axis its place. Received: "
                + Arrays.toString(wanted).replace(Long.toString(OnnxImport.BATCH), "batch") + " for examples of shape " + shape);
    }

    /** Whether rows become a batch, are normalized, and are brought back: a {@code BatchNormalization} of examples of rows. */
    private boolean normalizesRows(OnnxReader.Node node, Node x) throws IOException {
        Optional<OnnxReader.Node> normalization = onlyUser(node).filter(user -> is(user, "BatchNormalization")
                && user.input(0).equals(node.outputs().get(0)) && user.outputs().size() == 1);
        Optional<OnnxReader.Node> back = normalization.flatMap(this::onlyUser).filter(user -> is(user, "Reshape")
                && user.input(0).equals(normalization.get().outputs().get(0)) && isSizes(user.input(1)));
        if (back.isEmpty()) {
            return false;
        }
        long[] sizes = graph.sizes(back.get().input(1)).orElseThrow();
        boolean same = sizes.length == x.shape().rank() + 1 && (sizes[0] == -1 || sizes[0] == OnnxImport.BATCH);
        for (int i = 1; same && i < sizes.length; i++) {
            same = sizes[i] == x.shape().dim(i - 1);
        }
        if (same) {
            graph.put(back.get(), batchNormalization(normalization.get(), x));
            done.add(normalization.get());
            done.add(back.get());
        }
        return same;
    }

    private void transpose(OnnxReader.Node node) throws IOException {
        OnnxReader.Attribute perm = node.attributes().get("perm");
        Optional<OnnxTensor> constant = graph.constant(node.input(0));
        if (constant.isPresent()) {
            OnnxTensor matrix = constant.get();
            if (matrix.sizes().length != 2 || perm != null && !Arrays.equals(perm.wholes(), new long[] {1, 0})) {
                throw new IllegalArgumentException("of constants only a matrix is turned. Received shape: "
                        + Arrays.toString(matrix.sizes()));
            }
            graph.spread(matrix.count(), node);
            float[] values = matrix.floats();
            int rows = matrix.sizes()[0];
            int columns = matrix.sizes()[1];
            double[] turned = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                turned[i % columns * rows + i / columns] = values[i];
            }
            graph.put(node, OnnxTensor.of(matrix.name(), ElementType.F32, turned, columns, rows));
            return;
        }
        Node x = x(node);
        boolean same = perm != null && perm.wholes().length == x.shape().rank() + 1;
        for (int i = 0; same && i < perm.wholes().length; i++) {
            same = perm.wholes()[i] == i;
        }
        if (!same) {
            throw new IllegalArgumentException("BERAS has no layer that changes the order of axes. Received: "
                    + (perm == null ? "all turned round" : Arrays.toString(perm.wholes())));
        }
        graph.put(node, x);
    }

    private long[] axes(OnnxReader.Node node) throws IOException {
        if (graph.opset() < AXES_BY_INPUT) {
            OnnxReader.Attribute axes = node.attributes().get("axes");
            return axes == null ? new long[0] : axes.wholes();
        }
        return node.input(1).isEmpty() ? new long[0] : constant(node, 1, "the axes").integers();
    }

    private void unsqueeze(OnnxReader.Node node) throws IOException {
        if (graph.found(node.input(0)).isEmpty() && isSizes(node.input(0))) {
            graph.put(node, graph.sizes(node.input(0)).orElseThrow());
            return;
        }
        Node x = x(node);
        long[] axes = axes(node);
        int rank = x.shape().rank() + 1 + axes.length;
        boolean[] added = new boolean[rank];
        for (long axis : axes) {
            added[axis(axis, rank)] = true;
        }
        int[] target = new int[rank - 1];
        int from = 0;
        for (int i = 1; i < rank; i++) {
            if (!added[i] && from == x.shape().rank()) {
                throw new IllegalArgumentException("axes must differ. Received: " + Arrays.toString(axes));
            }
            target[i - 1] = added[i] ? 1 : x.shape().dim(from++);
        }
        if (added[0] || from < x.shape().rank()) {
            throw new IllegalArgumentException("no axis goes before the batch axis. Received: " + Arrays.toString(axes));
        }
        graph.put(node, new Reshape(target).apply(x));
    }

    private void squeeze(OnnxReader.Node node) throws IOException {
        if (graph.found(node.input(0)).isEmpty() && isSizes(node.input(0))) {
            graph.put(node, graph.sizes(node.input(0)).orElseThrow());
            return;
        }
        Node x = x(node);
        int rank = x.shape().rank() + 1;
        Set<Integer> away = new HashSet<>();
        for (long axis : axes(node)) {
            away.add(axis(axis, rank));
        }
        List<Integer> target = new ArrayList<>();
        for (int i = 1; i < rank; i++) {
            int size = x.shape().dim(i - 1);
            if (!away.contains(i)) {
                target.add(size);
            } else if (size != 1) {
                throw new IllegalArgumentException("only axes of size 1 go. Received: axis " + i + " of shape " + x.shape());
            }
        }
        if (away.isEmpty() || away.contains(0)) {
            throw new IllegalArgumentException("axes behind the batch axis must be told. Received: " + away);
        }
        graph.put(node, new Reshape(target.stream().mapToInt(Integer::intValue).toArray()).apply(x));
    }

    private void concat(OnnxReader.Node node) throws IOException {
        if (node.inputs().stream().allMatch(this::isSizes)) {
            long[] all = {};
            for (String input : node.inputs()) {
                all = Stream.of(all, graph.sizes(input).orElseThrow()).flatMapToLong(Arrays::stream).toArray();
            }
            graph.put(node, all);
            return;
        }
        graph.put(node, new Concatenate(axis(node.whole("axis", 0), x(node).shape().rank() + 1)).apply(node.inputs().stream()
                .map(input -> graph.node(input, node.toString())).toArray(Node[]::new)));
    }

    private void shape(OnnxReader.Node node) {
        int[] shape = x(node).shape().toArray();
        long[] all = new long[shape.length + 1];
        Arrays.setAll(all, i -> i == 0 ? OnnxImport.BATCH : shape[i - 1]);
        if (node.attributes().containsKey("start") || node.attributes().containsKey("end")) {
            throw new IllegalArgumentException("the whole shape is needed. Received: a part of it");
        }
        graph.put(node, all);
    }

    private void constant(OnnxReader.Node node) {
        OnnxReader.Attribute value = node.attributes().values().stream().findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a constant has a value. Received: none"));
        String name = node.outputs().get(0);
        if (node.attributes().containsKey("value") && node.attributes().get("value").tensor() != null) {
            graph.put(node, node.attributes().get("value").tensor());
        } else if (node.attributes().containsKey("value_float")) {
            graph.put(node, OnnxTensor.of(name, ElementType.F32, new double[] {value.real()}));
        } else if (node.attributes().containsKey("value_int")) {
            graph.put(node, OnnxTensor.of(name, ElementType.I64, new double[] {value.whole()}));
        } else if (node.attributes().containsKey("value_ints")) {
            graph.put(node, OnnxTensor.of(name, ElementType.I64, Arrays.stream(value.wholes()).asDoubleStream().toArray(),
                    value.wholes().length));
        } else if (node.attributes().containsKey("value_floats")) {
            graph.put(node, OnnxTensor.of(name, ElementType.F32, doubles(value.reals()), value.reals().length));
        } else {
            throw new IllegalArgumentException("a constant of numbers is needed. Received: " + node.attributes().keySet());
        }
    }

    private static double[] doubles(float[] reals) {
        double[] doubles = new double[reals.length];
        Arrays.setAll(doubles, i -> reals[i]);
        return doubles;
    }

    /** The same tensor under another name. */
    private void pass(OnnxReader.Node node) throws IOException {
        Optional<Node> x = graph.found(node.input(0));
        if (x.isPresent()) {
            graph.put(node, x.get());
        } else if (graph.constant(node.input(0)).isPresent()) {
            graph.put(node, graph.constant(node.input(0)).get());
        } else {
            graph.put(node, graph.sizes(node.input(0)).orElseGet(() -> {
                x(node);
                throw new AssertionError("no such tensor");
            }));
        }
    }

    private void cast(OnnxReader.Node node) throws IOException {
        ElementType to = OnnxTensor.type(node.whole("to", 0));
        boolean real = to == ElementType.F32 || to == ElementType.F64;
        boolean index = (to == ElementType.I64 || to == ElementType.I32) && !graph.isOutput(node.outputs().get(0))
                && graph.users(node.outputs().get(0)).stream().allMatch(user -> is(user, "Gather")
                && user.input(1).equals(node.outputs().get(0)));
        if (graph.found(node.input(0)).isPresent() && !real && !index) {
            throw new IllegalArgumentException("numbers are floats here, or indices of a table. Received: a cast to type "
                    + node.whole("to", 0));
        }
        pass(node);
    }

    // ------------------------------------------------------------------------------------------------ arithmetic

    /** Several tensors, or one and a constant. */
    private void merge(OnnxReader.Node node, Supplier<Layer> layer, BiFunction<Node, OnnxTensor, Affine> withConstant)
            throws IOException {
        Optional<Node> a = graph.found(node.input(0));
        Optional<OnnxTensor> c = graph.constant(node.input(a.isPresent() ? 1 : 0));
        if (c.isEmpty()) {
            layer(node, layer.get());
            return;
        }
        affine(node, withConstant.apply(graph.node(node.input(a.isPresent() ? 0 : 1), node.toString()), c.get()), 1f);
    }

    private void multiply(OnnxReader.Node node) throws IOException {
        Optional<Node> a = graph.found(node.input(0));
        Optional<Node> b = graph.found(node.input(1));
        if (a.isPresent() && b.isPresent() && (isSigmoidOf(a.get(), b.get()) || isSigmoidOf(b.get(), a.get()))) {
            graph.put(node, new SiLU().apply(isSigmoidOf(a.get(), b.get()) ? a.get() : b.get()));
        } else {
            merge(node, Multiply::new, (x, c) -> new Affine(x, c, null));
        }
    }

    private static boolean isSigmoidOf(Node x, Node y) {
        return y.layer() instanceof Sigmoid && y.inputs().get(0) == x;
    }

    private void subtract(OnnxReader.Node node) throws IOException {
        if (graph.constant(node.input(0)).isPresent()) {
            affine(node, new Affine(graph.node(node.input(1), node.toString()), null, graph.constant(node.input(0)).get()), -1f);
            return;
        }
        Optional<OnnxTensor> means = graph.constant(node.input(1));
        if (means.isEmpty()) {
            layer(node, new Subtract());
            return;
        }
        Node x = x(node);
        OnnxReader.Node next = onlyUser(node).filter(user -> is(user, "Div", "Mul")).orElse(null);
        if (next != null) {
            boolean first = next.input(0).equals(node.outputs().get(0));
            Optional<OnnxTensor> factors = first || is(next, "Mul") ? graph.constant(next.input(first ? 1 : 0)) : Optional.empty();
            if (factors.isPresent() && normalization(next, x, means.get(), factors.get(), is(next, "Div"))) {
                done.add(next);
                return;
            }
        }
        float[] terms = perFeature(means.get(), x, node);
        for (int i = 0; i < terms.length; i++) {
            terms[i] = -terms[i];
        }
        affine(node, x, null, terms, List.of(means.get().name()));
    }

    private void divide(OnnxReader.Node node) throws IOException {
        OnnxTensor divisors = constant(node, 1, "what is divided by");
        Node x = x(node);
        float[] factors = perFeature(divisors, x, node);
        for (int i = 0; i < factors.length; i++) {
            factors[i] = 1f / factors[i];
        }
        affine(node, x, factors, null, List.of(divisors.name()));
    }

    /** {@code (x - means) / deviations}, if that is what it is. */
    private boolean normalization(OnnxReader.Node node, Node x, OnnxTensor means, OnnxTensor factors, boolean dividing)
            throws IOException {
        float[] mean = perFeature(means, x, node);
        float[] variance = perFeature(factors, x, node);
        for (int i = 0; i < variance.length; i++) {
            float deviation = dividing ? variance[i] : 1f / variance[i];
            variance[i] = deviation * deviation;
            if (!(deviation >= Normalization.EPSILON && variance[i] >= Float.MIN_NORMAL && variance[i] <= Float.MAX_VALUE)
                    || !Float.isFinite(mean[i])) {
                return false;
            }
        }
        Normalization layer = new Normalization(mean, variance);
        graph.later(layer, List.of(means.name(), factors.name()), () -> { });
        graph.put(node, layer.apply(x));
        return true;
    }

    /** A constant with a number for each feature, the last axis, or one for all. */
    private float[] perFeature(OnnxTensor constant, Node x, OnnxReader.Node node) throws IOException {
        int features = features(x);
        int[] sizes = constant.sizes();
        if (constant.count() != 1 && (constant.count() != features || sizes[sizes.length - 1] != features)
                || sizes.length > x.shape().rank() + 1) {
            throw new IllegalArgumentException("the constant \"" + constant.name() + "\" must have a number for each of " + features
                    + " features, or one. Received shape: " + Arrays.toString(sizes));
        }
        graph.spread(features, node);
        float[] values = constant.floats();
        if (values.length < features) {
            values = Arrays.copyOf(values, features);
            Arrays.fill(values, values[0]);
        }
        return values;
    }

    private void affine(OnnxReader.Node node, Affine affine, float factor) throws IOException {
        List<String> names = new ArrayList<>();
        float[] factors = null;
        if (affine.factors != null) {
            factors = perFeature(affine.factors, affine.x, node);
            names.add(affine.factors.name());
        } else if (factor != 1f) {
            factors = new float[features(affine.x)];
            graph.spread(factors.length, node);
            Arrays.fill(factors, factor);
        }
        float[] terms = affine.terms == null ? null : perFeature(affine.terms, affine.x, node);
        if (terms != null) {
            names.add(affine.terms.name());
        }
        affine(node, affine.x, factors, terms, names);
    }

    /** A normalization by numbers that change nothing, which has factors and terms and is not trained. */
    private void affine(OnnxReader.Node node, Node x, float[] factors, float[] terms, List<String> names) {
        graph.spread(3L * features(x), node);
        BatchNormalization layer = new BatchNormalization().scale(factors != null).center(terms != null).epsilon(NO_EPSILON);
        layer.trainable(false);
        graph.later(layer, names, () -> {
            if (factors != null) {
                fill(layer.gamma(), factors);
            }
            if (terms != null) {
                fill(layer.beta(), terms);
            }
        });
        graph.put(node, layer.apply(x));
        graph.remark(node + " is here a BatchNormalization that is not trained and computes the same");
    }

    private void max(OnnxReader.Node node) throws IOException {
        Optional<OnnxTensor> least = node.inputs().size() == 2 ? graph.constant(node.input(1)) : Optional.empty();
        if (least.isPresent()) {
            requireZero(least.get());
            graph.put(node, new ReLU().apply(x(node)));
        } else {
            layer(node, new Maximum());
        }
    }

    private static void requireZero(OnnxTensor least) throws IOException {
        if (least.count() != 1 || least.floats()[0] != 0f) {
            throw new IllegalArgumentException("BERAS has the larger of a number and 0 alone. Received: the constant \""
                    + least.name() + "\"");
        }
    }

    private void clip(OnnxReader.Node node) throws IOException {
        Optional<OnnxTensor> least = optional(node, 1, "the smallest");
        Optional<OnnxTensor> most = optional(node, 2, "the largest");
        boolean bounded = graph.opset() < CLIP_BY_INPUT ? !(node.real("max", Float.MAX_VALUE) >= Float.MAX_VALUE)
                : most.isPresent() && (most.get().count() != 1 || !(most.get().floats()[0] >= Float.MAX_VALUE));
        boolean fromZero = graph.opset() < CLIP_BY_INPUT ? node.real("min", -Float.MAX_VALUE) == 0f : least.isPresent();
        if (bounded || !fromZero) {
            throw new IllegalArgumentException("BERAS has it from 0 to infinity alone. Received: other limits");
        }
        if (least.isPresent()) {
            requireZero(least.get());
        }
        graph.put(node, new ReLU().apply(x(node)));
    }

    private void prelu(OnnxReader.Node node) throws IOException {
        OnnxTensor slope = constant(node, 1, "the slope");
        if (slope.count() != 1) {
            throw new IllegalArgumentException("BERAS has one slope. Received: " + slope.count());
        }
        graph.put(node, new LeakyReLU(slope.floats()[0]).apply(x(node)));
    }

    // ------------------------------------------------------------------------------------------------------ GELU

    /** {@code x * (1 + erf(x / sqrt(2))) / 2}, in whatever order. */
    private void findGelu(OnnxReader.Node erf) throws IOException {
        OnnxReader.Node before = graph.maker(erf.input(0)).orElse(null);
        OnnxReader.Node plus = onlyUser(erf).orElse(null);
        OnnxReader.Node times = plus == null ? null : onlyUser(plus).orElse(null);
        if (before == null || times == null || graph.users(erf.input(0)).size() > 1
                || !has(before, "Div", Math.sqrt(2)) && !has(before, "Mul", Math.sqrt(0.5))
                || !has(plus, "Add", 1) || !is(times, "Mul")) {
            return;
        }
        String x = before.input(is(before, "Mul") && isConstant(before, 0, Math.sqrt(0.5)) ? 1 : 0);
        String other = other(times, plus);
        OnnxReader.Node half = other.equals(x) ? onlyUser(times).orElse(null) : graph.maker(other).orElse(null);
        if (half == null || !has(half, "Mul", 0.5) || !other.equals(x) && !(half.inputs().contains(x)
                && graph.users(other).size() == 1)) {
            return;
        }
        done.addAll(List.of(before, erf, plus, other.equals(x) ? times : half));
        gelus.put(other.equals(x) ? half : times, x);
    }

    /** What goes into a node besides what another gives. */
    private static String other(OnnxReader.Node node, OnnxReader.Node known) {
        return node.input(node.input(0).equals(known.outputs().get(0)) ? 1 : 0);
    }

    /** Whether a node is of this type and has this number as the second of its inputs, or if that makes no difference the first. */
    private boolean has(OnnxReader.Node node, String type, double number) throws IOException {
        return is(node, type) && (isConstant(node, 1, number) || !type.equals("Div") && isConstant(node, 0, number));
    }

    /** Whether an input is this number; constants of nodes are not there yet, and looked up. */
    private boolean isConstant(OnnxReader.Node node, int input, double expected) throws IOException {
        Optional<OnnxTensor> value = graph.constant(node.input(input));
        if (value.isEmpty()) {
            Optional<OnnxReader.Node> maker = graph.maker(node.input(input)).filter(made -> is(made, "Constant")
                    && made.outputs().size() == 1);
            if (maker.isEmpty()) {
                return false;
            }
            constant(maker.get());
            value = graph.constant(node.input(input));
        }
        return value.isPresent() && value.get().count() == 1 && value.get().type() != null
                && Math.abs(value.get().floats()[0] - expected) < NEAR;
    }

    // ---------------------------------------------------------------------------------------------- scikit-learn

    private static float[] reals(OnnxReader.Node node, String attribute, int count) {
        float[] reals = node.attributes().containsKey(attribute) ? node.attributes().get(attribute).reals() : new float[0];
        if (reals.length != count && !(attribute.equals("intercepts") && reals.length == 0)) {
            throw new IllegalArgumentException(attribute + " must have " + count + " numbers. Received: " + reals.length);
        }
        return reals.length == count ? reals : new float[count];
    }

    private void scaler(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        int features = features(x);
        double[] means = doubles(reals(node, "offset", features));
        double[] factors = doubles(reals(node, "scale", features));
        OnnxTensor offset = OnnxTensor.of("offset", ElementType.F32, means, features);
        OnnxTensor scale = OnnxTensor.of("scale", ElementType.F32, factors, features);
        if (!normalization(node, x, offset, scale, false)) {
            float[] terms = new float[features];
            for (int i = 0; i < features; i++) {
                terms[i] = (float) (-means[i] * factors[i]);
            }
            affine(node, x, scale.floats(), terms, List.of("scale", "offset"));
        }
    }

    private Node linear(OnnxReader.Node node, int units) {
        Node x = x(node);
        int features = features(x);
        OnnxTensor matrix = OnnxTensor.of("coefficients", ElementType.F32,
                doubles(reals(node, "coefficients", Math.multiplyExact(units, features))), units, features);
        OnnxTensor bias = OnnxTensor.of("intercepts", ElementType.F32, doubles(reals(node, "intercepts", units)), units);
        return dense(x, matrix, true, 1f, Optional.of(bias), 1f, node);
    }

    private void linearRegressor(OnnxReader.Node node) {
        long targets = node.whole("targets", 1);
        if (targets < 1 || targets > OnnxReader.MOST_NAME || !node.text("post_transform", "NONE").equals("NONE")) {
            throw new IllegalArgumentException("BERAS has it with 1 to " + OnnxReader.MOST_NAME + " targets and no post_transform."
                    + " Received: " + targets + " and " + node.text("post_transform", "NONE"));
        }
        graph.put(node, linear(node, (int) targets));
    }

    private void linearClassifier(OnnxReader.Node node) {
        if (node.outputs().size() != 2) {
            throw new IllegalArgumentException("it gives labels and scores. Received: " + node.outputs());
        }
        Map<String, Supplier<Layer>> ends = Map.of("SOFTMAX", Softmax::new, "LOGISTIC", Sigmoid::new);
        String end = node.text("post_transform", "NONE");
        if (!end.equals("NONE") && !ends.containsKey(end)) {
            throw new IllegalArgumentException("BERAS has the post_transform NONE, SOFTMAX or LOGISTIC. Received: " + end);
        }
        OnnxReader.Attribute coefficients = node.attributes().get("coefficients");
        int features = features(x(node));
        int classes = coefficients == null ? 0 : coefficients.reals().length / features;
        if (classes < 2) {
            throw new IllegalArgumentException("each of two classes or more needs coefficients. Received those of: " + classes);
        }
        Node scores = linear(node, classes);
        Node made = end.equals("NONE") ? scores : ends.get(end).get().apply(scores);
        float[] c = coefficients.reals();
        float[] b = reals(node, "intercepts", classes);
        boolean opposite = classes == 2 && b[0] == -b[1];
        for (int i = 0; opposite && i < features; i++) {
            opposite = c[i] == -c[features + i];
        }
        if (end.equals("SOFTMAX") || end.equals("LOGISTIC") && opposite) {
            sumsOfOne.add(made);
        }
        graph.putAs(node.outputs().get(1), made);
    }

    /** Changes nothing in probabilities. */
    private void normalizer(OnnxReader.Node node) {
        if (!node.text("norm", "MAX").equals("L1") || !sumsOfOne.contains(x(node))) {
            throw new IllegalArgumentException("BERAS has no layer that makes the sum of an example 1. Received: norm "
                    + node.text("norm", "MAX"));
        }
        graph.put(node, x(node));
    }
}
