package beras.serve;

import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;

/** A request that is rejected, with its HTTP status; the message has the expected and the received value. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    /** Problem details for HTTP, RFC 9457. */
    static final String TYPE = "application/problem+json";

    private final int status;
    private final transient Map<String, String> headers;
    private final transient List<Map<String, Object>> errors;

    Refusal(int status, String message) {
        this(status, message, Map.of(), List.of());
    }

    /**
     * @param headers that belong to the status, such as {@code Allow}
     * @param errors  in the contents of the request, each with its row, its column and its detail
     */
    Refusal(int status, String message, Map<String, String> headers, List<Map<String, Object>> errors) {
        super(message, null, false, false); // there may be many
        this.status = status;
        this.headers = headers;
        this.errors = errors;
    }

    /** An error in the contents of a request. */
    static Refusal bad(String message) {
        return new Refusal(HttpStatus.SC_BAD_REQUEST, message);
    }

    Response response() {
        Map<String, Object> problem = Json.object("title", EnglishReasonPhraseCatalog.INSTANCE.getReason(status, null), "status",
                status, "detail", getMessage());
        if (!errors.isEmpty()) {
            problem.put("errors", errors);
        }
        return new Response(status, TYPE, Json.bytes(problem), headers, 0);
    }
}
