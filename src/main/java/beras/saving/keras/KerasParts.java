package beras.saving.keras;

import static beras.saving.bytes.Check.refuseIf;
import static beras.saving.keras.KerasJson.array;
import static beras.saving.keras.KerasJson.className;
import static beras.saving.keras.KerasJson.json;
import static beras.saving.keras.KerasJson.list;
import static beras.saving.keras.KerasJson.object;
import static beras.saving.keras.KerasJson.text;
import static beras.saving.keras.KerasNames.ACTIVITY_REGULARIZER;
import static beras.saving.keras.KerasNames.CAUSAL;
import static beras.saving.keras.KerasNames.RULE;

import beras.config.Config;
import beras.config.Configurable;
import beras.layers.Bidirectional;
import beras.layers.Dense;
import beras.layers.Lambda;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Recurrent;
import beras.layers.SpatialDropout;
import beras.layers.TimeDistributed;
import beras.layers.Whitening2D;
import beras.metrics.Metrics;
import beras.models.Model;
import beras.models.Models;
import beras.saving.keras.KerasNames.Kind;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Layers, losses and other parts with their settings, as Keras has them in JSON and BERAS in configs: both ways side by side, by
 * the names of {@link KerasNames}. Parts that one of them does not have are gathered and reported together. Code is never run:
 * there is nothing here that could.
 */
final class KerasParts {

    private static final String CODE = " is code and is never run";
    private static final String REGULARIZER = "activityRegularizer";

    /** Parts that cannot be read or written. */
    final List<String> missing = new ArrayList<>();

    /** Parts that are written but compute differently in Keras, in words. */
    final Set<String> changed = new LinkedHashSet<>();

    /**
     * Refuses to read if something is missing.
     *
     * @throws IllegalArgumentException if so, naming all of it
     */
    void requireAll() {
        refuseIf(!missing.isEmpty(), "config.json has what BERAS cannot make: " + String.join("; ", missing));
    }

    // --------------------------------------------------------------------------------------------------- layers

    /** A layer that is no model. */
    Config layer(JsonObject json) {
        String type = className(json);
        JsonObject settings = object(json, "config");
        String name = text(settings, "name");
        String place = "layer \"" + name + "\"";
        int before = missing.size();
        if (!isKeras(json, type, place)) {
            return Config.of(type);
        }
        if (type.equals("Average") && !text(json, "module").equals("keras.layers")) { // the mean along an axis
            missing.add(place + ": the operation Average");
            return Config.of(type);
        }
        Config config = type.equals("InputLayer") ? input(settings, place)
                : type.equals("Activation") || type.equals("Identity") ? function(settings, place)
                : read(Kind.LAYER, Kind.LAYER.word, json, place);
        config = type.equals("MultiHeadAttention") || type.equals("Attention") ? attention(config, json, place) : config;
        config = config.with("name", name).with("trainable", frozen(settings));
        if (missing.size() == before) {
            try {
                Layers.REGISTRY.of(config.with("trainable", null));
            } catch (IllegalArgumentException e) {
                missing.add(place + ": " + e.getMessage());
            }
        }
        return config;
    }

    static Boolean frozen(JsonObject config) {
        return config.has("trainable") && !config.get("trainable").getAsBoolean() ? Boolean.FALSE : null;
    }

    /** In Keras causality is an argument of calls, and a result of attention has no mask. */
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

    private Config input(JsonObject settings, String place) {
        List<Object> sizes = new ArrayList<>();
        JsonArray shape = array(settings, "batch_shape");
        for (int i = 1; i < shape.size(); i++) {
            sizes.add(shape.get(i).isJsonNull() ? 0 : shape.get(i).getAsInt()); // an open axis
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

    /** A layer that is an activation, or none. */
    private Config function(JsonObject settings, String place) {
        Config made = settings.has("activation") ? activation(settings.get("activation"), place) : Config.of("Linear");
        Map<String, Object> values = new LinkedHashMap<>(made.values());
        JsonObject others = settings.deepCopy();
        others.keySet().retainAll(Set.of(ACTIVITY_REGULARIZER, "dtype"));
        values.putAll(settings(Kind.LAYER, made.type(), others, others, place));
        return Config.of(made.type(), values);
    }

    /** A layer as Keras has it, except for its place in a graph. */
    JsonObject layer(Layer layer, String name) {
        String place = "layer \"" + name + "\"";
        for (Layer each : Layer.withInner(List.of(layer))) {
            requireKnown(each, place + ":");
        }
        if (layer instanceof Lambda) {
            return json("class_name", "Lambda", "config", json("name", name)); // which is not written
        }
        Config config = layer instanceof Whitening2D whitening ? whitening.convolution() : Layers.REGISTRY.configOf(layer);
        for (String other : KerasNames.NOT_WRITTEN) {
            config = config.with(other, null);
        }
        boolean wraps = layer instanceof Bidirectional || layer instanceof TimeDistributed;
        JsonObject described;
        if (Layers.ACTIVATIONS.has(config.type()) && !KerasNames.ACTIVATION_LAYERS.contains(config.type())) {
            JsonObject settings = json("activation", activation(config.with(REGULARIZER, null), place));
            if (config.has(REGULARIZER)) {
                settings.add(ACTIVITY_REGULARIZER, write(REGULARIZER, config.values().get(REGULARIZER), place));
            }
            described = part("keras.layers", "Activation", settings);
        } else {
            if (config.type().equals("Normalization")) { // the mean and the variance are among the weights
                config = config.with("mean", null).with("variance", null);
            }
            if (!(layer instanceof Dense) && config.values().get("biasConstraint") instanceof Config rule && rule.has("axis")) {
                config = config.with("biasConstraint", rule.with("axis", List.of(-1))); // the bias has no other
            }
            described = part(Kind.LAYER, wraps ? config.with("layer", null).with("backwardLayer", null) : config, place);
        }
        JsonObject settings = object(described, "config");
        settings.addProperty("name", name);
        for (int i = 0; wraps && i < layer.layers().size(); i++) {
            Layer inner = layer.layers().get(i);
            String which = i == 0 ? "layer" : "backward_layer";
            if (inner instanceof Model) {
                missing.add(place + ": a model inside it");
            }
            settings.add(which, layer(inner, which + "_" + Models.snakeCase(inner.typeName())));
        }
        if (layer instanceof Recurrent && !settings.has("activation")) { // whose default is another
            settings.addProperty("activation", "linear");
        }
        if (!(layer instanceof SpatialDropout)) { // Keras's takes no such argument
            settings.addProperty("trainable", !layer.isFrozen() && !(layer instanceof Whitening2D));
        }
        if (KerasNames.SEEDED.contains(config.type())) {
            addSeed(settings, config, place);
            if (layer.noiseCalls() > 0) {
                changed.add("how often " + place + " has drawn random numbers");
            }
        }
        return described;
    }

    private void addSeed(JsonObject settings, Config config, String place) {
        if (config.has("seed")) {
            long seed = config.whole("seed");
            if (seed == (int) seed && seed >= 0) {
                settings.addProperty("seed", seed);
            } else {
                changed.add("the seed of " + place + ", which Keras has from 0 to " + Integer.MAX_VALUE);
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------- parts

    /** A loss, metric or optimizer, by name or with settings. */
    Config part(Kind kind, JsonElement json) {
        boolean isFunction = json.isJsonObject() && json.getAsJsonObject().has("class_name")
                && className(json.getAsJsonObject()).equals("function");
        if (json.isJsonObject() && !isFunction) {
            return KerasNames.withDefaults(kind, read(kind, kind.word, json.getAsJsonObject(), kind.word));
        }
        JsonElement name = isFunction ? json.getAsJsonObject().get("config") : json;
        Config config = Config.of(name.isJsonPrimitive() ? name.getAsString() : name.toString());
        if (!kind.has(config.type()) && !(kind == Kind.METRIC && Metrics.isAccuracy(config))) {
            missing.add(kind.word + " " + config.type() + (isFunction ? CODE : ""));
        }
        return kind == Kind.LOSS ? KerasNames.withDefaults(kind, config) : config;
    }

    /**
     * The config of an object.
     *
     * @param what errors call it, such as the name of a setting
     */
    private Config read(Kind kind, String what, JsonObject json, String place) {
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
            missing.add((place.equals(what) ? what : place + ": " + what) + " " + className);
            return Config.of(type);
        }
        Map<String, Object> values = settings(kind, className, object(json, "config"), json, place);
        if (kind == Kind.OPTIMIZER && !Boolean.TRUE.equals(values.remove("useEma"))) {
            values.remove("emaMomentum");
            values.remove("emaOverwriteFrequency");
        }
        return Config.of(type, values);
    }

    /** @param part whose settings they are */
    private Map<String, Object> settings(Kind kind, String className, JsonObject settings, JsonObject part, String place) {
        Map<String, Object> values = new LinkedHashMap<>();
        settings.asMap().forEach((setting, value) -> {
            String refusal = refusal(kind, className, setting, value, part);
            if (refusal != null) {
                missing.add(place + refusal);
            } else if (!KerasNames.isNeutral(kind, className, setting, value)) {
                values.put(KerasNames.setting(className, setting), read(setting, value, place));
            }
        });
        return values;
    }

    /** The reason why a value is wrong; null: none. */
    private static String refusal(Kind kind, String className, String setting, JsonElement value, JsonObject part) {
        return switch (setting) {
            case "axis" -> KerasNames.isOfLastAxis(kind, className) && !isLastAxis(value, part)
                    ? ": " + className + " along another axis than the last. Received: " + value : null;
            case "merge_mode" -> value.isJsonNull() ? ": merge_mode null, which gives two outputs" : null;
            case "reduction" -> value.isJsonNull() || !KerasNames.isNeutral(kind, className, setting, value)
                    ? " " + className + ": reduction " + value : null;
            case "dtype" -> {
                JsonElement name = value.isJsonObject() ? object(value.getAsJsonObject(), "config").get("name") : value;
                yield name == null || name.isJsonNull() || name.toString().equals("\"float32\"") ? null : ": dtype " + name;
            }
            default -> null;
        };
    }

    private static boolean isLastAxis(JsonElement value, JsonObject layer) {
        JsonElement axis = value.isJsonArray() && value.getAsJsonArray().size() == 1 ? value.getAsJsonArray().get(0) : value;
        JsonElement build = layer.get("build_config");
        JsonElement shape = build == null || !build.isJsonObject() ? null : build.getAsJsonObject().get("input_shape");
        String last = shape == null || !shape.isJsonArray() ? "-1" : Integer.toString(shape.getAsJsonArray().size() - 1);
        return axis.toString().equals("-1") || axis.toString().equals(last);
    }

    /** A part with its settings. */
    JsonObject part(Kind kind, Config config, String place) {
        if (KerasNames.isNone(kind, config.type())) {
            missing.add((kind == Kind.LAYER ? place + ": " : kind.word + " ") + config.type());
            return part(kind.module, config.type(), new JsonObject());
        }
        String className = KerasNames.className(kind, config.type());
        JsonObject settings = new JsonObject();
        config.values().forEach((name, value) -> {
            if ((kind == Kind.LOSS || kind == Kind.METRIC) && RULE.containsKey(name)) {
                Object keras = RULE.get(name);
                if (!(value instanceof Number number ? (Object) number.floatValue() : value).equals(keras)) {
                    changed.add("the setting " + name + "=" + value + " of the " + kind.word + " " + config.type()
                            + ", which Keras has as " + keras);
                }
            } else if (!KerasNames.OWN_SETTINGS.contains(name) || kind == Kind.METRIC && name.equals("name")) {
                settings.add(KerasNames.kerasSetting(className, name), write(name, value, place));
            }
        });
        return part(kind.module, className, settings);
    }

    static JsonObject part(String module, String className, JsonObject config) {
        return json("module", module, "class_name", className, "config", config, "registered_name",
                className.equals("Functional") ? className : null);
    }

    // ------------------------------------------------------------------------------------------------- settings

    private Object read(String name, JsonElement value, String place) {
        if (name.endsWith("activation")) {
            return activation(value, place);
        }
        if (value.isJsonObject()) {
            Kind kind = KerasNames.kindOf(name);
            JsonObject object = value.getAsJsonObject();
            if (name.equals("layer") || name.equals("backward_layer")) {
                return within(object, place);
            }
            if (kind == null) {
                if (!object.has("class_name")) {
                    missing.add(place + ": " + name + CODE);
                } else if (isKeras(object, className(object), place + ": " + name)) {
                    missing.add(place + ": " + name + " " + className(object));
                }
                return null;
            }
            Config config = read(kind, name, object, place);
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

    /** A layer that another one has. */
    private Config within(JsonObject json, String place) {
        boolean isModel = KerasNames.MODELS.contains(className(json));
        Config inner = isModel ? Config.of(className(json)) : layer(json);
        if (isModel || Boolean.FALSE.equals(inner.values().get("trainable"))) {
            missing.add(place + ": inside it " + (isModel ? "a model" : "a layer that is frozen"));
        }
        return inner.with("trainable", null);
    }

    /** Keras has the means of a Normalization and edges in lists of lists, and null for a size that follows from the input. */
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

    private JsonElement write(String name, Object value, String place) {
        if (value instanceof Config config) {
            if (name.toLowerCase(Locale.ROOT).endsWith("activation")) {
                return activation(config, place);
            }
            Kind kind = KerasNames.kindOf(name);
            if (config.type().equals("Dirac")) { // the weights are there
                changed.add(place + ": the initializer Dirac, which new weights would have");
                return write(name, config.values().get("rest"), place);
            }
            if (name.equals("biasConstraint") && config.has("axis")) {
                if (!List.of("[1]", "[-1]").contains(config.list("axis").toString())) {
                    missing.add(place + ": a constraint on each number of the bias alone");
                }
                return part(kind, config.with("axis", 0), place);
            }
            return part(kind, config, place);
        }
        if (value instanceof List<?> all) {
            if (all.size() == 4 && KerasNames.EDGES.contains(name)) {
                return list(write("", all.subList(0, 2), place), write("", all.subList(2, 4), place));
            }
            return list(all.stream().map(each -> write(name, each, place)).toArray());
        }
        return name.equals("noiseShape") && value.equals(-1) ? JsonNull.INSTANCE : KerasJson.element(value);
    }

    // ---------------------------------------------------------------------------------------------- activations

    private Config activation(JsonElement json, String place) {
        if (json.isJsonNull()) {
            return Config.of("Linear");
        }
        if (json.isJsonObject()) {
            return read(Kind.LAYER, "activation", json.getAsJsonObject(), place);
        }
        String name = json.getAsString();
        Config known = KerasNames.FUNCTIONS.get(name);
        if (known == null && !Layers.ACTIVATIONS.has(name)) {
            missing.add(place + ": activation " + name);
        }
        return known != null ? known : Config.of(name);
    }

    /** A name, or a layer where the function of that name has other settings. */
    private JsonElement activation(Config config, String place) {
        String type = config.type();
        Config settings = config.with("name", null).with("seed", null); // which do not change the function
        boolean isLayer = KerasNames.ACTIVATION_LAYERS.contains(type);
        if (config.has(REGULARIZER) && !isLayer) {
            missing.add(place + ": an activityRegularizer of the activation " + type + " inside it");
        }
        for (Map.Entry<String, Config> function : KerasNames.FUNCTIONS.entrySet()) {
            if (Layers.ACTIVATIONS.of(function.getValue()).config().equals(settings)) {
                return new JsonPrimitive(function.getKey());
            }
        }
        Config defaults = Layers.ACTIVATIONS.of(type).config();
        if (isLayer && !defaults.equals(settings) || type.equals("LeakyReLU")) {
            return part(Kind.LAYER, config, place);
        }
        Map<String, Object> others = new LinkedHashMap<>(settings.with(REGULARIZER, null).values()); // than the function has
        others.entrySet().removeIf(setting -> setting.getValue().equals(defaults.values().get(setting.getKey())));
        if (!others.isEmpty()) {
            missing.add(place + ": activation " + Config.of(type, others));
        }
        return new JsonPrimitive(KerasNames.function(type));
    }

    // ----------------------------------------------------------------------------------------------------- code

    /** Whether something is a class of Keras; notes it if it is not. */
    boolean isKeras(JsonObject json, String type, String place) {
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

    /** Notes a part that is of a user's class, or a function. */
    void requireKnown(Configurable part, String place) {
        boolean isClass = part.typeKey() instanceof Class<?>;
        if (!(part.typeKey() instanceof Class<?> type && type.getName().startsWith("beras."))) {
            missing.add(place + " " + part.typeName() + (isClass ? "" : ", a function"));
        }
    }
}
