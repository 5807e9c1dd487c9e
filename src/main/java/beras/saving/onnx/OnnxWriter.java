package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.InvalidDataException;
import beras.layers.Attention;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.MultiHeadAttention;
import beras.layers.Node;
import beras.layers.Recurrent;
import beras.layers.WeightSpec;
import beras.models.Model;
import beras.models.Models;
import beras.prediction.Encoding;
import beras.saving.ConfigJson;
import beras.saving.FormatSupport;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import beras.saving.bytes.ProtoMessage;
import beras.saving.onnx.OnnxConversion.Use;
import beras.tensor.Shape;
import com.google.gson.Gson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model as one graph of ONNX: models inside it are laid open. The preprocessor becomes nodes before the network, and the
 * decoding of its outputs nodes behind it, as far as ONNX can express them.
 */
final class OnnxWriter {

    private static final String REMEDY =
            ". A custom layer is written if it computes by operations of Tensor, or OnnxFile.register describes it";
    private static final String LABELS = "beras.labels";
    private static final long MOST_BYTES = Integer.MAX_VALUE; // of any message

    private final int batch; // for which layers are traced
    final OnnxGraph graph;
    private final List<String> missing = new ArrayList<>();
    private final Set<String> inTrainingOnly = new LinkedHashSet<>();
    private final List<String> lost = new ArrayList<>();
    private final ProtoMessage message;

    /**
     * @throws IllegalArgumentException if a layer cannot be expressed in ONNX, naming all such, or the file would be too large
     */
    OnnxWriter(SavedModel saved) {
        this(saved, OnnxTrace.BATCHES[0]);
        graph.difference(new OnnxWriter(saved, OnnxTrace.BATCHES[1]).graph).ifPresent(place -> {
            throw new InvalidDataException("ONNX cannot express what depends on the size of the batch, or on its numbers, otherwise than by"
                    + " recorded operations whose first axis is the batch. Received: " + place + REMEDY);
        });
    }

    private OnnxWriter(SavedModel saved, int batch) {
        this.batch = batch;
        Model model = saved.model();
        graph = new OnnxGraph(model);
        Map<String, String> metadata = FormatSupport.metadata(saved);
        boolean described = isRegistered(model);
        if (described) {
            metadata.put(FormatSupport.MODEL, ConfigJson.write(model.config()).toString());
        }
        refuseIf(model.inputShapes().stream().anyMatch(shape -> shape.size() == 0), "ONNX cannot express here inputs of any size. Received: "
                + model + ". Begin a model of the same layers with an Input of the size that you use, and give it the weights");
        requireNoMasks(model);
        Optional<Encoding> encoding = saved.preprocessor().flatMap(preprocessor -> preprocessor.encoding());
        if (encoding.isPresent()) {
            OnnxEncoding around = new OnnxEncoding(graph, encoding.get());
            String features = around.features(model.inputShape());
            String output = net(model, "", List.of(features)).get(0);
            Shape shape = model.outputShape();
            String probabilities = output;
            for (Layer layer : saved.behind()) {
                probabilities = withInner(new Use<>(layer, List.of(probabilities), List.of(shape), shape), "probabilities");
            }
            around.outputs(probabilities);
            saved.bound().ifPresent(bound -> lost.add("An image has a label in the graph, however low its probability: only BERAS"
                    + " applies the bound of " + bound));
            lost.addAll(around.lost);
            if (encoding.get().meaning() instanceof Encoding.Labels labels) {
                metadata.put(LABELS, new Gson().toJson(labels.labels()));
            }
        } else {
            bare(model);
            saved.calibration().ifPresent(any -> lost.add("The temperature of its probabilities is not in the graph"));
            saved.preprocessor().ifPresent(preprocessor -> lost.add("What makes inputs from data, "
                    + preprocessor.config().type() + ", is not in the graph: it takes the numbers that this gives"));
        }
        refuseIf(!missing.isEmpty(), "ONNX cannot express " + String.join("; ", missing)
                + REMEDY);
        message = graph.model(model.name() == null ? "model" : model.name(), metadata);
        refuseIf(message.size() > MOST_BYTES,
                "A file of ONNX has less than 2 GiB. Received: a model of " + message.size() + " bytes");
        loseTraining(saved, described);
    }

    private static boolean isRegistered(Model model) {
        try {
            Models.requireRegistered(model);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void loseTraining(SavedModel saved, boolean described) {
        if (!inTrainingOnly.isEmpty()) {
            lost.add("What works in training alone is not in the graph: " + String.join(", ", inTrainingOnly));
        }
        if (!saved.model().objectives().isEmpty() && !saved.isUncompiled() || saved.trainingState().isPresent()) {
            lost.add("The state of the training, with loss and optimizer, is not in the file");
        }
        boolean frozen = false;
        boolean rules = false;
        for (Layer layer : Layer.withInner(saved.model().layers())) {
            frozen |= layer.isFrozen();
            rules |= layer.activityRegularizer().isPresent();
            for (WeightSpec spec : layer.specs()) {
                rules |= spec.regularizer() != null || spec.constraint() != null;
            }
        }
        if (rules && !described) {
            lost.add("Regularizers and constraints are not in the file");
        }
        if (frozen) {
            lost.add("Which layers are frozen is not in the file");
        }
        FormatSupport.customTraining(saved.model()).ifPresent(lost::add);
    }

    /** Operators leave no steps out. */
    private void requireNoMasks(Model model) {
        List<Layer> all = Layer.withInner(List.of(model));
        if (FormatSupport.hasMasks(model)) {
            all.stream().filter(layer -> layer instanceof GlobalAveragePooling1D || layer instanceof MultiHeadAttention
                    || layer instanceof Attention || layer instanceof Recurrent<?>).findFirst()
                    .ifPresent(layer -> missing.add("a mask, by which " + layer.typeName() + " leaves steps out"));
        }
    }

    private void bare(Model model) {
        Map<Layer, String> names = FormatSupport.layerNames(model);
        List<String> inputs = model.inputNodes().stream()
                .map(input -> graph.input(names.get(input.layer()), OnnxFields.FLOAT, input.shape(), "")).toList();
        List<String> outputs = net(model, "", inputs);
        for (int i = 0; i < outputs.size(); i++) {
            graph.output(outputs.get(i), model.outputNames().get(i), OnnxFields.FLOAT, model.outputShapes().get(i));
        }
    }

    /** Adds a network, and returns its output tensors. */
    private List<String> net(Model model, String path, List<String> inputs) {
        Map<Layer, String> names = FormatSupport.layerNames(model);
        Map<Node, String> made = new IdentityHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            made.put(model.inputNodes().get(i), inputs.get(i));
        }
        for (Node node : model.nodes()) {
            if (!(node.layer() instanceof Input)) {
                made.put(node, layer(node, path + names.get(node.layer()), node.inputs().stream().map(made::get).toList()));
            }
        }
        return model.outputNodes().stream().map(made::get).toList();
    }

    private String layer(Node node, String path, List<String> arguments) {
        if (node.layer() instanceof Model inner) {
            return net(inner, path + "/", arguments).get(0); // a layer has one output
        }
        graph.at(path);
        Layer layer = node.layer();
        if (node.shape().size() == 0) {
            missing.add("layer \"" + path + "\": " + layer.typeName() + " of shape " + node.shape()
                    + ", without elements");
            return arguments.get(0);
        }
        if (OnnxLayers.isOfTraining(layer)) {
            inTrainingOnly.add(path);
        }
        return withInner(new Use<>(layer, arguments, node.inputs().stream().map(Node::shape).toList(), node.shape()), path);
    }

    /** Adds a layer, then the layers inside it, such as its final activation. */
    private String withInner(Use<?> use, String path) {
        if (!OnnxLayers.has(use.layer())) {
            return traced(use, path);
        }
        String y = OnnxLayers.convert(graph, use);
        Shape shape = y.equals(use.x()) ? use.shapes().get(0) : use.output();
        for (Layer inner : use.layer().layers()) {
            Shape next = inner.outputShape(List.of(shape));
            y = withInner(new Use<>(inner, List.of(y), List.of(shape), next), path);
            shape = next;
        }
        return y;
    }

    private String traced(Use<?> use, String path) {
        OnnxTrace trace = new OnnxTrace(graph, use, batch);
        String y = trace.convert();
        trace.refusals.forEach(reason -> missing.add("layer \"" + path + "\": " + reason));
        trace.inTrainingOnly.forEach(inner -> inTrainingOnly.add(path + "/" + inner));
        return y;
    }

    /** The report of the weights written and the parts left out. */
    WeightReport report() {
        return new WeightReport(graph.taken(), lost);
    }

    void write(OutputStream out) throws IOException {
        message.write(out);
    }
}
