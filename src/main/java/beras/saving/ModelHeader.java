package beras.saving;

import beras.activations.LeakyReLU;
import beras.activations.ReLU;
import beras.activations.Sigmoid;
import beras.activations.Softmax;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.models.Sequential;
import beras.tensor.Variable;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a model file.
 *
 * <pre>
 *   {"layers": [{"type": "Dense", "inputs": 784, "outputs": 10}, {"type": "Softmax"}],
 *    "weights": [{"shape": [784, 10], "trainable": true}, {"shape": [1, 10], "trainable": true}],
 *    "provenance": {"seed": "1"}}
 * </pre>
 * A layer that stands in several places is given once; {@code {"type": "Repeat", "layer": 0}} refers to it by its place.
 */
final class ModelHeader {

    private static final String REPEAT = "Repeat";
    private static final String TYPES = "Dense, ReLU, LeakyReLU, Sigmoid, Softmax";

    static JsonObject write(Sequential model, Map<String, String> provenance) {
        JsonArray layers = new JsonArray();
        for (int i = 0; i < model.layers().size(); i++) {
            layers.add(layer(model.layers(), i));
        }
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
        JsonObject origin = new JsonObject();
        provenance.forEach(origin::addProperty);
        JsonObject header = new JsonObject();
        header.add("layers", layers);
        header.add("weights", weights);
        header.add("provenance", origin);
        return header;
    }

    private static JsonObject layer(List<Layer> layers, int place) {
        Layer layer = layers.get(place);
        JsonObject json = new JsonObject();
        for (int i = 0; i < place; i++) {
            if (layers.get(i) == layer) {
                json.addProperty("type", REPEAT);
                json.addProperty("layer", i);
                return json;
            }
        }
        Class<?> type = layer.getClass();
        json.addProperty("type", type.getSimpleName());
        if (layer instanceof Dense dense && !dense.hasActivation()) {
            json.addProperty("inputs", dense.w().dim(0));
            json.addProperty("outputs", dense.w().dim(1));
        } else if (type == LeakyReLU.class) {
            json.addProperty("alpha", ((LeakyReLU) layer).slope());
        } else if (type != ReLU.class && type != Sigmoid.class && type != Softmax.class) {
            throw new IllegalArgumentException("Layers that can be saved are " + TYPES + ", each on its own. Received layer "
                    + (place + 1) + ": " + type.getSimpleName()
                    + (layer instanceof Dense ? " with an activation inside" : ""));
        }
        return json;
    }

    /**
     * The model that a header describes, all weights zero.
     *
     * @param weightBytes what the file holds of weights; no model that needs more is made
     * @throws IllegalArgumentException if the header does not describe a model with that many weights
     */
    static SavedModel read(JsonObject header, long weightBytes) {
        List<Layer> layers = new ArrayList<>();
        long bytesLeft = weightBytes;
        for (JsonElement element : array(header, "layers")) {
            Layer layer = readLayer(element, layers, bytesLeft);
            if (!layers.contains(layer)) {
                bytesLeft -= layer.weights().stream().mapToLong(w -> (long) Float.BYTES * w.size()).sum();
            }
            layers.add(layer);
        }
        Sequential model = new Sequential(layers.toArray(Layer[]::new));
        if (bytesLeft != 0) {
            throw new IllegalArgumentException("the layers need " + (weightBytes - bytesLeft)
                    + " bytes of weights. Received: " + weightBytes);
        }
        readWeights(array(header, "weights"), model.weights());
        Map<String, String> provenance = new LinkedHashMap<>();
        member(header, "provenance").getAsJsonObject().asMap()
                .forEach((name, value) -> provenance.put(name, value.getAsString()));
        return new SavedModel(model, provenance);
    }

    private static Layer readLayer(JsonElement element, List<Layer> before, long bytesLeft) {
        JsonObject json = element.getAsJsonObject();
        String type = member(json, "type").getAsString();
        return switch (type) {
            case "Dense" -> dense(integer(json, "inputs"), integer(json, "outputs"), bytesLeft);
            case "ReLU" -> new ReLU();
            case "LeakyReLU" -> new LeakyReLU(member(json, "alpha").getAsFloat());
            case "Sigmoid" -> new Sigmoid();
            case "Softmax" -> new Softmax();
            case REPEAT -> before.get(requireIndex(integer(json, "layer"), before.size()));
            default -> throw new IllegalArgumentException("layer " + (before.size() + 1)
                    + " is of a type unknown to this BERAS, which reads " + TYPES + ". Received: " + type);
        };
    }

    private static int requireIndex(int index, int count) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("layer " + (count + 1) + " repeats a layer that is not before it. Received: "
                    + index);
        }
        return index;
    }

    private static Dense dense(int inputs, int outputs, long bytesLeft) {
        if (inputs < 1 || outputs < 1 || (inputs + 1L) * outputs > bytesLeft / Float.BYTES) {
            throw new IllegalArgumentException("the file has " + bytesLeft
                    + " bytes of weights left for a Dense layer. Received: "
                    + inputs + " inputs and " + outputs + " outputs");
        }
        return new Dense(inputs, outputs, Initializers.zeros(), 0);
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

    private static JsonElement member(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the header lacks \"" + name + "\" in " + json);
        }
        return value;
    }

    private static JsonArray array(JsonObject json, String name) {
        return member(json, name).getAsJsonArray();
    }

    private static int integer(JsonObject json, String name) {
        return member(json, name).getAsInt();
    }

    private ModelHeader() {}
}
