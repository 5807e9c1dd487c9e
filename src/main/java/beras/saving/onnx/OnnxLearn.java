package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.saving.bytes.ElementType;
import beras.tensor.Shape;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Operators that the exporter of scikit-learn writes. */
final class OnnxLearn extends OnnxFamily {

    private final OnnxWeighted weighted;
    private final Set<Node> sumsOfOne = new HashSet<>();

    OnnxLearn(OnnxImport graph, OnnxWeighted weighted) {
        super(graph);
        this.weighted = weighted;
    }

    private static float[] reals(OnnxReader.Node node, String attribute, int count) {
        float[] reals = node.attributes().containsKey(attribute) ? node.attributes().get(attribute).reals() : new float[0];
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
        OnnxTensor matrix = OnnxTensor.of("coefficients", ElementType.F32,
                doubles(reals(node, "coefficients", Math.multiplyExact(units, features))), units, features);
        OnnxTensor bias = OnnxTensor.of("intercepts", ElementType.F32, doubles(reals(node, "intercepts", units)), units);
        return weighted.dense(x, matrix, true, 1f, Optional.of(bias), 1f, node);
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
        OnnxReader.Attribute coefficients = node.attributes().get("coefficients");
        int features = features(x(node));
        int classes = coefficients == null ? 0 : coefficients.reals().length / features;
        refuseIf(classes < 2, "each of two classes or more needs coefficients. Received those of: " + classes);
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
    void normalizer(OnnxReader.Node node) {
        refuseIf(!node.text("norm", "MAX").equals("L1") || !sumsOfOne.contains(x(node)),
                "BERAS has no layer that makes the sum of an example 1. Received: norm " + node.text("norm", "MAX"));
        graph.put(node, x(node));
    }
}
