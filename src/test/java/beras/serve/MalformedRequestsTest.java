package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import beras.serve.RawHttp.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests that are wrong in many ways, each made by its seed: every one is answered by 4xx, and the server stays as it was. */
@Tag("serve")
class MalformedRequestsTest {

    private static final int REQUESTS = 10_000;
    private static final int CLIENTS = 4;
    private static final long ALLOWED_GROWTH = 4L << 20;
    private static final String ROW = "{\"size, cm\":2.5,\"preis\":1.5,\"colour\":\"red\",\"when\":\"2024-01-31\"}";
    private static final String GOOD = RawHttp.text(RawHttp.post("/predict", "{\"rows\":[" + ROW + "]}"));
    private static final List<String> METHODS = List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "BREW", "CONNECT", "G\u00c9T");
    private static final int KINDS = 16;

    /** A request, and whether the client says at its end that there comes no more. */
    private record Wrong(String bytes, boolean ended) {}

    private static String noise(Random random, int most, String without) {
        StringBuilder noise = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            char c = (char) random.nextInt(256);
            noise.append(without.indexOf(c) < 0 ? c : 'x');
        }
        return noise.toString();
    }

    private static String header(String line) {
        return GOOD.replace("Host:", line + "\r\nHost:");
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static Wrong wrong(int seed) {
        Random random = new Random(seed);
        String body = GOOD.substring(GOOD.indexOf("\r\n\r\n") + 4);
        return switch (seed % KINDS) {
            case 0 -> new Wrong(noise(random, 200, "\r\n") + "\r\n\r\n", true); // no request line
            case 1 -> new Wrong("GET / " + noise(random, 20, "\r\n ") + "\r\nHost: localhost\r\n\r\n", false); // nor version
            case 2 -> new Wrong("GET / HTTP/" + one(random, List.of("2.0", "9.9", "x.y", "1", "-1.1", "1.99999999999")) + "\r\n\r\n", false);
            case 3 -> new Wrong(RawHttp.get("/" + "../".repeat(random.nextInt(9)) + noise(random, 50, "\r\n \t?#") + "!"), false);
            case 4 -> new Wrong(GOOD.replace("POST", one(random, METHODS)), false);
            case 5 -> new Wrong(header(noise(random, 50, "\r\n:\t ")), false); // no colon
            case 6 -> new Wrong(GOOD.replace("Host: localhost\r\n", one(random, List.of("", "Host: localhost\r\nHost: localhost\r\n",
                    "Host: " + noise(random, 30, "\r\n:") + ".example\r\n", "Host:\r\n"))), false);
            case 7 -> new Wrong(GOOD.replaceFirst("Content-Length: ", "Content-Length: "
                    + one(random, List.of("-", "+", "x", "9999999999999999", "1 ", "0x", "1,", "1e"))), true);
            case 8 -> new Wrong(header("Transfer-Encoding: " + one(random, List.of("chunked", "gzip", "chunked, chunked", "x"))), true);
            case 9 -> new Wrong(GOOD.replaceFirst("Content-Length: \\d+", "Transfer-Encoding: chunked").replace(body,
                    one(random, List.of("", "5\r\n", "x\r\n", "-1\r\n", "7fffffffffffffffff\r\n", "1\r\n{}", "2\r\n{}x\r\n", "\r\n"))
                            + noise(random, 20, "0123456789abcdefABCDEF")), true);
            case 10 -> new Wrong(random.nextBoolean() ? header("X: " + "y".repeat(9000 + random.nextInt(9000)))
                    : header("X: y\r\n".repeat(100 + random.nextInt(50)) + "Z: z"), false);
            case 11 -> new Wrong(GOOD.replace("application/json", noise(random, 40, "\r\n;")), false);
            case 12 -> new Wrong(GOOD.substring(0, 1 + random.nextInt(GOOD.length() - 1)), true); // a part
            case 13 -> { // JSON with something in it that it cannot have
                char[] changed = body.toCharArray();
                changed[random.nextInt(3)] = one(random, List.of('}', ']', ',', '\u0001', '\u00ff', '\'', '1'));
                yield new Wrong(GOOD.replace(body, new String(changed)), false);
            }
            case 14 -> new Wrong(RawHttp.text(RawHttp.post("/predict", one(random, List.of("[".repeat(1000), "{\"rows\":[[]]}", "null",
                    "{\"rows\":[" + ROW.replace("2.5", "\"" + random.nextInt() + "x\"") + "]}", "{\"rows\":[{\"a\":"
                    + "[".repeat(10_000) + "]}", "1e999999999", "\"\\u12\"", "{\"rows\":[" + ROW.replace("2.5", "1e400") + "]}")))), false);
            default -> new Wrong(header(one(random, List.of("Origin: http://" + noise(random, 20, "\r\n/"), "Origin: null"))), false);
        };
    }

    private static int status(int port, Wrong wrong) throws IOException {
        try (RawHttp client = new RawHttp(port)) {
            client.send(wrong.bytes);
            if (wrong.ended) {
                client.end();
            }
            return client.read().status();
        }
    }

    private static long usedMemory() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    private static void sendAll(int port, int from, int to) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<Future<?>> done = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            int first = from + client;
            done.add(threads.submit(() -> {
                for (int seed = first; seed < to; seed += CLIENTS) {
                    Wrong wrong = wrong(seed);
                    int status = status(port, wrong);
                    int number = seed;
                    assertTrue(status >= 400 && status < 500, () -> "seed " + number + ": " + status + " to " + wrong);
                }
                return null;
            }));
        }
        for (Future<?> each : done) {
            each.get();
        }
        threads.shutdown();
    }

    @Test
    void eachIsRefusedAndNothingIsLeft() throws Exception {
        Set<Throwable> failures = ConcurrentHashMap.newKeySet();
        try (ModelServer server = ModelServer.start(ServedModels.labels(), new ServerOptions().port(0).onFailure(failures::add))) {
            byte[] good = RawHttp.bytes(GOOD);
            String expected = RawHttp.exchange(server.port(), good).body();
            assertTrue(expected.startsWith("{\"predictions\":[{"), expected);
            sendAll(server.port(), 0, REQUESTS / 5);
            long before = usedMemory();
            sendAll(server.port(), REQUESTS / 5, REQUESTS);
            long grown = usedMemory() - before;
            assertTrue(grown < ALLOWED_GROWTH, "the heap has grown by " + grown + " bytes");
            Answer answer = RawHttp.exchange(server.port(), good);
            assertEquals(expected, answer.body());
            assertEquals(Set.of(), failures);
        }
    }
}
