package beras.saving.keras;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metrics;
import beras.saving.keras.KerasNames.Kind;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The configs of a {@code config.json} of Keras as those of BERAS. What is missing in BERAS is gathered, to be reported at once.
 * Code is never run: there is nothing here that could.
 */
final class KerasConfig {

    private static final String SEQUENTIAL = "Sequential";
    private static final String FUNCTIONAL = "Functional";
    private static final String INPUT = "InputLayer";
    private static final String NORMALIZATION = "Normalization";
    private static final Set<String> OF_LAST_AXIS = Set.of("BatchNormalization", "GroupNormalization", "LayerNormalization",
            "LogSoftmax", NORMALIZATION, "RMSNormalization", "Softmax", "UnitNormalization");
    private static final Set<String> CROSS_ENTROPIES = Set.of("CategoricalCrossEntropy");
    private static final Set<String> WITH_FORM = Set.of("Adam", "RMSProp");
    private static final List<String> INPUTS = List.of("query", "value", "key"); // of attention
    private static final int MOST_LAYERS = 10_000;
    private static final String CODE = " is code and is never run";

    /** The argument of a call of attention. */
    static final String CAUSAL = "use_causal_mask";

    /** How Keras computes a cross-entropy of probabilities. */
    static final Map<String, Object> RULE = Map.of("normalize", true, "epsilon", 1e-7f);

    /**
     * A layer or model in the order of the file.
     *
     * @param name     in its model
     * @param type     Keras's class
     * @param given    whether it has no weights in the file, as its settings contain them
     * @param parts    the layers of a model; empty for a layer
     */
    record Part(String name, String type, boolean given, List<Part> parts) {

        boolean isModel() {
            return type.equals(SEQUENTIAL) || type.equals(FUNCTIONAL);
        }
    }

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

    private final List<String> missing = new ArrayList<>();

    /**
     * Refuses if something is lacking.
     *
     * @throws IllegalArgumentException if so, naming all of it
     */
    void requireAll() {
        refuseIf(!missing.isEmpty(), "config.json has what BERAS cannot make: " + String.join("; ", missing));
    }

    // --------------------------------------------------------------------------------------------------- layers

    /** A model, with all in it. */
    Described model(JsonObject json) {
        String type = className(json);
        requireKeras(json, type);
        JsonObject config = object(json, "config");
        if (!type.equals(SEQUENTIAL) && !type.equals(FUNCTIONAL)) {
            missing.add("model of class " + type + "; known: " + SEQUENTIAL + ", " + FUNCTIONAL);
            requireAll();
        }
        JsonArray layers = array(config, "layers");
        refuseIf(layers.size() > MOST_LAYERS,
                "config.json may have " + MOST_LAYERS + " layers in a model. Received: " + layers.size());
        List<Object> configs = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
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
            parts.add(layer.part);
        }
        String name = text(config, "name");
        Config made = Config.of(type).with("name", name).with("layers", configs).with("trainable", frozen(config));
        return new Described(type.equals(SEQUENTIAL) ? made : connected(made, config, places, masks),
                new Part(name, type, false, List.copyOf(parts)), keys(config));
    }

    /**
     * Whether something is no layer but the mask of an Embedding, {@code NotEqual(indices, 0)}, which Keras has in the graph.
     *
     * @param masks takes its name, with the tensor of the indices
     */
    private static boolean isMask(JsonObject layer, Map<String, String> masks) {
        if (!className(layer).equals("NotEqual") || !layer.has("inbound_nodes") || array(layer, "inbound_nodes").size() != 1) {
            return false;
        }
        JsonArray inputs = array(array(layer, "inbound_nodes").get(0).getAsJsonObject(), "args");
        if (inputs.size() != 2 || !isTensor(inputs.get(0)) || !inputs.get(1).toString().equals("0")) {
            return false;
        }
        masks.put(text(object(layer, "config"), "name"), source(inputs.get(0)));
        return true;
    }

    private static List<String> keys(JsonObject config) {
        JsonElement outputs = config.get("output_layers");
        return outputs != null && outputs.isJsonObject() ? List.copyOf(new TreeMap<>(outputs.getAsJsonObject().asMap()).keySet())
                : List.of();
    }

    private Described layer(JsonObject json) {
        String type = className(json);
        if (type.equals(SEQUENTIAL) || type.equals(FUNCTIONAL)) {
            return model(json);
        }
        JsonObject settings = object(json, "config");
        String name = text(settings, "name");
        String place = "layer \"" + name + "\"";
        int before = missing.size();
        boolean given = type.equals(NORMALIZATION) && settings.has("mean") && !settings.get("mean").isJsonNull();
        Part part = new Part(name, type, given, List.of());
        if (!isKeras(json, type, place)) {
            return new Described(Config.of(type), part);
        }
        if (type.equals("Average") && !text(json, "module").equals("keras.layers")) { // the mean along an axis
            missing.add(place + ": the operation Average");
            return new Described(Config.of(type), part);
        }
        Config config = type.equals(INPUT) ? input(settings, place)
                : type.equals("Activation") || type.equals("Identity") ? function(settings, place)
                : config(Kind.LAYER, json, place);
        config = type.equals("MultiHeadAttention") || type.equals("Attention") ? attention(config, json, place) : config;
        config = config.with("name", name).with("trainable", frozen(settings));
        if (missing.size() == before) {
            try {
                Layers.REGISTRY.of(config.with("trainable", null));
            } catch (IllegalArgumentException e) {
                missing.add(place + ": " + e.getMessage());
            }
        }
        return new Described(config, part);
    }

    /** Causality is an argument of calls there, and what has been used for attention loses its mask. */
    private Config attention(Config config, JsonObject json, String place) {
        Set<String> causal = new HashSet<>();
        if (json.has("inbound_nodes")) {
            for (JsonElement call : array(json, "inbound_nodes")) {
                JsonElement given = object(call.getAsJsonObject(), "kwargs").get(CAUSAL);
                causal.add(given == null || given.isJsonNull() ? "false" : given.toString());
            }
        }
        if (causal.size() > 1) {
            missing.add(place + ": calls of which some are causal");
        }
        Config made = causal.contains("true") ? config.with("useCausalMask", true) : config;
        if (config.values().get("outputShape") instanceof List<?> sizes && sizes.size() == 1) {
            made = made.with("outputShape", sizes.get(0));
        }
        return config.type().equals("Attention") ? made : made.with("takesMasks", true);
    }

    private static Boolean frozen(JsonObject config) {
        return config.has("trainable") && !config.get("trainable").getAsBoolean() ? Boolean.FALSE : null;
    }

    private Config input(JsonObject settings, String place) {
        List<Object> sizes = new ArrayList<>();
        JsonArray shape = array(settings, "batch_shape");
        for (int i = 1; i < shape.size(); i++) {
            if (shape.get(i).isJsonNull()) {
                missing.add(place + ": inputs of any size. Received shape: " + shape);
                return Config.of("Input");
            }
            sizes.add(shape.get(i).getAsInt());
        }
        String type = settings.has("dtype") ? settings.get("dtype").toString() : "\"float32\"";
        if (!type.matches("\"(float32|u?int\\d+)\"")) { // whole numbers are floats here
            missing.add(place + ": dtype " + type);
        }
        for (String flag : List.of("sparse", "ragged", "optional")) {
            if (settings.has(flag) && settings.get(flag).getAsBoolean()) {
                missing.add(place + ": " + flag + " inputs");
            }
        }
        return Config.of("Input").with("shape", sizes);
    }

    /** What nodes there are: each is one call of a layer. */
    private Config connected(Config model, JsonObject config, Map<String, Integer> places, Map<String, String> masks) {
        requireAll(); // what is not known may be connected in ways that are not known either
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
            if (className(layer).equals(INPUT)) {
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
        while (!calls.isEmpty()) { // in the order of the file, again and again, those that can be made
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

    /** Whether the mask of a call is that of the Embedding that its first argument goes back to, and so comes with that here. */
    private static boolean isOwnMask(Map<String, JsonObject> layers, JsonObject call, Map<String, String> masks) {
        JsonElement mask = object(call, "kwargs").get("mask");
        String indices = mask == null || !isTensor(mask) ? null : masks.get(history(mask).get(0).getAsString());
        JsonObject user = call;
        for (int i = 0; indices != null && i < layers.size(); i++) { // no further than there are layers, as there might be a circle
            JsonArray arguments = array(user, "args");
            JsonArray from = arguments.isEmpty() || !isTensor(arguments.get(0)) ? new JsonArray() : history(arguments.get(0));
            JsonObject maker = from.size() < 2 ? null : layers.get(from.get(0).getAsString());
            if (maker == null || array(maker, "inbound_nodes").size() <= from.get(1).getAsInt()) {
                return false;
            }
            user = array(maker, "inbound_nodes").get(from.get(1).getAsInt()).getAsJsonObject();
            if (className(maker).equals("Embedding")) {
                return object(maker, "config").get("mask_zero").getAsBoolean() && source(array(user, "args").get(0)).equals(indices);
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
            boolean isRead = INPUTS.contains(argument) || argument.equals(CAUSAL) || isMaskKnown && argument.equals("mask");
            if (!isDefault && !isRead) {
                missing.add("the argument " + argument + " of the call " + name);
            }
        });
        requireAll();
        return tensors;
    }

    private void collect(JsonElement argument, List<String> tensors, String name) {
        if (argument.isJsonArray()) {
            argument.getAsJsonArray().forEach(each -> collect(each, tensors, name));
        } else if (isTensor(argument)) {
            tensors.add(source(argument));
        } else {
            missing.add("an argument that is no tensor, of the call " + name);
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

    // ---------------------------------------------------------------------------------------------------- parts

    /** A loss, metric or optimizer, by name or with settings. */
    Config part(Kind kind, JsonElement json) {
        boolean described = json.isJsonObject() && !isFunction(json.getAsJsonObject());
        if (described) {
            Config config = config(kind, json.getAsJsonObject(), kind.word);
            return kind == Kind.OPTIMIZER ? withForm(config) : kind == Kind.LOSS ? withRule(config) : config;
        }
        JsonElement name = json.isJsonObject() ? json.getAsJsonObject().get("config") : json;
        Config config = Config.of(name.isJsonPrimitive() ? name.getAsString() : name.toString());
        if (!kind.has(config.type()) && !(kind == Kind.METRIC && Metrics.isAccuracy(config))) {
            missing.add(kind.word + " " + config.type() + (json.isJsonObject() ? CODE : ""));
        }
        return kind == Kind.LOSS ? withRule(config) : config;
    }

    /** Whether a function is named, one of Keras or another. */
    private static boolean isFunction(JsonObject json) {
        return json.has("class_name") && className(json).equals("function");
    }

    private static Config withForm(Config optimizer) {
        return WITH_FORM.contains(optimizer.type()) ? optimizer.with("form", "keras") : optimizer;
    }

    private static Config withRule(Config loss) {
        if (!Losses.REGISTRY.has(loss.type()) || !CROSS_ENTROPIES.contains(Losses.REGISTRY.of(loss).config().type())) {
            return loss;
        }
        Config made = loss;
        for (Map.Entry<String, Object> setting : RULE.entrySet()) {
            made = made.with(setting.getKey(), setting.getValue());
        }
        return made;
    }

    /** A layer that is an activation, or none. */
    private Config function(JsonObject settings, String place) {
        Config made = activation(settings.get("activation"), place);
        Config function = made == null ? Config.of("Linear") : made;
        for (Map.Entry<String, JsonElement> entry : settings.entrySet()) {
            if (entry.getKey().equals(KerasNames.ACTIVITY_REGULARIZER) && !entry.getValue().isJsonNull()) {
                function = function.with(KerasNames.setting(function.type(), entry.getKey()),
                        setting(entry.getKey(), entry.getValue(), place));
            } else if (entry.getKey().equals("dtype")) {
                requireFloat32(entry.getValue(), place);
            }
        }
        return function;
    }

    /** The activation of a setting; null if it is none. */
    private Config activation(JsonElement json, String place) {
        if (json == null || json.isJsonNull()) {
            return null;
        }
        if (json.isJsonObject()) {
            return described(Kind.LAYER, "activation", json.getAsJsonObject(), place);
        }
        String name = json.getAsString();
        Config known = KerasNames.FUNCTIONS.get(name);
        if (known == null && !Layers.ACTIVATIONS.has(name)) {
            missing.add(place + ": activation " + name);
        }
        return name.equals("linear") ? null : known != null ? known : Config.of(name);
    }

    private Config config(Kind kind, JsonObject json, String place) {
        return described(kind, kind.word, json, place);
    }

    /**
     * The config of an object.
     *
     * @param what errors call it, such as the name of a setting
     */
    private Config described(Kind kind, String what, JsonObject json, String place) {
        if (!json.has("class_name")) { // as Keras has a Python lambda
            missing.add(place + ": " + what + CODE);
            return Config.of(what);
        }
        String className = className(json);
        String type = KerasNames.type(className);
        if (!isKeras(json, className, kind.word.equals(what) ? place : place + ": " + what)) {
            return Config.of(type);
        }
        if (!kind.has(type)) {
            missing.add(place.equals(what) ? what + " " + className : place + ": " + what + " " + className);
            return Config.of(type);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : object(json, "config").entrySet()) {
            String setting = entry.getKey();
            JsonElement value = entry.getValue();
            if (kind == Kind.LAYER && setting.equals("axis") && OF_LAST_AXIS.contains(className)) {
                if (!isLastAxis(value, json)) {
                    missing.add(place + ": " + className + " along another axis than the last. Received: " + value);
                }
            } else if (kind == Kind.LAYER && KerasNames.RECURRENT.contains(className) && setting.endsWith("activation")) {
                Config function = activation(value, place);
                values.put(KerasNames.setting(className, setting), function == null ? Config.of("Linear") : function);
            } else if (kind == Kind.LAYER && (setting.equals("layer") || setting.equals("backward_layer")) && value.isJsonObject()) {
                values.put(KerasNames.setting(className, setting), within(value.getAsJsonObject(), place));
            } else if (setting.equals("merge_mode") && value.isJsonNull()) {
                missing.add(place + ": merge_mode null, which gives two outputs");
            } else if (setting.equals("dtype")) {
                requireFloat32(value, place);
            } else if (setting.equals("reduction") // whose null means something
                    && (value.isJsonNull() || !KerasNames.isNeutral(kind, className, setting, value.toString()))) {
                missing.add(place + " " + className + ": reduction " + value);
            } else if (!(kind == Kind.LAYER && (setting.equals("trainable") || setting.equals("seed") && value.isJsonObject()))
                    && !KerasNames.isNeutral(kind, className, setting, value.toString())) {
                values.put(KerasNames.setting(className, setting), setting(setting, value, place));
            }
        }
        if (kind == Kind.OPTIMIZER && !Boolean.TRUE.equals(values.remove("useEma"))) {
            values.remove("emaMomentum");
            values.remove("emaOverwriteFrequency");
        }
        return Config.of(type, values);
    }

    /** A layer that another one has. */
    private Config within(JsonObject json, String place) {
        Described inner = layer(json);
        if (inner.part.isModel() || Boolean.FALSE.equals(inner.config.values().get("trainable"))) {
            missing.add(place + ": inside it " + (inner.part.isModel() ? "a model" : "a layer that is frozen"));
        }
        return inner.config.with("trainable", null);
    }

    private static boolean isLastAxis(JsonElement value, JsonObject layer) {
        JsonElement axis = value.isJsonArray() && value.getAsJsonArray().size() == 1 ? value.getAsJsonArray().get(0) : value;
        JsonElement build = layer.get("build_config");
        JsonElement shape = build == null || !build.isJsonObject() ? null : build.getAsJsonObject().get("input_shape");
        String last = shape == null || !shape.isJsonArray() ? "-1" : Integer.toString(shape.getAsJsonArray().size() - 1);
        return axis.toString().equals("-1") || axis.toString().equals(last);
    }

    private void requireFloat32(JsonElement dtype, String place) {
        JsonElement name = dtype.isJsonObject() ? object(dtype.getAsJsonObject(), "config").get("name") : dtype;
        if (name != null && !name.isJsonNull() && !name.toString().equals("\"float32\"")) {
            missing.add(place + ": dtype " + name);
        }
    }

    private Object setting(String name, JsonElement value, String place) {
        if (name.endsWith("activation")) {
            return activation(value, place);
        }
        if (value.isJsonObject()) {
            Kind kind = KerasNames.kindOf(name);
            JsonObject object = value.getAsJsonObject();
            if (kind == null) {
                if (!object.has("class_name")) {
                    missing.add(place + ": " + name + CODE);
                } else if (isKeras(object, className(object), place + ": " + name)) {
                    missing.add(place + ": " + name + " " + className(object));
                }
                return null;
            }
            Config config = described(kind, name, object, place);
            // The only axis of a bias is here the second.
            return name.equals("bias_constraint") && config.has("axis") ? config.with("axis", -1) : config;
        }
        if (value.isJsonArray()) {
            List<Object> list = new ArrayList<>();
            flatten(name, value.getAsJsonArray(), list, place);
            return list;
        }
        return scalar(value.getAsJsonPrimitive());
    }

    /** Keras has the means of a Normalization in lists of lists, and null for a size that follows from the input. */
    private void flatten(String name, JsonArray array, List<Object> list, String place) {
        for (JsonElement element : array) {
            if (element.isJsonArray()) {
                flatten(name, element.getAsJsonArray(), list, place);
            } else if (element.isJsonPrimitive()) {
                list.add(scalar(element.getAsJsonPrimitive()));
            } else if (element.isJsonNull() && name.equals("noise_shape")) {
                list.add(-1);
            } else {
                missing.add(place + ": " + name + " " + array);
                return;
            }
        }
    }

    private static Object scalar(JsonPrimitive value) {
        if (!value.isNumber()) {
            return value.isBoolean() ? (Object) value.getAsBoolean() : value.getAsString();
        }
        String number = value.getAsString();
        return number.matches("-?\\d{1,18}") ? (Object) Long.parseLong(number) : (Object) Double.parseDouble(number);
    }

    // ----------------------------------------------------------------------------------------------------- code

    private void requireKeras(JsonObject json, String type) {
        if (!isKeras(json, type, "model")) {
            requireAll();
        }
    }

    /** Whether something is a class of Keras; notes it if it is not. */
    private boolean isKeras(JsonObject json, String type, String place) {
        String module = json.has("module") && json.get("module").isJsonPrimitive() ? json.get("module").getAsString() : "";
        String registered = json.has("registered_name") && json.get("registered_name").isJsonPrimitive()
                ? json.get("registered_name").getAsString() : type;
        boolean code = type.equals("Lambda") || type.startsWith("__") || type.equals("function");
        if (code || !registered.equals(type) || !module.equals("keras") && !module.startsWith("keras.")) {
            boolean known = module.isEmpty() || module.equals("builtins") || module.startsWith("keras");
            missing.add(place + ": " + (type.equals("function") ? type + " " + json.get("config") : type)
                    + (known ? "" : " of " + module) + CODE);
            return false;
        }
        return true;
    }

    // ----------------------------------------------------------------------------------------------------- JSON

    private static String className(JsonObject json) {
        return text(json, "class_name");
    }

    static String text(JsonObject json, String name) {
        return member(json, name, "a text", JsonElement::isJsonPrimitive).getAsString();
    }

    static JsonObject object(JsonObject json, String name) {
        return member(json, name, "an object", JsonElement::isJsonObject).getAsJsonObject();
    }

    static JsonArray array(JsonObject json, String name) {
        return member(json, name, "a list", JsonElement::isJsonArray).getAsJsonArray();
    }

    private static JsonElement member(JsonObject json, String name, String expected, Predicate<JsonElement> isExpected) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("config.json has no \"" + name + "\" among "
                    + String.join(", ", json.keySet()).toLowerCase(Locale.ROOT));
        }
        if (!isExpected.test(value)) {
            throw new IllegalArgumentException("config.json needs " + expected + " as \"" + name + "\". Received: " + value);
        }
        return value;
    }
}
