package beras.saving;

import beras.config.Config;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Configs as JSON: {@code {"type": "Dropout", "rate": 0.5}}; values without a name are {@code "arguments": [0.5]}. */
@SuppressWarnings("exports") // who calls this has Gson
public final class ConfigJson {

    private static final String TYPE = "type";
    private static final String ARGUMENTS = "arguments";

    /**
     * The object that {@link #read} reads.
     *
     * @throws IllegalArgumentException if a number is not finite, as JSON has none such
     */
    public static JsonObject write(Config config) {
        JsonObject json = new JsonObject();
        json.addProperty(TYPE, config.type());
        if (!config.arguments().isEmpty()) {
            json.add(ARGUMENTS, element(config.arguments()));
        }
        config.values().forEach((name, value) -> json.add(name, element(value)));
        return json;
    }

    private static JsonElement element(Object value) {
        if (value instanceof Config config) {
            return write(config);
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(each -> array.add(element(each)));
            return array;
        }
        if (value instanceof Number number) {
            if (!Double.isFinite(number.doubleValue()) && (number instanceof Double || number instanceof Float)) {
                throw new IllegalArgumentException("Numbers in JSON must be finite. Received: " + number);
            }
            return new JsonPrimitive(number);
        }
        return value instanceof Boolean flag ? new JsonPrimitive(flag) : new JsonPrimitive((String) value);
    }

    /**
     * Parses JSON strictly, as the standard defines it.
     *
     * @throws JsonParseException if it is no JSON
     */
    public static JsonElement parse(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        JsonElement json = JsonParser.parseReader(reader);
        try {
            if (reader.peek() == JsonToken.END_DOCUMENT) {
                return json;
            }
        } catch (IOException e) {
            throw new JsonParseException(e);
        }
        throw new JsonParseException("something comes after the JSON");
    }

    /**
     * The config of an object with a {@code "type"}.
     *
     * @throws IllegalArgumentException if there is no type, the arguments are no list, or a value is null
     */
    public static Config read(JsonObject json) {
        if (!json.has(TYPE) || !json.get(TYPE).isJsonPrimitive()) {
            throw new IllegalArgumentException("a part of a model needs a \"type\". Received: " + json);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
            if (!entry.getKey().equals(TYPE) && !entry.getKey().equals(ARGUMENTS)) {
                values.put(entry.getKey(), value(entry.getValue()));
            }
        }
        List<?> arguments = List.of();
        if (json.has(ARGUMENTS)) {
            if (!(value(json.get(ARGUMENTS)) instanceof List<?> list)) {
                throw new IllegalArgumentException("the \"arguments\" must be a list. Received: " + json);
            }
            arguments = list;
        }
        return Config.of(json.get(TYPE).getAsString(), arguments, values);
    }

    private static Object value(JsonElement element) {
        if (element.isJsonObject()) {
            return read(element.getAsJsonObject());
        }
        if (element.isJsonArray()) {
            List<Object> list = new ArrayList<>();
            element.getAsJsonArray().forEach(each -> list.add(value(each)));
            return list;
        }
        if (element.isJsonNull()) {
            throw new IllegalArgumentException("a setting must not be null: leave it out");
        }
        JsonPrimitive primitive = element.getAsJsonPrimitive();
        return primitive.isNumber() ? primitive.getAsNumber() : primitive.isBoolean() ? (Object) primitive.getAsBoolean()
                : primitive.getAsString();
    }

    private ConfigJson() {}
}
