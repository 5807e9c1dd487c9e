package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.autograd.Call;
import beras.data.image.ExtremePictures;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Layer;
import beras.models.Sequential;
import beras.saving.SavedModel;
import beras.serve.RawHttp.Answer;
import beras.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work on a request ends when it takes too long or its client has left, and takes no more memory than a worker has. */
@Tag("serve")
@Timeout(120)
class WorkLimitTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final long HOUR = LONG.toNanos();
    private static final int PART = 32;
    private static final int TWO_PARTS = 40;

    // ---------------------------------------------------------------------------------------------------- what it knows

    private static String refusal(WorkLimit limit) {
        return assertThrows(Refusal.class, limit::check).getMessage();
    }

    @Test
    void aClientIsLookedForAfterAWhileOnly() throws Refusal {
        AtomicInteger looks = new AtomicInteger();
        WorkLimit fresh = new WorkLimit(LONG, () -> looks.incrementAndGet() > 0, System.nanoTime() + HOUR, () -> { });
        fresh.check();
        assertFalse(fresh.isOver());
        assertEquals(0, looks.get());
        WorkLimit old = new WorkLimit(LONG, () -> looks.incrementAndGet() > 2, System.nanoTime() - HOUR, () -> { });
        old.check();
        old.check(); // at once after the first
        assertEquals(1, looks.get());
    }

    @Test
    void workEndsWhenItsClientHasLeft() {
        AtomicInteger looks = new AtomicInteger();
        WorkLimit limit = new WorkLimit(LONG, () -> looks.incrementAndGet() > 0, System.nanoTime() - HOUR, () -> { });
        assertEquals("Expected a connection that stays open in both directions until the answer comes. Received: its end",
                refusal(limit));
        assertTrue(limit.isOver());
        assertEquals(1, looks.get(), "it stays over");
    }

    @Test
    void workEndsWhenItTakesTooLong() {
        WorkLimit limit = new WorkLimit(Duration.ofNanos(1), () -> {
            throw new AssertionError("there is no need to look");
        }, System.nanoTime() - HOUR, () -> { });
        assertTrue(refusal(limit).startsWith("Expected a request that is answered after 0 ms of work. Received: one that takes longer."));
        assertEquals(503, assertThrows(Refusal.class, limit::check).response().status());
    }

    // ------------------------------------------------------------------------------------------------------- pictures

    /** It would be refused after decoding, for nothing is written on it. */
    @ParameterizedTest
    @CsvSource({"png", "jpeg"})
    void decodingEndsWhenTheClientHasLeft(String format) throws IOException {
        byte[] body = format.equals("png") ? ExtremePictures.png(400, 300, 8, 0, false, 300) : ExtremePictures.jpeg(400, 300, 1, 20);
        Served served = Served.of(ServedModels.images(), new ServerOptions().maxRows(10));
        Request request = new Request("image/" + format, body);
        AtomicInteger looks = new AtomicInteger();
        assertTrue(assertThrows(Refusal.class, () -> served.predict(request, new WorkLimit(LONG, () -> looks.incrementAndGet() < 0,
                System.nanoTime() - HOUR, () -> { }))).getMessage().contains("in which nothing is written"));
        assertTrue(looks.get() > 0);
        assertTrue(assertThrows(Refusal.class, () -> served.predict(request, new WorkLimit(LONG, () -> true,
                System.nanoTime() - HOUR, () -> { }))).getMessage().contains("stays open"));
    }

    @Test
    void picturesForWhichAWorkerHasNoMemoryAreRefused() throws IOException {
        Served served = Served.of(ServedModels.colours(), new ServerOptions().maxRows(10));
        for (byte[] body : List.of(ExtremePictures.png(5001, 5000, 8, 2, false, 0), ExtremePictures.jpeg(3600, 3500, 3, 2),
                ExtremePictures.jpeg(2000, 2000, 3, 50))) {
            String message = assertThrows(Refusal.class, () -> served.predict(new Request("image/png", body), endless())).getMessage();
            assertTrue(message.contains("at most 25000000 pixels") || message.contains("37500000 samples"), message);
        }
    }

    /** One that looks for its client from now on, each time it may. */
    static WorkLimit watched(BooleanSupplier left) {
        return new WorkLimit(LONG, left, System.nanoTime() - HOUR, () -> { });
    }

    static WorkLimit endless() {
        return new WorkLimit(LONG, () -> false, System.nanoTime(), () -> { });
    }

    /** As in a server with one worker. */
    @Test
    void theLargestPicturesFitIntoASmallHeap() throws Exception {
        assertEquals(List.of("1", "1", "1"), FreshJvm.run(List.of("-Xmx96m"), Program.class));
    }

    static final class Program {

        public static void main(String[] arguments) throws Exception {
            Served served = Served.of(ServedModels.colours(), new ServerOptions().maxRows(10));
            for (byte[] body : List.of(ExtremePictures.png(5000, 5000, 16, 6, false, 5000),
                    ExtremePictures.png(5000, 5000, 8, 6, true, 5200), ExtremePictures.jpeg(3500, 3500, 3, 13))) {
                System.out.println(served.predict(new Request("image/x", body), endless()).predictions().size());
            }
        }
    }

    // --------------------------------------------------------------------------------------------------- through HTTP

    /** Waits in each part of a prediction until it may go on. */
    private static final class Held extends Layer {

        private final Semaphore begun = new Semaphore(-1); // it computes once when it is built
        private final Semaphore release = new Semaphore(1);

        @Override
        protected Tensor compute(Call call) {
            begun.release();
            release.acquireUninterruptibly();
            return call.input(0);
        }
    }

    private static ModelServer start(Held held, Duration most) throws IOException {
        Sequential net = new Sequential(1, new Input(2, 1, 1), new Flatten(), held, new Dense(2, "softmax"));
        return ModelServer.start(new SavedModel(net), new ServerOptions().port(0).maxWait(most));
    }

    private static byte[] predict(int images) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            all.add("[" + i % 256 + ",1]");
        }
        return RawHttp.post("/predict", "{\"images\":[" + String.join(",", all) + "]}");
    }

    /** Asks for something else until so much time is over. */
    private static void pass(ModelServer server, long millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            assertEquals(200, RawHttp.exchange(server.port(), RawHttp.get("/healthz")).status());
        }
    }

    private static void awaitMetric(ModelServer server, String line) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String metrics;
        do {
            metrics = RawHttp.exchange(server.port(), RawHttp.get("/metrics")).body();
            assertTrue(System.nanoTime() - end < 0, metrics);
        } while (!metrics.contains(line));
    }

    @Test
    void aPredictionEndsBetweenItsPartsWhenTheClientHasLeft() throws Exception {
        Held held = new Held();
        try (ModelServer server = start(held, LONG)) {
            try (RawHttp client = new RawHttp(server.port())) {
                client.send(predict(TWO_PARTS));
                held.begun.acquire();
            }
            pass(server, 150);
            held.release.release();
            awaitMetric(server, "beras_http_requests_total{code=\"400\"} 1");
            assertEquals(0, held.begun.availablePermits(), "the second part was not begun");
            held.release.release(2);
            assertEquals(200, RawHttp.exchange(server.port(), predict(TWO_PARTS)).status(), "the others are served");
        }
    }

    /** It cannot be told from one that has left, until it reads the answer. */
    @Test
    void aClientThatHasClosedOneDirectionIsTold() throws Exception {
        Held held = new Held();
        try (ModelServer server = start(held, LONG); RawHttp client = new RawHttp(server.port())) {
            client.send(predict(TWO_PARTS));
            held.begun.acquire();
            client.end();
            pass(server, 150);
            held.release.release();
            Answer answer = client.read();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("stays open in both directions"), answer::toString);
        }
    }

    /** What it sends ahead is looked at, and kept. */
    @Test
    void aClientThatWaitsGetsItsAnswers() throws Exception {
        Held held = new Held();
        try (ModelServer server = start(held, LONG); RawHttp client = new RawHttp(server.port())) {
            client.send(predict(TWO_PARTS));
            held.begun.acquire();
            client.send(RawHttp.get("/healthz"));
            pass(server, 150);
            held.release.release();
            held.begun.acquire();
            client.send(RawHttp.get("/x"));
            held.release.release();
            assertEquals(200, client.read().status());
            assertEquals("{\"status\":\"ok\"}", client.read().body());
            assertEquals(404, client.read().status());
        }
    }

    /** Each processor has a long prediction: a short one waits for parts of these, not for their ends. */
    @Test
    void aShortPredictionDoesNotWaitForTheEndOfLongOnes() throws Exception {
        int released = Integer.parseInt(FreshJvm.run(List.of("-XX:ActiveProcessorCount=2", "-Xmx512m"), LongAndShort.class).get(0));
        assertTrue(released < LongAndShort.PARTS / 2, released + " of the " + LongAndShort.PARTS + " parts of a long prediction");
    }

    /** Prints after how many parts of two long predictions a short one is answered. */
    static final class LongAndShort {

        private static final int PARTS = 20;

        public static void main(String[] arguments) throws Exception {
            Held held = new Held();
            try (ModelServer server = start(held, LONG); RawHttp one = new RawHttp(server.port());
                    RawHttp other = new RawHttp(server.port()); RawHttp client = new RawHttp(server.port())) {
                one.send(predict(PART * PARTS));
                other.send(predict(PART * PARTS));
                held.begun.acquire(2);
                client.send(predict(1));
                CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
                    try {
                        return client.read();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                int released = 0;
                while (!answer.isDone()) {
                    pass(server, 20); // longer than a turn
                    held.release.release();
                    released++;
                }
                held.release.release(2 * PARTS);
                assertEquals(List.of(200, 200, 200), List.of(answer.get().status(), one.read().status(), other.read().status()));
                System.out.println(released);
            }
        }
    }

    @Test
    void aPredictionEndsBetweenItsPartsWhenItTakesTooLong() throws Exception {
        Held held = new Held();
        try (ModelServer server = start(held, Duration.ofMillis(500)); RawHttp client = new RawHttp(server.port())) {
            client.send(predict(TWO_PARTS));
            held.begun.acquire();
            pass(server, 600);
            held.release.release();
            Answer answer = client.read();
            assertEquals(503, answer.status());
            assertTrue(answer.body().contains("answered after 500 ms of work"), answer::toString);
            held.release.release(2);
            assertEquals(200, RawHttp.exchange(server.port(), predict(TWO_PARTS)).status(), "the others are served");
        }
    }
}
