package beras.runs;

import beras.data.DataException;
import beras.files.FileFailure;
import beras.files.WholeFile;
import com.google.gson.FormattingStyle;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.reflect.RecordComponent;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * JSON objects made of maps and records in order: numbers, booleans, nulls, and maps, records and lists of these; all else
 * becomes text. The components of a record have their names in lower case with underscores. A number that is not finite becomes
 * null, as JSON has no form for it.
 */
public final class Json {

    private static final Pattern UPPER = Pattern.compile("[A-Z]");

    /** An object of names and values in turn, to which more may be added. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    /** An object in one line. */
    public static String text(Map<String, ?> fields) throws IOException {
        StringWriter line = new StringWriter();
        write(new JsonWriter(line), fields);
        return line.toString();
    }

    /** Writes an object, a map or a record, into a file, whole or not at all, each field in a line. */
    public static void write(Path file, boolean overwrite, Object fields) throws IOException {
        WholeFile.write(file, overwrite, out -> {
            Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            JsonWriter json = new JsonWriter(text);
            json.setFormattingStyle(FormattingStyle.PRETTY);
            write(json, fields);
            text.write('\n');
            text.flush();
        });
    }

    /** Writes an object, or a value of its fields. */
    @SuppressWarnings("exports") // who calls this has Gson
    public static void write(JsonWriter json, Object value) throws IOException {
        if (value instanceof Map<?, ?> fields) {
            json.beginObject();
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                json.name((String) field.getKey());
                write(json, field.getValue());
            }
            json.endObject();
        } else if (value instanceof Record record) {
            write(json, fields(record));
        } else if (value instanceof List<?> elements) {
            json.beginArray();
            for (Object element : elements) {
                write(json, element);
            }
            json.endArray();
        } else if (value instanceof Number number) {
            json.value(Double.isFinite(number.doubleValue()) ? number : null);
        } else if (value instanceof Boolean flag) {
            json.value(flag);
        } else if (value == null) {
            json.nullValue();
        } else {
            json.value(value.toString());
        }
    }

    private static Map<String, Object> fields(Record record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                fields.put(UPPER.matcher(component.getName()).replaceAll("_$0").toLowerCase(Locale.ROOT),
                        component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException("A record must be public. Received: " + record.getClass().getName(), e);
            }
        }
        return fields;
    }

    /**
     * Reads the object in a file.
     *
     * @param expected a description of the file, such as its origin in {@code train}
     * @param reading  as in {@link #parse}
     * @throws DataException if there is something else in it
     */
    static <T> T read(Path file, String expected, Function<JsonObject, T> reading) throws IOException {
        try {
            return parse(file, expected, WholeFile.readString(file), reading);
        } catch (CharacterCodingException e) {
            throw unexpected(file, expected, "bytes that are no UTF-8");
        }
    }

    /**
     * Reads an object.
     *
     * @param file    that has the text
     * @param reading takes values out of the object and does nothing else: for a value of another type Gson throws exceptions
     *     of the JDK, which a bug throws, too
     */
    static <T> T parse(Path file, String expected, String text, Function<JsonObject, T> reading) throws DataException {
        try {
            return reading.apply(JsonParser.parseString(text).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw unexpected(file, expected, FileFailure.ofJson(e));
        }
    }

    static DataException unexpected(Path file, String expected, String received) {
        return new DataException(file + ": expected " + expected + ". Received: " + received);
    }

    /** A value that must be there. */
    static JsonElement value(JsonObject object, String name) {
        if (!object.has(name)) {
            throw new JsonParseException("an object without \"" + name + "\"");
        }
        return object.get(name);
    }

    /** A number as it was {@linkplain #write(JsonWriter, Object) written}: null is NaN. */
    static double number(JsonElement value) {
        return value.isJsonNull() ? Double.NaN : value.getAsDouble();
    }

    /** The values of an object as text, objects and arrays among them as JSON. */
    static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.asMap().forEach((key, value) -> texts.put(key, value.isJsonPrimitive() ? value.getAsString() : value.toString()));
        return texts;
    }

    private Json() {}
}
