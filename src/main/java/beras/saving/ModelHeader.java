package beras.saving;

import beras.config.Config;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.models.Model;
import beras.models.Models;
import beras.tensor.Variable;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        requireDescribed(model);
        Map<Layer, Integer> layers = new IdentityHashMap<>();
        for (Layer layer : model.layersByName().values()) {
            layers.put(layer, layers.size());
        }
        Map<Node, Integer> places = new IdentityHashMap<>();
        JsonArray nodes = new JsonArray();
        for (Node node : model.nodes()) {
            places.put(node, places.size());
            JsonObject json = new JsonObject();
            json.addProperty("layer", layers.get(node.layer()));
            json.add("inputs", places(node.inputs(), places));
            nodes.add(json);
        }
        JsonObject origin = new JsonObject();
        provenance.forEach(origin::addProperty);
        JsonObject header = new JsonObject();
        Config config = model.config();
        header.addProperty("model", config.type());
        header.add("layers", ConfigJson.write(config).get("layers"));
        header.add("nodes", nodes);
        header.add("inputs", places(model.inputNodes(), places));
        header.add("outputs", places(model.outputNodes(), places));
        header.add("weights", weights(model));
        header.add("provenance", origin);
        return header;
    }

    private static void requireDescribed(Model model) {
        int place = 0;
        for (Layer layer : model.layersByName().values()) {
            if (layer instanceof Model inner) {
                requireDescribed(inner);
            } else if (!Layers.REGISTRY.isRegistered(layer.getClass())) {
                throw new IllegalArgumentException("Layers that can be saved are " + String.join(", ", Layers.names())
                        + "; a class of one's own by Layers.register. Received layer " + place + ": "
                        + layer.getClass().getName());
            }
            place++;
        }
    }

    private static JsonArray places(List<Node> some, Map<Node, Integer> all) {
        JsonArray places = new JsonArray();
        some.forEach(node -> places.add(all.get(node)));
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
        if (weightBytes % Float.BYTES != 0) {
            throw new IllegalArgumentException("weights have " + Float.BYTES + " bytes each. Received: " + weightBytes);
        }
        Model model = Models.unfilled(config(header), weightBytes / Float.BYTES);
        readWeights(array(header, "weights"), model.weights());
        Map<String, String> provenance = new LinkedHashMap<>();
        member(header, "provenance").getAsJsonObject().asMap()
                .forEach((name, value) -> provenance.put(name, value.getAsString()));
        return new SavedModel(model, provenance);
    }

    /** The graph part of a header as a config of {@link Models}. */
    private static Config config(JsonObject header) {
        List<Config> layers = new ArrayList<>();
        for (JsonElement layer : array(header, "layers")) {
            layers.add(ConfigJson.read(layer.getAsJsonObject()));
        }
        List<Integer> order = new ArrayList<>();
        List<List<Integer>> nodes = new ArrayList<>();
        for (JsonElement element : array(header, "nodes")) {
            JsonObject node = element.getAsJsonObject();
            List<Integer> use = places(array(node, "inputs"));
            order.add(member(node, "layer").getAsInt());
            use.add(0, order.get(nodes.size()));
            nodes.add(use);
        }
        Config config = Config.of(member(header, "model").getAsString()).with("layers", layers);
        return config.type().equals("Sequential") ? config.with("order", order) : config.with("nodes", nodes)
                .with("inputs", places(array(header, "inputs"))).with("outputs", places(array(header, "outputs")));
    }

    private static List<Integer> places(JsonArray json) {
        List<Integer> places = new ArrayList<>();
        json.forEach(place -> places.add(place.getAsInt()));
        return places;
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
