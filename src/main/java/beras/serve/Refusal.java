package beras.serve;

import java.util.Map;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;

/** A request that is not served, with the status that says so; its message tells what was expected and received. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    /** Problem details for HTTP, RFC 9457. */
    static final String TYPE = "application/problem+json";

    private final int status;
    private final transient Map<String, String> headers;

    Refusal(int status, String message) {
        this(status, message, Map.of());
    }

    /** @param headers that belong to the status, such as {@code Allow} */
    Refusal(int status, String message, Map<String, String> headers) {
        super(message, null, false, false); // there may be many
        this.status = status;
        this.headers = headers;
    }

    /** Something wrong with what a request has in it. */
    static Refusal bad(String message) {
        return new Refusal(HttpStatus.SC_BAD_REQUEST, message);
    }

    Response response() {
        return new Response(status, TYPE, Json.bytes(Json.object("title",
                EnglishReasonPhraseCatalog.INSTANCE.getReason(status, null), "status", status, "detail", getMessage())), headers);
    }
}
