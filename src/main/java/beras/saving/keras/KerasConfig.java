package beras.saving.keras;

import static beras.saving.bytes.Check.refuseIf;
import static beras.saving.keras.KerasJson.array;
import static beras.saving.keras.KerasJson.className;
import static beras.saving.keras.KerasJson.object;
import static beras.saving.keras.KerasJson.text;

import beras.config.Config;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The model of a {@code config.json} of Keras: its layers, by {@link KerasParts}, and how they are connected. */
final class KerasConfig {

    private static final List<String> INPUTS = List.of("query", "value", "key"); // of attention
    private static final int MOST_LAYERS = 10_000;
    /**
     * A layer or model in the order of the file.
     *
     * @param name     in its model
     * @param type     Keras's class
     * @param given    whether it has no weights in the file, as its settings contain them
     * @param parts    the layers of a model; empty for a layer
     */
    record Part(String name, String type, boolean given, List<Part> parts) {}

    /**
     * A model with the order of its layers in the file.
     *
     * @param keys the names of its outputs where these are a dict, in the order of the outputs; else none
     */
    record Described(Config config, Part part, List<String> keys) {

        Described(Config config, Part part) {
            this(config, part, List.of());
        }
    }

    /**
     * A use of a layer.
     *
     * @param name  of the layer, with the number of the call
     * @param place of the layer in the model
     * @param arguments the names of the calls, and inputs, that it needs
     */
    private record Call(String name, int place, List<String> arguments) {}

    private final KerasParts parts = new KerasParts();

    /** As {@link KerasParts#requireAll}. */
    void requireAll() {
        parts.requireAll();
    }

    /** A model, with all in it. */
    Described model(JsonObject json) {
        String type = className(json);
        if (!parts.isKeras(json, type, "model")) {
            parts.requireAll();
        }
        JsonObject config = object(json, "config");
        refuseIf(!KerasNames.MODELS.contains(type),
                "config.json has what BERAS cannot make: model of class " + type + "; known: " + KerasNames.MODELS);
        JsonArray layers = array(config, "layers");
        refuseIf(layers.size() > MOST_LAYERS,
                "config.json may have " + MOST_LAYERS + " layers in a model. Received: " + layers.size());
        List<Object> configs = new ArrayList<>();
        List<Part> all = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        Map<String, String> masks = new HashMap<>();
        for (JsonElement element : layers) {
            if (isMask(element.getAsJsonObject(), masks)) {
                continue;
            }
            Described layer = layer(element.getAsJsonObject());
            refuseIf(places.putIfAbsent(layer.part.name, configs.size()) != null,
                    "config.json has two layers of one name in a model. Received: " + layer.part.name);
            configs.add(layer.config);
            all.add(layer.part);
        }
        String name = text(config, "name");
        Config made = Config.of(type).with("name", name).with("layers", configs).with("trainable", KerasParts.frozen(config));
        return new Described(type.equals("Sequential") ? made : connected(made, config, places, masks),
                new Part(name, type, false, List.copyOf(all)), keys(config));
    }

    /**
     * Whether something is no layer but the mask of an Embedding, {@code NotEqual(indices, 0)}, or of a Masking, {@code Any} of
     * {@code NotEqual(inputs, maskValue)}, which Keras has in the graph.
     *
     * @param masks receives its name and its type
     */
    private static boolean isMask(JsonObject layer, Map<String, String> masks) {
        if (!layer.has("inbound_nodes") || array(layer, "inbound_nodes").size() != 1) {
            return false;
        }
        JsonArray inputs = array(array(layer, "inbound_nodes").get(0).getAsJsonObject(), "args");
        String mask = null;
        if (className(layer).equals("NotEqual") && inputs.size() == 2 && isTensor(inputs.get(0)) && inputs.get(1).isJsonPrimitive()) {
            mask = unequal(inputs.get(0), inputs.get(1));
        } else if (className(layer).equals("Any") && inputs.size() == 1 && isTensor(inputs.get(0))
                && masks.containsKey(history(inputs.get(0)).get(0).getAsString())) {
            mask = any(masks.get(history(inputs.get(0)).get(0).getAsString()));
        }
        if (mask != null) {
            masks.put(text(object(layer, "config"), "name"), mask);
        }
        return mask != null;
    }

    private static String unequal(JsonElement tensor, JsonElement value) {
        return source(tensor) + " != " + value.getAsDouble();
    }

    private static String any(String mask) {
        return "any of " + mask;
    }

    private static List<String> keys(JsonObject config) {
        JsonElement outputs = config.get("output_layers");
        return outputs != null && outputs.isJsonObject() ? List.copyOf(new TreeMap<>(outputs.getAsJsonObject().asMap()).keySet())
                : List.of();
    }

    private Described layer(JsonObject json) {
        String type = className(json);
        if (KerasNames.MODELS.contains(type)) {
            return model(json);
        }
        JsonObject settings = object(json, "config");
        boolean given = type.equals("Normalization") && settings.has("mean") && !settings.get("mean").isJsonNull();
        return new Described(parts.layer(json), new Part(text(settings, "name"), type, given, List.of()));
    }

    /** The nodes of the graph: each is one call of a layer. */
    private Config connected(Config model, JsonObject config, Map<String, Integer> places, Map<String, String> masks) {
        parts.requireAll(); // unknown parts may be connected in unknown ways
        Map<String, Integer> made = new HashMap<>(); // nodes by the names of calls
        List<Object> nodes = new ArrayList<>();
        List<Call> calls = new ArrayList<>();
        Map<String, JsonObject> layers = new HashMap<>();
        array(config, "layers").forEach(layer -> layers.put(text(object(layer.getAsJsonObject(), "config"), "name"), layer.getAsJsonObject()));
        for (JsonElement element : array(config, "layers")) {
            JsonObject layer = element.getAsJsonObject();
            String name = text(object(layer, "config"), "name");
            if (masks.containsKey(name)) {
                continue;
            }
            if (className(layer).equals("InputLayer")) {
                made.put(key(name, 0), nodes.size());
                nodes.add(List.of(places.get(name)));
                continue;
            }
            JsonArray inbound = array(layer, "inbound_nodes");
            refuseIf(calls.size() + inbound.size() > MOST_LAYERS, "config.json may have " + MOST_LAYERS
                    + " calls of layers in a model. Received: " + (calls.size() + inbound.size()));
            for (int i = 0; i < inbound.size(); i++) {
                JsonObject call = inbound.get(i).getAsJsonObject();
                boolean isKnown = isOwnMask(layers, call, masks);
                calls.add(new Call(key(name, i), places.get(name), arguments(call, key(name, i), isKnown)));
            }
        }
        while (!calls.isEmpty()) { // repeatedly, in the order of the file, as their inputs become available
            List<Call> later = new ArrayList<>();
            for (Call call : calls) {
                if (made.keySet().containsAll(call.arguments)) {
                    List<Integer> node = new ArrayList<>(List.of(call.place));
                    call.arguments.forEach(argument -> node.add(made.get(argument)));
                    made.put(call.name, nodes.size());
                    nodes.add(node);
                } else {
                    later.add(call);
                }
            }
            if (later.size() == calls.size()) {
                throw new IllegalArgumentException("config.json has calls of layers that need each other, or such as there are not."
                        + " Received: " + later.get(0).name + " of " + later.get(0).arguments);
            }
            calls = later;
        }
        return model.with("nodes", nodes).with("inputs", ends(config, "input_layers", made))
                .with("outputs", ends(config, "output_layers", made));
    }

    private static String key(String layer, int call) {
        return layer + "#" + call;
    }

    /** Whether the mask of a call is that of the Embedding or Masking that its first argument goes back to, and so comes with that here. */
    private static boolean isOwnMask(Map<String, JsonObject> layers, JsonObject call, Map<String, String> masks) {
        JsonElement mask = object(call, "kwargs").get("mask");
        String expected = mask == null || !isTensor(mask) ? null : masks.get(history(mask).get(0).getAsString());
        JsonObject user = call;
        for (int i = 0; expected != null && i < layers.size(); i++) { // no further than there are layers, as there might be a circle
            JsonArray arguments = array(user, "args");
            JsonArray from = arguments.isEmpty() || !isTensor(arguments.get(0)) ? new JsonArray() : history(arguments.get(0));
            JsonObject maker = from.size() < 2 ? null : layers.get(from.get(0).getAsString());
            if (maker == null || array(maker, "inbound_nodes").size() <= from.get(1).getAsInt()) {
                return false;
            }
            user = array(maker, "inbound_nodes").get(from.get(1).getAsInt()).getAsJsonObject();
            JsonObject settings = object(maker, "config");
            if (className(maker).equals("Embedding")) {
                return settings.get("mask_zero").getAsBoolean() && expected.equals(unequal(array(user, "args").get(0), new JsonPrimitive(0)));
            }
            if (className(maker).equals("Masking")) {
                return expected.equals(any(unequal(array(user, "args").get(0), settings.get("mask_value"))));
            }
        }
        return false;
    }

    private static boolean isTensor(JsonElement argument) {
        return argument.isJsonObject() && argument.getAsJsonObject().has("class_name")
                && className(argument.getAsJsonObject()).equals("__keras_tensor__");
    }

    private static JsonArray history(JsonElement tensor) {
        return array(object(tensor.getAsJsonObject(), "config"), "keras_history");
    }

    private static String source(JsonElement argument) {
        return tensor(history(argument));
    }

    /** @param isMaskKnown whether its mask needs no mention */
    private List<String> arguments(JsonObject call, String name, boolean isMaskKnown) {
        List<String> tensors = new ArrayList<>();
        collect(array(call, "args"), tensors, name);
        JsonObject named = object(call, "kwargs");
        for (String argument : INPUTS) {
            if (named.has(argument) && !named.get(argument).isJsonNull()) {
                collect(named.get(argument), tensors, name);
            }
        }
        named.asMap().forEach((argument, value) -> {
            boolean isDefault = value.isJsonNull() || value.toString().equals("false");
            boolean isRead = INPUTS.contains(argument) || argument.equals(KerasNames.CAUSAL) || isMaskKnown && argument.equals("mask");
            if (!isDefault && !isRead) {
                parts.missing.add("the argument " + argument + " of the call " + name);
            }
        });
        parts.requireAll();
        return tensors;
    }

    private void collect(JsonElement argument, List<String> tensors, String name) {
        if (argument.isJsonArray()) {
            argument.getAsJsonArray().forEach(each -> collect(each, tensors, name));
        } else if (isTensor(argument)) {
            tensors.add(source(argument));
        } else {
            parts.missing.add("an argument that is no tensor, of the call " + name);
        }
    }

    private static String tensor(JsonArray history) {
        if (history.size() != 3 || history.get(2).getAsInt() != 0) {
            throw new IllegalArgumentException("config.json must identify a tensor by its layer, the number of the call, and the"
                    + " first output, 0, as a layer has one output. Received: " + history);
        }
        return key(history.get(0).getAsString(), history.get(1).getAsInt());
    }

    private static List<Integer> ends(JsonObject config, String which, Map<String, Integer> made) {
        JsonElement ends = config.get(which);
        List<String> tensors = new ArrayList<>();
        if (ends != null && ends.isJsonObject()) { // Keras goes through dicts by key
            new TreeMap<>(ends.getAsJsonObject().asMap()).values().forEach(end -> tensors.add(tensor(end.getAsJsonArray())));
        } else {
            JsonArray list = array(config, which);
            if (!list.isEmpty() && list.get(0).isJsonPrimitive()) {
                tensors.add(tensor(list));
            } else {
                list.forEach(end -> tensors.add(tensor(end.getAsJsonArray())));
            }
        }
        List<Integer> places = new ArrayList<>();
        for (String tensor : tensors) {
            refuseIf(!made.containsKey(tensor),
                    "config.json has among " + which + " a call that is not there. Received: " + tensor);
            places.add(made.get(tensor));
        }
        return places;
    }
}
