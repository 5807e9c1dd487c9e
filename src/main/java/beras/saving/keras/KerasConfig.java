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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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
    record Described(Config config, Part part, List<String> keys) {}

    /**
     * A use of a layer.
     *
     * @param name  of the layer, with the number of the call
     * @param place of the layer in the model; -1: it is no layer but an operation on masks
     * @param arguments the names of the calls, and inputs, that it needs
     * @param layer     in the file
     * @param json      in the file
     */
    private record Call(String name, int place, List<String> arguments, JsonObject layer, JsonObject json) {}

    /** Operations that Keras adds to a graph for masks, see {@link #carried}. */
    private static final Set<String> MASKS = Set.of("Any", "Concatenate", "ExpandDims", "LogicalOr", "NotEqual", "OnesLike", "ZerosLike");
    private static final Set<String> USING = Set.of("BatchNormalization", "Bidirectional", "GRU", "GlobalAveragePooling1D", "LSTM", "SimpleRNN");
    private static final Set<String> OF_TENSORS = Set.of("NotEqual", "OnesLike", "ZerosLike");
    private static final Pattern LOSING = Pattern.compile(".*(Conv1D|Conv1DTranspose|Pooling1D|Padding1D|Cropping1D|UpSampling1D)|Flatten|Permute|Reshape"
            + "|RepeatVector");

    final KerasParts parts = new KerasParts();
    private final Map<String, Integer> words = new HashMap<>(); // what masks are computed of, so that each has a short name

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
        Set<String> masks = new HashSet<>();
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
        if (keepsMasks(layers)) {
            configs.replaceAll(layer -> ((Config) layer).with("takesMasks", null));
        }
        String name = text(config, "name");
        Config made = Config.of(type).with("name", name).with("layers", configs).with("trainable", KerasParts.frozen(config));
        return new Described(type.equals("Sequential") ? made : connected(made, config, places, masks),
                new Part(name, type, false, List.copyOf(all)), keys(config));
    }

    /**
     * Whether masks stay where attention takes them off its inputs: Keras has them in the graph for other layers, but not for attention
     * to the same inputs, nor for losses.
     */
    private static boolean keepsMasks(JsonArray layers) {
        Set<String> read = new HashSet<>();
        boolean isUsed = false;
        boolean isShared = false;
        for (JsonElement element : layers) {
            JsonObject layer = element.getAsJsonObject();
            isUsed |= USING.contains(className(layer));
            for (JsonElement call : layer.has("inbound_nodes") && className(layer).equals("MultiHeadAttention") ? array(layer, "inbound_nodes")
                    : new JsonArray()) {
                for (String source : Set.copyOf(sources(array(call.getAsJsonObject(), "args")))) {
                    isShared |= !read.add(source);
                }
            }
        }
        return isUsed && !isShared;
    }

    /**
     * Whether something is no layer but an operation on masks.
     *
     * @param masks receives its name
     */
    private static boolean isMask(JsonObject layer, Set<String> masks) {
        if (!MASKS.contains(className(layer)) || !layer.has("inbound_nodes") || array(layer, "inbound_nodes").size() != 1) {
            return false;
        }
        boolean is = OF_TENSORS.contains(className(layer)) || sources(array(array(layer, "inbound_nodes").get(0).getAsJsonObject(), "args")).stream()
                .anyMatch(source -> masks.contains(source.substring(0, source.lastIndexOf('#'))));
        return is && masks.add(text(object(layer, "config"), "name"));
    }

    private static List<String> sources(JsonElement argument) {
        if (argument.isJsonArray()) {
            return argument.getAsJsonArray().asList().stream().flatMap(each -> sources(each).stream()).toList();
        }
        return isTensor(argument) ? List.of(source(argument)) : List.of();
    }

    private String named(String type, Object... of) {
        String word = type + Arrays.toString(of);
        words.putIfAbsent(word, words.size());
        return words.get(word) + "";
    }

    /** The mask that the output of a layer has, by Keras's rules, as what it is computed of; null: none. */
    private String carried(Call call, Map<String, String> masks) {
        String type = className(call.layer);
        JsonObject settings = object(call.layer, "config");
        String x = call.arguments.isEmpty() ? "" : call.arguments.get(0);
        if (type.equals("Embedding")) {
            return settings.has("mask_zero") && settings.get("mask_zero").getAsBoolean() ? named("NotEqual", x, 0.0) : null;
        }
        if (type.equals("Masking")) {
            return named("Any", named("NotEqual", x, settings.get("mask_value").getAsDouble()));
        }
        List<String> all = call.arguments.stream().map(masks::get).toList();
        if (type.equals("Concatenate") && all.stream().anyMatch(Objects::nonNull)) {
            return named("Any", named(type, IntStream.range(0, all.size()).mapToObj(i -> all.get(i) == null ? named("OnesLike", call.arguments.get(i))
                    : named("LogicalOr", named("ExpandDims", all.get(i)), named("ZerosLike", call.arguments.get(i)))).toArray()));
        }
        String union = LOSING.matcher(type).matches() ? null : masks.get(x);
        for (int i = 1; KerasNames.MERGES.contains(type) && i < all.size(); i++) {
            union = union == null || all.get(i) == null ? null : named("LogicalOr", union, all.get(i));
        }
        return union;
    }

    /** What an operation on masks gives, as what it is computed of. */
    private String meaning(Call call, Map<String, String> masks) {
        List<Object> of = new ArrayList<>();
        for (JsonElement argument : array(call.json, "args")) {
            List<String> tensors = sources(argument);
            tensors.forEach(source -> of.add(OF_TENSORS.contains(className(call.layer)) ? source : masks.get(source)));
            if (tensors.isEmpty()) {
                of.add(argument.isJsonPrimitive() && argument.getAsJsonPrimitive().isNumber() ? (Object) argument.getAsDouble() : argument);
            }
        }
        return named(className(call.layer), of.toArray());
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
        return new Described(parts.layer(json), new Part(text(settings, "name"), type, given, List.of()), List.of());
    }

    /** The nodes of the graph: each is one call of a layer. */
    private Config connected(Config model, JsonObject config, Map<String, Integer> places, Set<String> masks) {
        parts.requireAll(); // unknown parts may be connected in unknown ways
        Map<String, Integer> made = new HashMap<>(); // nodes by the names of calls
        List<Object> nodes = new ArrayList<>();
        List<Call> calls = new ArrayList<>();
        for (JsonElement element : array(config, "layers")) {
            JsonObject layer = element.getAsJsonObject();
            String name = text(object(layer, "config"), "name");
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
                boolean isMask = masks.contains(name);
                calls.add(new Call(key(name, i), isMask ? -1 : places.get(name), isMask ? sources(array(call, "args")) : arguments(call, key(name, i)),
                        layer, call));
            }
        }
        Map<String, String> carried = new HashMap<>(); // masks
        while (!calls.isEmpty()) { // repeatedly, in the order of the file, as their inputs become available
            List<Call> later = new ArrayList<>();
            for (Call call : calls) {
                JsonElement mask = object(call.json, "kwargs").get("mask");
                String given = mask != null && isTensor(mask) && call.place >= 0 ? source(mask) : null;
                if (made.keySet().containsAll(call.arguments) && (given == null || made.containsKey(given))) {
                    carried.put(call.name, call.place < 0 ? meaning(call, carried) : carried(call, carried));
                    if (given != null && (call.arguments.isEmpty() || !Objects.equals(carried.get(given), carried.get(call.arguments.get(0))))) {
                        parts.missing.add("the argument mask of the call " + call.name);
                    }
                    if (call.place < 0) {
                        made.put(call.name, -1);
                        continue;
                    }
                    refuseIf(call.arguments.stream().anyMatch(argument -> made.get(argument) < 0), "config.json has what BERAS cannot make: an operation"
                            + " on tensors before the call " + call.name);
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
        parts.requireAll();
        return model.with("nodes", nodes).with("inputs", ends(config, "input_layers", made))
                .with("outputs", ends(config, "output_layers", made));
    }

    private static String key(String layer, int call) {
        return layer + "#" + call;
    }

    private static boolean isTensor(JsonElement argument) {
        return argument.isJsonObject() && argument.getAsJsonObject().has("class_name")
                && className(argument.getAsJsonObject()).equals("__keras_tensor__");
    }

    private static String source(JsonElement argument) {
        return tensor(array(object(argument.getAsJsonObject(), "config"), "keras_history"));
    }

    private List<String> arguments(JsonObject call, String name) {
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
            boolean isRead = INPUTS.contains(argument) || argument.equals(KerasNames.CAUSAL) || argument.equals("mask") && isTensor(value);
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
            refuseIf(made.getOrDefault(tensor, -1) < 0,
                    "config.json has among " + which + " a call that is not there. Received: " + tensor);
            places.add(made.get(tensor));
        }
        return places;
    }
}
