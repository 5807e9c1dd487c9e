package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends any bytes to a server of a table's model, for tests of other packages. */
public final class HttpBytes {

    private static final int MILLIS = 10_000;
    private static final String ROW = "{\"size, cm\":2.5,\"preis\":1.5,\"colour\":\"red\",\"when\":\"2024-01-31\"}";
    private static final String START = "HTTP/1.1 ";
    /** What a client that has sent all reads, on a machine that takes a tenth of a second to answer. */
    private static final String ENDED = "stays open in both directions";

    /** Starts with the first request, and ends with the JVM. */
    private static final class Server {

        static final Set<Throwable> FAILURES = ConcurrentHashMap.newKeySet();
        static final ModelServer SERVER = started();

        private static ModelServer started() {
            try {
                return ModelServer.start(ServedModels.labels(), new ServerOptions().port(0).onFailure(FAILURES::add));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A request to predict a row. */
    public static byte[] post() {
        return RawHttp.post("/predict", "{\"rows\":[" + ROW + "]}");
    }

    /** The same in chunks, from a page. */
    public static byte[] chunks() {
        String post = RawHttp.text(post());
        String body = post.substring(post.indexOf("\r\n\r\n") + 4);
        return RawHttp.bytes("POST /predict HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nExpect: 100-continue\r\n"
                + "Content-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
    }

    /** Two requests, one after the other. */
    public static byte[] gets() {
        return RawHttp.bytes(RawHttp.get("/model") + RawHttp.get("/healthz"));
    }

    /**
     * The status of the first answer; 400 for no bytes, which have none. Fails if the server does not answer, or answers that it
     * has failed.
     */
    public static int status(byte[] request) throws IOException {
        String answers;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Server.SERVER.port())) {
            socket.setSoTimeout(MILLIS);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        assertTrue(Server.FAILURES.isEmpty(), Server.FAILURES::toString);
        if (request.length == 0 && answers.isEmpty()) {
            return 400;
        }
        assertTrue(answers.startsWith(START), answers);
        int status = Integer.parseInt(answers.substring(START.length(), START.length() + 3));
        assertTrue(status < 500, answers);
        return answers.contains(ENDED) ? 200 : status;
    }

    private HttpBytes() {}
}
