package beras.saving.keras;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;

/** The JSON of {@code config.json}. */
final class KerasJson {

    /** Numbers may be infinite, as in Python. */
    static final Gson GSON = new GsonBuilder().serializeNulls().serializeSpecialFloatingPointValues().create();

    /** An object of names and values in turn. */
    static JsonObject json(Object... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.add((String) namesAndValues[i], element(namesAndValues[i + 1]));
        }
        return object;
    }

    static JsonArray list(Object... values) {
        return element(Arrays.asList(values)).getAsJsonArray();
    }

    static JsonElement element(Object value) {
        return GSON.toJsonTree(value);
    }

    static String className(JsonObject json) {
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

    private KerasJson() {}
}
