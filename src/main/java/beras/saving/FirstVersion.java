package beras.saving;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * The header as the first version of the format had it: layers one behind the other, Dense with {@code inputs} and
 * {@code outputs}; {@code {"type": "Repeat", "layer": 0}} for a layer that is used again.
 */
final class FirstVersion {

    /** The same as a header of today. */
    static JsonObject upgrade(JsonObject old) {
        JsonArray layers = new JsonArray();
        JsonArray nodes = new JsonArray();
        JsonArray places = new JsonArray(); // of each old layer among the new ones
        for (JsonElement element : SecondVersion.array(old, "layers")) {
            JsonObject layer = element.getAsJsonObject();
            String type = SecondVersion.member(layer, "type").getAsString();
            if (layers.isEmpty()) {
                layers.add(input(old));
                nodes.add(node(0, new JsonArray()));
            }
            if (type.equals("Repeat")) {
                int repeated = SecondVersion.member(layer, "layer").getAsInt();
                if (repeated < 0 || repeated >= places.size()) {
                    throw new IllegalArgumentException("layer " + places.size() + " is layer " + repeated
                            + " once more, which does not come before it");
                }
                places.add(places.get(repeated));
            } else {
                places.add(layers.size());
                layers.add(type.equals("Dense") ? dense(layer) : layer);
            }
            nodes.add(node(places.get(places.size() - 1).getAsInt(), places(nodes.size() - 1)));
        }
        JsonObject header = old.deepCopy();
        header.addProperty("model", "Sequential");
        header.add("layers", layers);
        header.add("nodes", nodes);
        header.add("inputs", places(0));
        header.add("outputs", places(nodes.size() - 1));
        return header;
    }

    private static JsonObject input(JsonObject old) {
        for (JsonElement element : SecondVersion.array(old, "layers")) {
            if (element.getAsJsonObject().has("inputs")) {
                JsonArray shape = new JsonArray();
                shape.add(element.getAsJsonObject().get("inputs"));
                JsonObject input = new JsonObject();
                input.addProperty("type", "Input");
                input.add("shape", shape);
                return input;
            }
        }
        throw new IllegalArgumentException("no layer says how many inputs it takes");
    }

    private static JsonObject dense(JsonObject old) {
        JsonObject dense = new JsonObject();
        dense.addProperty("type", "Dense");
        dense.add("inputs", SecondVersion.member(old, "inputs"));
        dense.add("units", SecondVersion.member(old, "outputs"));
        return dense;
    }

    private static JsonObject node(int layer, JsonArray inputs) {
        JsonObject node = new JsonObject();
        node.addProperty("layer", layer);
        node.add("inputs", inputs);
        return node;
    }

    private static JsonArray places(int place) {
        JsonArray places = new JsonArray();
        places.add(place);
        return places;
    }

    private FirstVersion() {}
}
