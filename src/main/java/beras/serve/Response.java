package beras.serve;

import java.util.Map;
import org.apache.hc.core5.http.HttpStatus;

/**
 * What a client gets.
 *
 * @param headers besides those of the connection and the content
 */
record Response(int status, String type, byte[] body, Map<String, String> headers) {

    static final String JSON = "application/json";

    /** What was asked for. */
    static Response ok(String type, byte[] body) {
        return new Response(HttpStatus.SC_OK, type, body, Map.of());
    }
}
