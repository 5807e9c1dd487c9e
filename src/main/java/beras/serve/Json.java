package beras.serve;

import beras.files.Excerpt;
import beras.files.FileFailure;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON: a body that is read in order, and rejected with the place of its first error; and the answers. */
final class Json {

    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final int SHOWN = 30;

    final JsonReader reader;

    /** Reads a whole body. */
    interface Reading<T> {
        T read(Json json) throws IOException, Refusal;
    }

    private Json(JsonReader reader) {
        this.reader = reader;
    }

    /** Reads a body, which must end after the value. */
    static <T> T read(byte[] body, Reading<T> reading) throws Refusal {
        JsonReader reader = new JsonReader(new InputStreamReader(new ByteArrayInputStream(body),
                StandardCharsets.UTF_8.newDecoder())); // rejects malformed UTF-8
        reader.setStrictness(Strictness.STRICT);
        Json json = new Json(reader);
        try {
            T result = reading.read(json);
            json.require(JsonToken.END_DOCUMENT, "the end of the body");
            return result;
        } catch (CharacterCodingException e) {
            throw Refusal.bad("Expected JSON in UTF-8. Received: other bytes after " + reader.getPath());
        } catch (EOFException e) {
            throw json.wrong("more JSON", "the end of the body");
        } catch (MalformedJsonException | NumberFormatException e) {
            throw json.wrong("JSON", "something else (" + FileFailure.ofJson(e) + ")");
        } catch (IOException e) {
            throw new AssertionError(e); // it is in memory
        }
    }

    /** A value as JSON in UTF-8. */
    static byte[] bytes(Object value) {
        return GSON.toJson(value).getBytes(StandardCharsets.UTF_8);
    }

    /** A value as a tree, to be put into another. */
    static JsonElement tree(Object value) {
        return GSON.toJsonTree(value);
    }

    /** The object in a resource of this package. */
    static JsonObject resource(String name) {
        return JsonParser.parseReader(new InputStreamReader(Json.class.getResourceAsStream(name), StandardCharsets.UTF_8)).getAsJsonObject();
    }

    /** Writes a value where a writer is. */
    static void write(JsonWriter json, Object value) {
        GSON.toJson(value, value.getClass(), json);
    }

    /** Writes a whole body. */
    interface Writing {
        void write(JsonWriter json) throws IOException;
    }

    /** The JSON of an answer, in UTF-8. */
    static byte[] written(Writing writing) {
        StringWriter out = new StringWriter();
        try (JsonWriter json = new JsonWriter(out)) {
            writing.write(json);
        } catch (IOException e) {
            throw new AssertionError(e); // it is in memory
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** An object of names and values in turn. */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** Rejects the next token unless it is of this type. */
    void require(JsonToken token, String expected) throws IOException, Refusal {
        if (reader.peek() != token) {
            throw unexpected(expected);
        }
    }

    /** The number that comes next. */
    int wholeNumber() throws IOException, Refusal {
        try {
            return reader.nextInt();
        } catch (NumberFormatException e) {
            String place = reader.getPath();
            throw wrong(place, "a whole number", Excerpt.quoted(reader.nextString(), SHOWN));
        }
    }

    /** The error for a next token of another type. */
    Refusal unexpected(String expected) throws IOException {
        JsonToken token = reader.peek();
        String place = reader.getPath(); // the place changes when a value is read
        return wrong(place, expected, switch (token) {
            case BEGIN_ARRAY -> "an array";
            case BEGIN_OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "the number " + Excerpt.quoted(reader.nextString(), SHOWN);
            case BOOLEAN -> Boolean.toString(reader.nextBoolean());
            case NULL -> "null";
            case NAME -> "the key " + Excerpt.quoted(reader.nextName(), SHOWN);
            case END_ARRAY -> "the end of the array";
            case END_OBJECT -> "the end of the object";
            case END_DOCUMENT -> "the end of the body";
        });
    }

    /** At the place that was come to. */
    Refusal wrong(String expected, String received) {
        return wrong(reader.getPath(), expected, received);
    }

    private static Refusal wrong(String place, String expected, String received) {
        return Refusal.bad(place + ": expected " + expected + ". Received: " + received);
    }
}
