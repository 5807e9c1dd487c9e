package beras.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.serve.RawHttp.Answer;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The report of something that goes on. */
@Tag("serve")
@Timeout(60)
class ReportServerTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A report that grows when it is told to, and takes as long to be made as it is told. */
    private static final class Grown implements LiveReport {

        private final AtomicLong clock;
        private volatile int size;
        private volatile boolean fails;
        private long takes;
        private int made;
        private int asked;

        Grown(AtomicLong clock) {
            this.clock = clock;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public String status() {
            return "Epoch " + size;
        }

        @Override
        public byte[] page() throws IOException {
            asked++;
            if (fails) {
                throw new IOException("it is just written");
            }
            made++;
            clock.addAndGet(takes);
            return ("<main>report of " + size + "</main>").getBytes(StandardCharsets.UTF_8);
        }
    }

    private static String text(GrowingReport report) throws Refusal {
        return new String(report.page(), StandardCharsets.UTF_8);
    }

    private static int size(GrowingReport report) {
        return JsonParser.parseString(new String(report.state(),
                StandardCharsets.UTF_8)).getAsJsonObject().get("size").getAsInt();
    }

    @Test
    void itIsMadeAgainWhenThereIsMoreAndTakesATenthOfTheTimeAtMost() throws Refusal {
        AtomicLong clock = new AtomicLong();
        Grown live = new Grown(clock);
        GrowingReport report = new GrowingReport(live, clock::get, failure -> { });
        assertEquals("<main>report of 0</main>", text(report));
        clock.addAndGet(100 * SECOND);
        assertEquals("<main>report of 0</main>", text(report));
        assertEquals(1, live.made, "there is no more in it");
        live.size = 1;
        live.takes = 10 * SECOND;
        assertEquals("<main>report of 1</main>", text(report));
        live.size = 2;
        clock.addAndGet(90 * SECOND - 1);
        assertEquals(1, size(report), "nobody is told to ask for more");
        assertEquals("<main>report of 1</main>", text(report));
        clock.addAndGet(1);
        assertEquals(2, size(report));
        assertEquals("<main>report of 2</main>", text(report));
        assertEquals(3, live.made);
        live.takes = 0;
        clock.addAndGet(90 * SECOND);
        live.size = 3;
        assertEquals("<main>report of 3</main>", text(report));
        live.size = 4;
        clock.addAndGet(2 * SECOND - 1);
        assertEquals("<main>report of 3</main>", text(report), "however fast it is made");
    }

    @Test
    void theLastOneStaysIfItCannotBeMade() throws Refusal {
        AtomicLong clock = new AtomicLong();
        Grown live = new Grown(clock);
        GrowingReport report = new GrowingReport(live, clock::get, failure -> { });
        live.fails = true;
        assertEquals(503, assertThrows(Refusal.class, report::page).response().status());
        clock.addAndGet(2 * SECOND);
        live.fails = false;
        live.size = 1;
        assertEquals("<main>report of 1</main>", text(report));
        clock.addAndGet(2 * SECOND);
        live.fails = true;
        live.size = 2;
        assertEquals("<main>report of 1</main>", text(report));
    }

    @Test
    void whyThereIsNoneIsToldAndItIsTriedAgain() throws Refusal {
        AtomicLong clock = new AtomicLong();
        Grown live = new Grown(clock);
        List<Throwable> told = new ArrayList<>();
        GrowingReport report = new GrowingReport(live, clock::get, told::add);
        live.fails = true;
        assertEquals("There is no report yet: it is just written", assertThrows(Refusal.class, report::page).getMessage());
        clock.addAndGet(2 * SECOND - 1);
        assertEquals("There is no report yet: it is just written", assertThrows(Refusal.class, report::page).getMessage());
        assertEquals(1, live.asked, "not all the time");
        clock.addAndGet(1);
        assertThrows(Refusal.class, report::page);
        assertEquals(2, live.asked);
        assertEquals(List.of("it is just written"), told.stream().map(Throwable::getMessage).toList(), "once");
        clock.addAndGet(2 * SECOND);
        live.fails = false;
        assertEquals("<main>report of 0</main>", text(report), "of the same size");
    }

    @Test
    void theLastOneIsMadeOnceHoweverManyAskForIt() throws Refusal {
        AtomicLong clock = new AtomicLong();
        Grown live = new Grown(clock);
        GrowingReport report = new GrowingReport(live, clock::get, failure -> { });
        text(report);
        report.end();
        text(report);
        text(report);
        assertEquals(2, live.made);
    }

    @Test
    void whatIsOverIsMadeOnceMore() throws Refusal {
        AtomicLong clock = new AtomicLong();
        Grown live = new Grown(clock);
        GrowingReport report = new GrowingReport(live, clock::get, failure -> { });
        text(report);
        live.size = 5;
        report.end(); // nobody looks, so it does not wait
        assertEquals(5, size(report));
        assertEquals("<main>report of 5</main>", text(report));
    }

    @Test
    void itIsServedAsModelsAre() throws IOException {
        Grown live = new Grown(new AtomicLong());
        try (ReportServer server = ReportServer.start(live, new ServerOptions().port(0))) {
            int port = Integer.parseInt(server.address().replaceAll(".*:(\\d+)/", "$1"));
            Answer page = RawHttp.exchange(port, RawHttp.get("/"));
            assertTrue(page.body().contains("src=\"report\""), page::body);
            assertTrue(page.headers().get("content-security-policy").startsWith("default-src 'none';"), page::toString);
            Answer report = RawHttp.exchange(port, RawHttp.get("/report"));
            assertEquals("<main>report of 0</main>", report.body());
            assertEquals("frame-ancestors 'self'", report.headers().get("content-security-policy"), "its own rules are in it");
            assertEquals("nosniff", report.headers().get("x-content-type-options"));
            JsonObject state = JsonParser.parseString(RawHttp.exchange(port, RawHttp.get("/state")).body()).getAsJsonObject();
            assertEquals("{\"size\":0,\"status\":\"Epoch 0\",\"over\":false}", state.toString());
            assertEquals(200, RawHttp.exchange(port, RawHttp.get("/report.js")).status());
            Answer none = RawHttp.exchange(port, RawHttp.get("/predict"));
            assertEquals(404, none.status());
            assertTrue(none.body().contains("Expected one of /, /style.css, /report.js, /icon.svg, /healthz, /metrics, /state,"
                    + " /report. Received: "), none::body);
            Answer other = RawHttp.exchange(port, RawHttp.get("/report").replace("localhost", "evil.example"));
            assertEquals(421, other.status());
            assertTrue(other.body().contains("start it with that name (--serve NAME:PORT)"), other::body);
            IOException taken = assertThrows(IOException.class, () -> ReportServer.start(live, new ServerOptions().port(port)));
            assertTrue(taken.getMessage().startsWith("Cannot listen at 127.0.0.1, port " + port), taken::toString);
        }
    }

    /** Who asked a moment ago gets the last report before the server is gone. */
    @Test
    void whoLooksAtTheEndGetsTheLastReport() throws Exception {
        Grown live = new Grown(new AtomicLong());
        ReportServer server = ReportServer.start(live, new ServerOptions().port(0));
        int port = Integer.parseInt(server.address().replaceAll(".*:(\\d+)/", "$1"));
        assertEquals(200, RawHttp.exchange(port, RawHttp.get("/report")).status());
        assertEquals(200, RawHttp.exchange(port, RawHttp.get("/state")).status());
        live.size = 7;
        Thread closing = new Thread(server::close);
        closing.start();
        JsonObject state;
        do {
            state = JsonParser.parseString(RawHttp.exchange(port, RawHttp.get("/state")).body()).getAsJsonObject();
        } while (!state.get("over").getAsBoolean());
        assertEquals(7, state.get("size").getAsInt());
        assertEquals("<main>report of 7</main>", RawHttp.exchange(port, RawHttp.get("/report")).body());
        closing.join();
        assertFalse(closing.isAlive());
        assertThrows(IOException.class, () -> new RawHttp(port));
    }
}
