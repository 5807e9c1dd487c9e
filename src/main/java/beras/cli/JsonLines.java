package beras.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/** Prints JSON objects, one a line. */
final class JsonLines {

    /**
     * Prints an object. A number that is not finite becomes null, as JSON has no form for it.
     *
     * @param fields numbers, booleans, nulls, and maps and lists of such, in order; all else as text
     */
    static void print(PrintStream out, Map<String, ?> fields) throws IOException {
        out.println(text(fields));
    }

    /** An object as {@link #print} prints it. */
    static String text(Map<String, ?> fields) throws IOException {
        StringWriter line = new StringWriter();
        write(new JsonWriter(line), fields);
        return line.toString();
    }

    /** Writes what {@link #print} prints. */
    static void write(JsonWriter json, Object value) throws IOException {
        if (value instanceof Map<?, ?> fields) {
            json.beginObject();
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                json.name((String) field.getKey());
                write(json, field.getValue());
            }
            json.endObject();
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

    private JsonLines() {}
}
