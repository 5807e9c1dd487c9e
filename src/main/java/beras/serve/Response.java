package beras.serve;

import java.util.Map;
import org.apache.hc.core5.http.HttpStatus;

/**
 * An answer to a client.
 *
 * @param headers  besides the headers of the connection and the content
 * @param examples that were predicted
 */
record Response(int status, String type, byte[] body, Map<String, String> headers, int examples) {

    static final String JSON = "application/json";

    /** A successful answer. */
    static Response ok(String type, byte[] body) {
        return new Response(HttpStatus.SC_OK, type, body, Map.of(), 0);
    }

    static Response predicted(byte[] json, int examples) {
        return new Response(HttpStatus.SC_OK, JSON, json, Map.of(), examples);
    }
}
