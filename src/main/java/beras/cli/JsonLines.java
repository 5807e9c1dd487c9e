package beras.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.Map;

/** Prints JSON objects, one a line. */
final class JsonLines {

    /**
     * Prints an object.
     *
     * @param fields strings, finite numbers, or maps of such, in order
     * @throws IllegalArgumentException if a number is not finite: JSON has no form for it
     */
    static void print(PrintStream out, Map<String, ?> fields) throws IOException {
        StringWriter line = new StringWriter();
        write(new JsonWriter(line), fields);
        out.println(line);
    }

    private static void write(JsonWriter json, Map<?, ?> fields) throws IOException {
        json.beginObject();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            json.name((String) field.getKey());
            if (field.getValue() instanceof Map<?, ?> object) {
                write(json, object);
            } else if (field.getValue() instanceof Number number) {
                json.value(number);
            } else {
                json.value((String) field.getValue());
            }
        }
        json.endObject();
    }

    private JsonLines() {}
}
