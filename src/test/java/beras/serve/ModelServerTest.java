package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import beras.serve.RawHttp.Answer;
import beras.serve.Routes.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP itself: who is let in, what is too much, what takes too long, and how it ends. */
@Tag("serve")
@Timeout(60)
class ModelServerTest {

    private static final ServerOptions OPTIONS = new ServerOptions().port(0);
    private static final String HOST = "Host: localhost\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String ROWS = "{\"images\":[]}";

    private static ModelServer server;

    @BeforeAll
    static void start() throws IOException {
        server = ModelServer.start(ServedModels.images(), OPTIONS.allowHost("Digits.example").maxBody(1000));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer exchange(String request) throws IOException {
        return RawHttp.exchange(server.port(), request);
    }

    // ------------------------------------------------------------------------------------------------- what there is

    @ParameterizedTest
    @CsvSource({"/, text/html", "/api, text/html", "/style.css, text/css", "/page.js, text/javascript", "/api.js, text/javascript",
        "/pictures.js, text/javascript", "/reading.js, text/javascript", "/common.js, text/javascript",
        "/icon.svg, image/svg+xml", "/healthz, application/json", "/metrics, text/plain", "/openapi.json, application/json",
        "/model, application/json", "/healthz?x=1, application/json"})
    void allIsThereAndGuarded(String path, String type) throws IOException {
        Answer answer = exchange(RawHttp.get(path));
        assertEquals(200, answer.status());
        assertTrue(answer.headers().get("content-type").startsWith(type), answer::toString);
        assertTrue(answer.body().length() > 10);
        assertEquals("nosniff", answer.headers().get("x-content-type-options"));
        assertTrue(answer.headers().get("content-security-policy").startsWith("default-src 'none'; script-src 'self';"));
        assertFalse(answer.headers().containsKey("access-control-allow-origin"));
        try (RawHttp client = new RawHttp(server.port())) {
            client.send(RawHttp.get(path).replace("GET", "HEAD").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            assertEquals(200, client.readHead().status());
            assertTrue(client.isEnded(), "there is no body");
        }
    }

    @Test
    void pagesLoadNothingFromElsewhereAndHaveNoScriptsInThem() throws IOException {
        for (String path : List.of("/", "/api", "/style.css", "/page.js", "/pictures.js", "/reading.js", "/cells.js", "/examples.js",
                "/common.js", "/api.js")) {
            String body = exchange(RawHttp.get(path)).body();
            assertFalse(Pattern.compile("https?://|//[a-z]+\\.[a-z]|@import|url\\(|innerHTML|eval\\(").matcher(body).find(), path);
            assertFalse(Pattern.compile("(?i)\\son[a-z]+=|style=|<script(?![^>]*src=)").matcher(body).find(), path);
        }
    }

    @Test
    void manyRequestsGoThroughOneConnection() throws IOException {
        try (RawHttp client = new RawHttp(server.port())) {
            client.send(RawHttp.get("/healthz") + RawHttp.text(RawHttp.post("/predict", ROWS)) + RawHttp.get("/nothing")
                    + RawHttp.get("/healthz"));
            assertEquals("{\"status\":\"ok\"}", client.read().body());
            assertEquals("{\"predictions\":[]}", client.read().body());
            assertEquals(404, client.read().status());
            assertEquals(200, client.read().status());
            client.send("POST /predict HTTP/1.1\r\n" + HOST + JSON + "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n{\"ima\r\n"
                    + "8\r\nges\":[]}\r\n0\r\nX: y\r\n\r\n");
            assertEquals("{\"predictions\":[]}", client.read().body());
            client.send(RawHttp.get("/healthz").replace("\r\n\r\n", "\r\nConnection: Close\r\n\r\n"));
            assertEquals("close", client.read().headers().get("connection"));
            assertTrue(client.isEnded());
        }
        try (RawHttp client = new RawHttp(server.port())) {
            client.send("GET /healthz HTTP/1.0\r\n" + HOST + "\r\n");
            assertEquals(200, client.read().status());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aClientMayWaitUntilItIsToldToGoOn() throws IOException {
        try (RawHttp client = new RawHttp(server.port())) {
            client.send("POST /predict HTTP/1.1\r\n" + HOST + JSON + "Content-Length: " + ROWS.length() + "\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.read().status());
            client.send(ROWS);
            assertEquals(200, client.read().status());
            client.send("POST /predict HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 2000\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(413, client.read().status(), "before the body comes");
        }
    }

    // ----------------------------------------------------------------------------------------------- who is let in

    @ParameterizedTest
    @CsvSource({"localhost, 200", "LOCALHOST:1, 200", "127.0.0.1, 200", "[::1]:80, 200", "digits.example:8080, 200",
        "evil.example, 421", "localhost.evil.example, 421", "127.0.0.1.evil.example, 421", "evil.example:80@localhost, 421", "[::1, 421",
        "localhost:80:80, 200", "169.254.169.254, 421"})
    void onlyItsOwnNamesAreServed(String host, int status) throws IOException {
        Answer answer = exchange("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertEquals(status, answer.status());
        assertEquals(status == 200, !answer.body().contains("Received: "));
    }

    /** As Prometheus defines it, a bucket has the times up to its bound and those of all buckets before. */
    @Test
    void aTimeAtABoundIsInItsBucket() {
        Metrics metrics = new Metrics(() -> 2, () -> 1);
        metrics.answered(Response.predicted(new byte[0], 3), 250_000);
        metrics.answered(Response.ok("", new byte[0]), 250_001);
        metrics.answered(Refusal.bad("").response(), 100_000_000_000L);
        String text = new String(metrics.text(), StandardCharsets.UTF_8);
        for (String line : List.of("_total{code=\"200\"} 2", "_bucket{le=\"0.0001\"} 0", "_bucket{le=\"0.00025\"} 1", "_bucket{le=\"0.0005\"} 2",
                "_bucket{le=\"10\"} 2", "_bucket{le=\"+Inf\"} 3", "_count 3", "in_flight 1", "connections 2", "beras_predicted_rows_total 3")) {
            assertTrue(text.contains(line + "\n"), line + " in " + text);
        }
    }

    @ParameterizedTest
    @CsvSource({"http://localhost, 200", "https://localhost, 200", "http://localhost:81, 403", "http://evil.example, 403", "https://evil.example, 403",
        "https://localhost.evil.example, 403", "null, 403"})
    void otherOriginsAreRefused(String origin, int status) throws IOException {
        String request = RawHttp.text(RawHttp.post("/predict", ROWS)).replace(HOST, HOST + "Origin: " + origin + "\r\n");
        assertEquals(status, exchange(request).status());
    }

    /** An own one does not let a second one in. */
    @Test
    void originIsGivenOnce() throws IOException {
        for (String second : List.of("http://evil.example", "http://localhost")) {
            String request = RawHttp.text(RawHttp.post("/predict", ROWS)).replace(HOST, HOST + "Origin: http://localhost\r\nOrigin: "
                    + second + "\r\n");
            Answer answer = exchange(request);
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("at most one header Origin. Received: 2"), answer.body());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET /predict          |                                | 405 | allow: POST",
        "PUT /predict          |                                | 405 | allow: POST",
        "OPTIONS /predict      |                                | 405 | allow: POST",
        "POST /healthz         | Content-Length: 0              | 405 | allow: GET, HEAD",
        "TRACE /               |                                | 405 | allow: GET, HEAD",
        "GET /../etc/passwd    |                                | 404 |",
        "GET /%2e%2e/page.js   |                                | 404 |",
        "GET //healthz         |                                | 421 |",
        "GET http://evil.example/ |                             | 421 |",
        "GET /healthz/         |                                | 404 |",
        "POST /predict         | Content-Type: text/plain       | 415 | accept-post: application/json, image/png, image/jpeg, image/bmp, image/gif",
        "POST /predict         | Content-Length: 0              | 415 |",
        "POST /predict         | Content-Length: 1001           | 413 |",
        "POST /predict         | Content-Length: 1073741824     | 413 |",
        "POST /predict         | Content-Length: -1             | 400 |",
        "POST /predict         | Content-Length: 99999999999999999999 | 400 |",
        "POST /predict         | Transfer-Encoding: gzip        | 400 |",
        "POST /predict         | Expect: miracles               | 417 |",
        "GET /healthz          | Content-Length: 5              | 400 |",
    })
    void whatIsAskedWronglyIsRefused(String line, String header, int status, String expected) throws IOException {
        String type = line.startsWith("POST /predict") && (header == null || status != 415) ? JSON : "";
        String length = "Expect: miracles".equals(header) ? "Content-Length: 5\r\n" : "";
        Answer answer = exchange(line + " HTTP/1.1\r\n" + HOST + type + length + (header == null ? "" : header + "\r\n") + "\r\n");
        assertEquals(status, answer.status(), answer::toString);
        assertTrue(answer.body().contains("Received: "), answer::toString);
        if (expected != null) {
            assertEquals(expected.substring(expected.indexOf(' ') + 1), answer.headers().get(expected.split(":")[0]));
        }
    }

    // ------------------------------------------------------------------------------------------------ too much, too slow

    /** A proxy and this server could each believe another one, and so take the end of a body for a request. */
    @Test
    void aBodyHasALengthOrChunks() throws IOException {
        String chunks = "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(ROWS.length()) + "\r\n" + ROWS + "\r\n0\r\n\r\n";
        String start = "POST /predict HTTP/1.1\r\n" + HOST + JSON;
        assertEquals(200, exchange(start + chunks).status());
        for (int length : new int[] {ROWS.length(), chunks.length() - chunks.indexOf("\r\n\r\n") - 4, 0}) {
            Answer answer = exchange(start + "Content-Length: " + length + "\r\n" + chunks);
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("Expected Content-Length or Transfer-Encoding. Received: both"), answer.body());
            assertEquals("close", answer.headers().get("connection"), "what comes behind is no request");
        }
    }

    /** The answer comes though the client goes on to send, and the connection is then closed. */
    @Test
    void aBodyThatIsTooLargeIsNotReadToItsEnd() throws IOException {
        byte[] megabyte = new byte[1 << 20];
        for (String length : List.of("Content-Length: 1073741824", "Transfer-Encoding: chunked")) {
            try (RawHttp client = new RawHttp(server.port())) {
                client.send("POST /predict HTTP/1.1\r\n" + HOST + JSON + length + "\r\n\r\n40000000\r\n");
                client.send(megabyte);
                Answer answer = client.read();
                assertEquals(413, answer.status());
                assertEquals("close", answer.headers().get("connection"));
                assertThrows(IOException.class, () -> {
                    for (int sent = 0; sent < 1 << 20; sent++) { // a thousand of these would be it
                        client.send(megabyte);
                    }
                });
            }
        }
    }

    @Test
    void aHeadThatIsTooLargeIsToldTheLimits() throws IOException {
        for (String head : List.of("GET /" + "x".repeat(9000) + " HTTP/1.1\r\n" + HOST, "GET / HTTP/1.1\r\n" + HOST + "X: "
                + "y".repeat(9000) + "\r\n", "GET / HTTP/1.1\r\n" + HOST + "X: y\r\n".repeat(100))) {
            Answer answer = exchange(head + "\r\n");
            assertEquals(431, answer.status(), answer::toString);
            assertTrue(answer.body().contains("Expected at most 100 headers, and no line of more than 8192 bytes. Received: more"),
                    answer.body());
        }
        assertEquals(200, exchange("GET / HTTP/1.1\r\n" + HOST + "X: y\r\n".repeat(99) + "\r\n").status());
    }

    @Test
    void aSlowClientIsToldSoAndClosed() throws IOException {
        try (ModelServer hasty = ModelServer.start(ServedModels.images(), OPTIONS.maxWait(Duration.ofMillis(300)))) {
            for (String part : List.of("G", "GET / HTTP/1.1\r\nHost: local", "POST /predict HTTP/1.1\r\n" + HOST + JSON
                    + "Content-Length: 13\r\n\r\n{\"images", "POST /predict HTTP/1.1\r\n" + HOST + JSON
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"im")) {
                try (RawHttp client = new RawHttp(hasty.port())) {
                    client.send(part);
                    Answer answer = client.read();
                    assertEquals(408, answer.status(), part);
                    assertTrue(answer.body().contains("within 300 ms"), answer.body());
                    assertTrue(client.isEnded());
                }
            }
            try (RawHttp idle = new RawHttp(hasty.port())) {
                assertEquals(0, idle.read().status(), "nothing was asked, so nothing is answered");
            }
            try (RawHttp drop = new RawHttp(hasty.port())) { // each byte comes in time, but not the whole
                String request = RawHttp.get("/healthz");
                long start = System.nanoTime();
                IOException closed = assertThrows(IOException.class, () -> {
                    for (int i = 0; i < 1000 * request.length(); i++) {
                        drop.send(request.substring(0, 1));
                        TimeUnit.MILLISECONDS.sleep(1);
                    }
                });
                assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20), closed::toString);
            }
        }
    }

    /** One that does not read its answers, of which the system keeps some megabytes. */
    @Test
    void aClientThatDoesNotReadIsClosed() throws Exception {
        try (ModelServer hasty = ModelServer.start(ServedModels.images(), OPTIONS.maxWait(Duration.ofMillis(300)));
                RawHttp deaf = new RawHttp(hasty.port())) {
            byte[] requests = RawHttp.bytes(RawHttp.get("/style.css").repeat(100));
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 10_000; i++) {
                    deaf.send(requests);
                }
            });
            assertEquals(200, RawHttp.exchange(hasty.port(), RawHttp.get("/healthz")).status());
        }
    }

    @Test
    void halfARequestIsRefused() throws IOException {
        String whole = RawHttp.text(RawHttp.post("/predict", ROWS));
        for (int length = 1; length < whole.length(); length++) {
            try (RawHttp client = new RawHttp(server.port())) {
                client.send(whole.substring(0, length));
                client.end();
                assertEquals(400, client.read().status(), whole.substring(0, length));
                assertTrue(client.isEnded());
            }
        }
    }

    @Test
    void aThousandConnectionsKeepNobodyOut() throws IOException {
        try (ModelServer small = ModelServer.start(ServedModels.images(), OPTIONS.maxConnections(20)); Clients idle = new Clients()) {
            for (int i = 0; i < 1000; i++) {
                RawHttp client = idle.add(small);
                if (i % 2 == 0) {
                    client.send("GET /healthz HTTP/1.1\r\n");
                }
            }
            for (int i = 0; i < 50; i++) {
                assertEquals(200, RawHttp.exchange(small.port(), RawHttp.get("/healthz")).status());
            }
            assertTrue(number(small, "beras_http_connections ") <= 20);
            assertTrue(idle.all.get(0).isEnded(), "the idlest went first");
        }
    }

    private static String head(int length) {
        return "POST /predict HTTP/1.1\r\n" + HOST + JSON + "Content-Length: " + length + "\r\n\r\n";
    }

    /** They may take half a minute, but not the places of others meanwhile. One that comes at a fair rate is left in peace. */
    @Test
    void bodiesThatHardlyComeKeepNobodyOut() throws IOException {
        String body = " ".repeat(200_000) + ROWS;
        try (ModelServer small = ModelServer.start(ServedModels.images(), OPTIONS.maxConnections(20));
                RawHttp fair = new RawHttp(small.port()); Clients slow = new Clients()) {
            fair.send(head(body.length()) + body.substring(0, 200_000));
            for (int i = 0; i < 19; i++) {
                RawHttp client = slow.add(small);
                client.send(head(ROWS.length()).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
                assertEquals(100, client.read().status(), "its head is there");
                client.send("{");
            }
            requireAnswersSoon(small);
            fair.send(ROWS);
            assertEquals("{\"predictions\":[]}", fair.read().body());
        }
    }

    /** Each takes a place until it has read its answers. */
    @Test
    void clientsThatDoNotReadKeepNobodyOut() throws IOException {
        byte[] requests = RawHttp.bytes(RawHttp.get("/style.css").repeat(1000)); // whose answers the system does not keep
        try (ModelServer small = ModelServer.start(ServedModels.images(), OPTIONS.maxConnections(3)); Clients deaf = new Clients()) {
            for (int i = 0; i < 3; i++) {
                deaf.add(small).send(requests);
            }
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(300)) { // until no more goes out to them
                assertEquals(200, exchange(RawHttp.get("/healthz")).status());
            }
            requireAnswersSoon(small);
        }
    }

    /** Long before the others would be too late. */
    private static void requireAnswersSoon(ModelServer from) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertEquals(200, RawHttp.exchange(from.port(), RawHttp.get("/healthz")).status());
        }
        long taken = System.nanoTime() - start;
        assertTrue(taken < ServerOptions.MAX_WAIT.toNanos() / 2, taken + " ns");
    }

    /** Many of them. */
    private static final class Clients implements AutoCloseable {

        private final List<RawHttp> all = new ArrayList<>();

        RawHttp add(ModelServer server) throws IOException {
            RawHttp client = new RawHttp(server.port());
            all.add(client);
            return client;
        }

        @Override
        public void close() throws IOException {
            for (RawHttp client : all) {
                client.close();
            }
        }
    }

    private static long number(ModelServer of, String name) throws IOException {
        return RawHttp.exchange(of.port(), RawHttp.get("/metrics")).body().lines().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElseThrow();
    }

    // ------------------------------------------------------------------------------------------------- counts and ends

    @Test
    void whatIsServedIsCounted() throws Exception {
        try (ModelServer counted = ModelServer.start(ServedModels.labels(), OPTIONS)) {
            int clients = 8;
            int each = 50;
            ExecutorService threads = Executors.newFixedThreadPool(clients);
            List<Future<Integer>> results = new ArrayList<>();
            byte[] request = RawHttp.post("/predict", "{\"rows\":[{\"size, cm\":1,\"preis\":1,\"colour\":null,\"when\":null},"
                    + "{\"size, cm\":2,\"preis\":1,\"colour\":null,\"when\":null}]}");
            String expected = RawHttp.exchange(counted.port(), request).body();
            for (int i = 0; i < clients; i++) {
                results.add(threads.submit(() -> {
                    int same = 0;
                    try (RawHttp client = new RawHttp(counted.port())) {
                        for (int j = 0; j < each; j++) {
                            client.send(request);
                            same += client.read().body().equals(expected) ? 1 : 0;
                        }
                    }
                    return same;
                }));
            }
            for (Future<Integer> result : results) {
                assertEquals(each, result.get());
            }
            threads.shutdown();
            assertEquals(404, RawHttp.exchange(counted.port(), RawHttp.get("/x")).status());
            assertEquals(clients * each + 1, number(counted, "beras_http_requests_total{code=\"200\"}"));
            assertEquals(1, number(counted, "beras_http_requests_total{code=\"404\"}"));
            assertEquals(2 * (clients * each + 1), number(counted, "beras_predicted_rows_total"));
            assertEquals(clients * each + 5, number(counted, "beras_http_request_duration_seconds_bucket{le=\"+Inf\"}"));
            assertEquals(1, number(counted, "beras_http_requests_in_flight"));
        }
    }

    /** A request whose head is there gets its answer, though the server is told to end before its body is. */
    @Test
    void whatIsBegunIsAnsweredAtTheEnd() throws Exception {
        ModelServer ending = ModelServer.start(ServedModels.images(), OPTIONS);
        try (RawHttp client = new RawHttp(ending.port()); RawHttp idle = new RawHttp(ending.port())) {
            idle.send(RawHttp.get("/healthz"));
            assertEquals(200, idle.read().status());
            client.send("POST /predict HTTP/1.1\r\n" + HOST + JSON + "Content-Length: " + ROWS.length() + "\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.read().status());
            Thread closing = new Thread(ending::close);
            closing.start();
            assertEquals(0, idle.read().status(), "the idle one is closed");
            client.send(ROWS);
            Answer answer = client.read();
            assertEquals("{\"predictions\":[]}", answer.body());
            assertEquals("close", answer.headers().get("connection"));
            client.close();
            closing.join();
        }
        assertThrows(IOException.class, () -> new RawHttp(ending.port()));
        ending.close();
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        IOException taken = assertThrows(IOException.class, () -> ModelServer.start(ServedModels.images(), OPTIONS.port(server.port())));
        assertTrue(taken.getMessage().startsWith("Cannot listen at 127.0.0.1, port " + server.port() + ": "), taken::toString);
        IOException nowhere = assertThrows(IOException.class,
                () -> ModelServer.start(ServedModels.images(), OPTIONS.host("no-such-host.invalid")));
        assertTrue(nowhere.getMessage().contains("no-such-host.invalid"), nowhere::toString);
    }

    @Test
    void itsAddressIsForBrowsers() throws IOException {
        assertEquals("http://127.0.0.1:" + server.port() + "/", server.address());
        try (ModelServer all = ModelServer.start(ServedModels.images(), OPTIONS.host("0.0.0.0"))) {
            assertEquals("http://127.0.0.1:" + all.port() + "/", all.address());
        }
    }

    @Test
    void optionsAreChecked() {
        ServerOptions options = new ServerOptions();
        assertThrows(IllegalArgumentException.class, () -> options.port(65_536));
        assertThrows(IllegalArgumentException.class, () -> options.port(-1));
        assertThrows(IllegalArgumentException.class, () -> options.maxBody(0));
        assertThrows(IllegalArgumentException.class, () -> options.maxBody(Integer.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> options.maxRows(0));
        assertThrows(IllegalArgumentException.class, () -> options.maxConnections(0));
        assertThrows(IllegalArgumentException.class, () -> options.maxWait(Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {Routes.GET, Routes.POST})
    void aHandlerThatFailsIsReportedAndAnswered(String method) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        ServerOptions options = OPTIONS.port(0).onFailure(failures::add);
        RuntimeException failure = new IllegalStateException("a bug");
        Route route = new Route(method, method.equals(Routes.GET) ? List.of() : List.of(Response.JSON), (request, limit) -> {
            throw failure;
        });
        try (ModelServer failing = ModelServer.start(ServedModels.images(), options)) {
            Response answer = failing.work(route, new Request("", new byte[0]), () -> false);
            assertEquals(500, answer.status());
            assertEquals(List.of(failure), failures);
        }
    }
}
