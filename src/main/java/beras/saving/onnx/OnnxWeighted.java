package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Node;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Operators of layers with weights, of the nodes between them, and of scikit-learn. */
final class OnnxWeighted extends OnnxFamily {

    private static final int DROPOUT_BY_INPUT = 12;

    private final Set<Node> sumsOfOne = new HashSet<>();

    OnnxWeighted(OnnxImport graph) {
        super(graph);
    }

    void gemm(OnnxReader.Node node) throws IOException {
        refuseIf(node.whole("transA", 0) != 0, "transA would exchange examples and features. Received: 1");
        Node x = x(node);
        refuseIf(x.shape().rank() != 1, "examples must have one axis. Received shape: " + x.shape());
        graph.put(node, dense(x, constant(node, 1, "the matrix"), node.whole("transB", 0) != 0, node.real("alpha", 1f),
                optional(node, 2, "the bias"), node.real("beta", 1f), node));
    }

    void matMul(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        OnnxTensor matrix = constant(node, 1, "the matrix");
        OnnxReader.Node next = onlyUser(node);
        if (next != null && is(next, "Add") && matrix.sizes().length == 2) {
            String other = next.input(next.input(0).equals(node.outputs().get(0)) ? 1 : 0);
            Optional<OnnxTensor> bias = graph.constant(other).filter(terms -> terms.sizes().length > 0
                    && terms.sizes().length <= x.shape().rank() + 1 && terms.count() == matrix.sizes()[1]
                    && terms.sizes()[terms.sizes().length - 1] == terms.count());
            if (bias.isPresent()) {
                graph.done(next);
                graph.put(next, dense(x, matrix, false, 1f, bias, 1f, node));
                return;
            }
        }
        graph.put(node, dense(x, matrix, false, 1f, Optional.empty(), 1f, node));
    }

    /** The node that alone takes the output of a node, which is none of the graph; null if there is no such node. */
    private OnnxReader.Node onlyUser(OnnxReader.Node node) {
        String output = node.outputs().get(0);
        OnnxReader.Node user = graph.users(output).size() == 1 && !graph.isOutput(output) ? graph.users(output).get(0) : null;
        return user != null && user.number() > node.number() && !user.outputs().isEmpty() ? user : null;
    }

    Node dense(Node input, OnnxTensor matrix, boolean transposed, float alpha, Optional<OnnxTensor> bias, float beta,
            OnnxReader.Node node) {
        refuseIf(matrix.sizes().length != 2 || matrix.count() == 0 || input.shape().rank() == 0 || matrix.sizes()[transposed ? 1
                : 0] != input.shape().dim(-1), "the matrix \"" + matrix.name() + "\" must fit examples of shape " + input.shape()
                + ". Received shape: " + Arrays.toString(matrix.sizes()) + (transposed ? ", transposed" : ""));
        int units = matrix.sizes()[transposed ? 0 : 1];
        bias.filter(terms -> terms.count() != 1 && terms.count() != units || terms.sizes().length > 2
                || terms.count() > 1 && terms.sizes()[terms.sizes().length - 1] != terms.count()).ifPresent(terms -> {
                    throw new IllegalArgumentException("the bias \"" + terms.name() + "\" must have " + units
                            + " numbers. Received shape: " + Arrays.toString(terms.sizes()));
                });
        bias.ifPresent(terms -> graph.spread(units - terms.count(), node));
        return graph.weighted(node, both(matrix, bias), List.of(transposed, alpha, beta),
                () -> new Dense(units).useBias(bias.isPresent()), dense -> {
                    float[] values = matrix.floats();
                    float[] w = dense.w().data();
                    int inputs = values.length / units;
                    for (int i = 0; i < values.length; i++) {
                        int at = transposed ? i % inputs * units + i / inputs : i;
                        w[dense.w().offset() + at] = alpha == 1f ? values[i] : alpha * values[i];
                    }
                    if (bias.isPresent()) {
                        float[] terms = bias.get().floats();
                        for (int i = 0; i < units; i++) {
                            float term = terms[terms.length == 1 ? 0 : i];
                            dense.b().data()[dense.b().offset() + i] = beta == 1f ? term : beta * term;
                        }
                    }
                }).apply(input);
    }

    private static List<OnnxTensor> both(OnnxTensor first, Optional<OnnxTensor> second) {
        return second.isPresent() ? List.of(first, second.get()) : List.of(first);
    }

    void gather(OnnxReader.Node node) throws IOException {
        OnnxTensor table = constant(node, 0, "the table");
        refuseIf(table.sizes().length != 2 || table.count() == 0 || node.whole("axis", 0) != 0, "the table must have a row for"
                + " each index. Received: axis " + node.whole("axis", 0) + " of shape " + Arrays.toString(table.sizes()));
        Embedding embedding = graph.weighted(node, List.of(table), List.of(), () -> new Embedding(table.sizes()[0],
                table.sizes()[1]), made -> fill(made.weights().get(0), table.floats()));
        graph.put(node, embedding.apply(graph.node(node.input(1), node.toString())));
    }

    void batchNormalization(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        int rank = x.shape().rank();
        graph.put(node, rank == 2 || rank == 3 ? channelsFirst(batchNormalization(node, channelsLast(x)))
                : batchNormalization(node, x));
    }

    Node batchNormalization(OnnxReader.Node node, Node x) throws IOException {
        refuseIf(node.whole("training_mode", 0) != 0 || node.outputs().size() > 1,
                "a model that is trained already is needed. Received: one in training");
        List<OnnxTensor> parts = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            parts.add(constant(node, i, "input " + i));
            requireCount(parts.get(i - 1), features(x));
        }
        float epsilon = node.real("epsilon", 1e-5f);
        float momentum = node.real("momentum", 0.9f);
        return graph.weighted(node, parts, List.of(epsilon, momentum),
                () -> new BatchNormalization().epsilon(epsilon).momentum(momentum), layer -> {
                    for (int i = 0; i < parts.size(); i++) {
                        fill(layer.weights().get(i), parts.get(i).floats());
                    }
                }).apply(x);
    }

    void layerNormalization(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        OnnxTensor scale = constant(node, 1, "the scale");
        Optional<OnnxTensor> bias = optional(node, 2, "the bias");
        int rank = x.shape().rank() + 1;
        refuseIf(rank < 2 || axis(node.whole("axis", -1), rank) != rank - 1,
                "BERAS has it along the last axis. Received: axis " + node.whole("axis", -1) + " of " + rank);
        requireCount(scale, features(x));
        bias.ifPresent(terms -> requireCount(terms, scale.count()));
        float epsilon = node.real("epsilon", 1e-5f);
        graph.put(node, graph.weighted(node, both(scale, bias), List.of(epsilon),
                () -> new LayerNormalization().epsilon(epsilon).with("center", bias.isPresent()), layer -> {
                    fill(layer.gamma(), scale.floats());
                    if (bias.isPresent()) {
                        fill(layer.beta(), bias.get().floats());
                    }
                }).apply(x));
    }

    void dropout(OnnxReader.Node node) throws IOException {
        float rate = node.real("ratio", 0.5f);
        if (graph.opset() >= DROPOUT_BY_INPUT) {
            Optional<OnnxTensor> ratio = optional(node, 1, "the ratio");
            if (ratio.isPresent()) {
                requireCount(ratio.get(), 1);
                rate = ratio.get().floats()[0];
            }
        }
        graph.put(node, byElement(new Dropout(rate), x(node)));
    }

    // ------------------------------------------------------------------- as the exporter of scikit-learn writes them


    private static float[] reals(OnnxReader.Node node, String attribute, int count) {
        float[] reals = node.reals(attribute);
        refuseIf(reals.length != count && !(attribute.equals("intercepts") && reals.length == 0),
                attribute + " must have " + count + " numbers. Received: " + reals.length);
        return reals.length == count ? reals : new float[count];
    }

    void scaler(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        int features = features(x);
        graph.put(node, known("Mul", known("Sub", x, reals(node, "offset", features)), reals(node, "scale", features)));
    }

    /** An operator of these numbers, one for each feature. */
    private Node known(String type, Node x, float... numbers) {
        OnnxOperator layer = new OnnxOperator(Config.of(type), List.of(OnnxOperator.INPUT, Shape.of(numbers.length).toString()));
        graph.later(layer, List.of(), made -> fill(made.weights().get(0), numbers));
        return layer.apply(x);
    }

    private Node linear(OnnxReader.Node node, int units) {
        Node x = x(node);
        int features = features(x);
 OnnxTensor matrix = OnnxTensor.of("coefficients", reals(node, "coefficients", Math.multiplyExact(units, features)), units, features);
        OnnxTensor bias = OnnxTensor.of("intercepts", reals(node, "intercepts", units), units);
        return dense(x, matrix, true, 1f, Optional.of(bias), 1f, node);
    }

    void linearRegressor(OnnxReader.Node node) {
        long targets = node.whole("targets", 1);
        refuseIf(targets < 1 || targets > OnnxReader.MOST_NAME || !node.text("post_transform", "NONE").equals("NONE"),
                "BERAS has it with 1 to " + OnnxReader.MOST_NAME + " targets and no post_transform. Received: " + targets
                + " and " + node.text("post_transform", "NONE"));
        graph.put(node, linear(node, (int) targets));
    }

    void linearClassifier(OnnxReader.Node node) {
        refuseIf(node.outputs().size() != 2, "it gives labels and scores. Received: " + node.outputs());
        Map<String, Supplier<Layer>> ends = Map.of("SOFTMAX", Softmax::new, "LOGISTIC", Sigmoid::new);
        String end = node.text("post_transform", "NONE");
        refuseIf(!end.equals("NONE") && !ends.containsKey(end),
                "BERAS has the post_transform NONE, SOFTMAX or LOGISTIC. Received: " + end);
        float[] c = node.reals("coefficients");
        int features = features(x(node));
        int classes = c.length / features;
        refuseIf(classes < 2, "each of two classes or more needs coefficients. Received those of: " + classes);
        Node scores = linear(node, classes);
        Node made = end.equals("NONE") ? scores : ends.get(end).get().apply(scores);
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
    void normalizer(OnnxReader.Node node) {
        refuseIf(!node.text("norm", "MAX").equals("L1") || !sumsOfOne.contains(x(node)),
                "BERAS has no layer that makes the sum of an example 1. Received: norm " + node.text("norm", "MAX"));
        graph.put(node, x(node));
    }
}
