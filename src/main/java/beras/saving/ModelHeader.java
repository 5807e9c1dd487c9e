package beras.saving;

import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.WeightSpec;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.tensor.Variable;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON header of a model file.
 *
 * <pre>
 *   {"model": "Sequential",
 *    "layers": [{"type": "Input", "shape": [784]}, {"type": "Dense", "units": 10, ...}, {"type": "Softmax"}],
 *    "nodes": [{"layer": 0, "inputs": []}, {"layer": 1, "inputs": [0]}, {"layer": 2, "inputs": [1]}],
 *    "inputs": [0], "outputs": [2],
 *    "weights": [{"shape": [784, 10], "trainable": true}, {"shape": [1, 10], "trainable": true}],
 *    "provenance": {"seed": "1"}}
 * </pre>
 * A node is one use of a layer; a layer that is used twice has two nodes and one set of weights.
 */
final class ModelHeader {

    static JsonObject write(Model model, Map<String, String> provenance) {
        List<Layer> layers = List.copyOf(model.layersByName().values());
        JsonArray configs = new JsonArray();
        for (Layer layer : layers) {
            requireDescribed(layer, configs.size());
            configs.add(ConfigJson.write(layer.config()));
        }
        JsonArray nodes = new JsonArray();
        for (Node node : model.nodes()) {
            JsonObject json = new JsonObject();
            json.addProperty("layer", layers.indexOf(node.layer()));
            json.add("inputs", places(node.inputs(), model.nodes()));
            nodes.add(json);
        }
        JsonObject origin = new JsonObject();
        provenance.forEach(origin::addProperty);
        JsonObject header = new JsonObject();
        header.addProperty("model", model.getClass().getSimpleName());
        header.add("layers", configs);
        header.add("nodes", nodes);
        header.add("inputs", places(model.inputNodes(), model.nodes()));
        header.add("outputs", places(model.outputNodes(), model.nodes()));
        header.add("weights", weights(model));
        header.add("provenance", origin);
        return header;
    }

    private static void requireDescribed(Layer layer, int place) {
        boolean fused = layer instanceof Dense dense && dense.hasActivation();
        if (fused || !Layers.REGISTRY.isRegistered(layer.getClass())) {
            throw new IllegalArgumentException("Layers that can be saved are " + String.join(", ", Layers.names())
                    + ", each on its own; a class of one's own by Layers.register. Received layer " + place + ": "
                    + (fused ? "Dense with an activation inside" : layer.getClass().getName()));
        }
    }

    private static JsonArray places(List<Node> some, List<Node> all) {
        JsonArray places = new JsonArray();
        some.forEach(node -> places.add(all.indexOf(node)));
        return places;
    }

    private static JsonArray weights(Model model) {
        JsonArray weights = new JsonArray();
        for (Variable variable : model.weights()) {
            JsonArray shape = new JsonArray();
            for (int size : variable.shape().toArray()) {
                shape.add(size);
            }
            JsonObject weight = new JsonObject();
            weight.add("shape", shape);
            weight.addProperty("trainable", variable.trainable());
            weights.add(weight);
        }
        return weights;
    }

    /**
     * The model that a header describes; its weights are to be overwritten.
     *
     * @param version     of the format
     * @param weightBytes what the file holds of weights; no model that needs more is made
     * @throws IllegalArgumentException if the header does not describe a model with that many weights
     */
    static SavedModel read(JsonObject json, int version, long weightBytes) {
        JsonObject header = version == 1 ? FirstVersion.upgrade(json) : json;
        List<Layer> layers = new ArrayList<>();
        for (JsonElement element : array(header, "layers")) {
            layers.add(layer(element.getAsJsonObject(), layers.size()));
        }
        List<Node> nodes = new ArrayList<>();
        for (JsonElement element : array(header, "nodes")) {
            JsonObject node = element.getAsJsonObject();
            nodes.add(chosen(member(node, "layer"), layers).apply(chosen(array(node, "inputs"), nodes).toArray(Node[]::new)));
        }
        requireWeights(nodes, weightBytes);
        Model model = model(member(header, "model").getAsString(), nodes, chosen(array(header, "inputs"), nodes),
                chosen(array(header, "outputs"), nodes));
        readWeights(array(header, "weights"), model.weights());
        Map<String, String> provenance = new LinkedHashMap<>();
        member(header, "provenance").getAsJsonObject().asMap()
                .forEach((name, value) -> provenance.put(name, value.getAsString()));
        return new SavedModel(model, provenance);
    }

    private static Layer layer(JsonObject json, int place) {
        try {
            return Layers.of(ConfigJson.read(json));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer " + place + ": " + e.getMessage(), e);
        }
    }

    private static <T> List<T> chosen(JsonArray places, List<T> all) {
        List<T> some = new ArrayList<>();
        places.forEach(place -> some.add(chosen(place, all)));
        return some;
    }

    private static <T> T chosen(JsonElement place, List<T> all) {
        int index = place.getAsInt();
        if (index < 0 || index >= all.size()) {
            throw new IllegalArgumentException("the header refers to part " + index + " of " + all.size());
        }
        return all.get(index);
    }

    private static Model model(String type, List<Node> nodes, List<Node> inputs, List<Node> outputs) {
        return switch (type) {
            case "Sequential" -> new Sequential(nodes.stream().map(Node::layer).toArray(Layer[]::new));
            case "Functional" -> new Functional(inputs, outputs);
            default -> throw new IllegalArgumentException("a model is Sequential or Functional. Received: " + type);
        };
    }

    /** Before any memory is taken. */
    private static void requireWeights(Collection<Node> nodes, long weightBytes) {
        Map<Layer, Long> bytes = new LinkedHashMap<>();
        for (Node node : nodes) {
            List<Shape> inputs = node.inputs().stream().map(Node::shape).toList();
            bytes.computeIfAbsent(node.layer(), layer -> layer instanceof Input ? 0L : bytes(layer.weightSpecs(inputs)));
        }
        long needed = bytes.values().stream().mapToLong(Long::longValue).sum();
        if (needed != weightBytes) {
            throw new IllegalArgumentException("the layers need " + needed + " bytes of weights. Received: " + weightBytes);
        }
    }

    private static long bytes(List<WeightSpec> specs) {
        return specs.stream().mapToLong(spec -> (long) Float.BYTES * spec.shape().size()).sum();
    }

    private static void readWeights(JsonArray described, List<Variable> weights) {
        if (described.size() != weights.size()) {
            throw new IllegalArgumentException("the layers have " + weights.size() + " weights. Received shapes: "
                    + described.size());
        }
        for (int i = 0; i < weights.size(); i++) {
            JsonObject json = described.get(i).getAsJsonObject();
            JsonArray shape = array(json, "shape");
            int[] sizes = new int[shape.size()];
            for (int axis = 0; axis < sizes.length; axis++) {
                sizes[axis] = shape.get(axis).getAsInt();
            }
            if (!weights.get(i).shape().is(sizes)) {
                throw new IllegalArgumentException("the layers need weight " + (i + 1) + " to have shape "
                        + weights.get(i).shape()
                        + ". Received: " + shape);
            }
            weights.get(i).trainable(member(json, "trainable").getAsBoolean());
        }
    }

    static JsonElement member(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the header lacks \"" + name + "\" in " + json);
        }
        return value;
    }

    static JsonArray array(JsonObject json, String name) {
        return member(json, name).getAsJsonArray();
    }

    private ModelHeader() {}
}
