package beras.cli.terminal;

import beras.runs.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** Prints JSON objects, one a line. */
public final class JsonLines {

    /** Prints an object, see {@link Json}. */
    public static void print(PrintStream out, Map<String, ?> fields) throws IOException {
        out.println(Json.text(fields));
    }

    private JsonLines() {}
}
