package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.assertRefused;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --serve}: a training that is watched. */
@Tag("cli")
@Timeout(120)
class TrainServeTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private Path table;

    @BeforeEach
    void write() throws IOException {
        table = TinyTable.kinds(folder.resolve("kinds.csv"));
    }

    private Object[] train(String run, Object... more) {
        List<Object> args = new ArrayList<>(List.of("train", "--data", table, "--target", "kind", "--layers", "8:relu",
                "--epochs", 3,
                "--ensemble", 1, "--run", folder.resolve(run)));
        args.addAll(List.of(more));
        return args.toArray();
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static String get(int port, String path) throws IOException {
        try {
            HttpResponse<String> answer = CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port
                    + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer::body);
            return answer.body();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a training that serves at a port, and looks at it each time it tells an epoch, and at the last one's report. */
    private static Result watched(int port, List<JsonObject> states, List<String> reports, Object... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream() {

            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                super.write(bytes, from, length);
                if (new String(bytes, from, length, StandardCharsets.UTF_8).startsWith("{\"epoch\"")) {
                    try {
                        states.add(JsonParser.parseString(get(port, "/state")).getAsJsonObject());
                        if (states.size() == 3) {
                            reports.add(get(port, "/report"));
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        };
        int exit = Main.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new), out, err, false);
        return new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aTrainingIsWatchedWithTheSameBits() throws IOException {
        String alone = run(train("alone", "--json")).hash();
        int port = freePort();
        List<JsonObject> states = new ArrayList<>();
        List<String> reports = new ArrayList<>();
        Result result = watched(port, states, reports, train("watched", "--json", "--serve", port));
        assertEquals(alone, result.hash());
        assertTrue(result.err().contains("The training can be watched at http://127.0.0.1:" + port + "/"), result::err);
        assertEquals(3, states.size());
        assertTrue(states.get(1).get("status").getAsString().startsWith("Epoch 2 of 3, batch "), states::toString);
        assertEquals(2, states.get(2).get("size").getAsInt(), "of the third epoch nothing is logged yet");
        assertFalse(states.get(2).get("over").getAsBoolean());
        assertTrue(reports.get(0).contains("<h1>watched</h1>") && reports.get(0).contains("All numbers by epoch"),
                reports.get(0));
        assertThrows(ConnectException.class, () -> get(port, "/state"), "it ends with the training");
        assertTrue(Files.exists(folder.resolve("watched/report.html")));
        assertFalse(Files.readString(folder.resolve("watched/config.json")).contains("serve"));
    }

    /** What stays in the browser when it is over. */
    private record Last(String status, String page) {}

    /** Looks from the first epoch until it is over. */
    private static class Looks extends ArrayList<JsonObject> {

        private static final long serialVersionUID = 1L;

        private final int port;
        private final transient CompletableFuture<Last> last = new CompletableFuture<>();

        Looks(int port) {
            this.port = port;
        }

        @Override
        public boolean add(JsonObject state) {
            if (isEmpty()) {
                last.completeAsync(this::last);
            }
            return super.add(state);
        }

        private Last last() {
            try {
                JsonObject state;
                do {
                    state = JsonParser.parseString(TrainServeTest.get(port, "/state")).getAsJsonObject();
                } while (!state.get("over").getAsBoolean());
                return new Last(state.get("status").getAsString(), TrainServeTest.get(port, "/report"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void aModelThatCannotBeSavedIsToldToWhoeverLooks() throws Exception {
        Path out = Files.createDirectory(folder.resolve("out"));
        int port = freePort();
        Looks looks = new Looks(port) {

            private static final long serialVersionUID = 1L;

            @Override
            public boolean add(JsonObject state) {
                try {
                    Files.deleteIfExists(out);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return super.add(state);
            }
        };
        assertExit(Exit.FAILED, watched(port, looks, new ArrayList<>(), train("unsaved", "--json", "--out",
                out.resolve("m.beras"),
                "--serve", port)));
        assertEquals("Training is done, and the model could not be saved.", looks.last.get().status());
    }

    @Test
    void theLastPageIsOfTheEndWithoutAReportToo() throws Exception {
        int port = freePort();
        Looks looks = new Looks(port);
        Result result = watched(port, looks, new ArrayList<>(), train("unreported", "--json", "--no-report", "--serve", port));
        assertExit(Exit.DONE, result);
        assertFalse(Files.exists(folder.resolve("unreported/report.html")));
        String page = looks.last.get().page();
        assertTrue(page.contains("All 3 epochs were made.") && !page.contains("so far"), page);
        assertFalse(result.err().contains("Warning"), result::err);
    }

    @Test
    void aPageThatCannotBeMadeIsSaidOnceAndCostsNothing() throws IOException {
        int port = freePort();
        List<String> refused = new ArrayList<>();
        Result result = watched(port, new ArrayList<>() {

            @Override
            public boolean add(JsonObject state) {
                try {
                    Files.writeString(folder.resolve("broken/config.json"), "[");
                    for (int i = 0; i < 2; i++) {
                        HttpResponse<String> answer = CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port
                                + "/report"))
                                .build(), HttpResponse.BodyHandlers.ofString());
                        refused.add(answer.statusCode() + answer.body());
                    }
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
                return isEmpty() && super.add(state);
            }
        }, new ArrayList<>(), train("broken", "--json", "--no-report", "--serve", port));
        assertExit(Exit.DONE, result);
        assertTrue(refused.get(0).startsWith("503") && refused.get(0).contains("There is no report yet: ")
                && refused.get(0).contains("config.json: expected what train has written"), refused::toString);
        assertEquals(2, result.err().split("Warning: the training cannot be shown, which changes nothing else: ", -1).length,
                result::err);
    }

    @Test
    void aPortThatIsTakenDoesNotCostTheTraining() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Result result = run(train("taken", "--serve", taken.getLocalPort()));
            assertExit(Exit.DONE, result);
            assertTrue(result.err().contains("Warning: training cannot be watched: Cannot listen at 127.0.0.1, port "
                    + taken.getLocalPort()),
                    result::err);
            assertTrue(Files.exists(folder.resolve("taken/model.beras")));
        }
    }

    @Test
    void withoutAPortItIsAnyThatIsFree() {
        Result result = run(train("any", "--serve"));
        assertExit(Exit.DONE, result);
        assertTrue(result.err().matches("(?s).*watched at http://127\\.0\\.0\\.1:[1-9]\\d*/\\R.*"), result::err);
    }

    @Test
    void aResumedTrainingIsWatchedIfItIsToBeOnly() {
        assertExit(Exit.DONE, run(train("resumed", "--serve")));
        Result alone = run("train", "--resume", folder.resolve("resumed"), "--epochs", 4);
        assertExit(Exit.DONE, alone);
        assertFalse(alone.err().contains("watched"), alone::err);
        Result watched = run("train", "--resume", folder.resolve("resumed"), "--epochs", 5, "--serve");
        assertExit(Exit.DONE, watched);
        assertTrue(watched.err().contains("can be watched at http://127.0.0.1:"), watched::err);
    }

    @Test
    void whereItCannotServeIsRefused() {
        assertRefused(Exit.USAGE, "--serve': what it shows is in the folder of --run. Add that",
                run("train", "--data", table, "--target", "kind", "--serve"));
        assertRefused(Exit.USAGE, "--serve': A port is from 0 to 65535. Received: 70000", run(train("none", "--serve", 70_000)));
        assertRefused(Exit.USAGE, "--serve': it is a port, such as 8080, or a host and a port, such as 0.0.0.0:8080. Received:"
                + " \"here\"",
                run(train("none", "--serve", "here")));
        assertRefused(Exit.USAGE, "it applies to one training, not to --cross-validate",
                run(train("none", "--serve", "--cross-validate", 2)));
        assertFalse(Files.exists(folder.resolve("none")));
    }
}
