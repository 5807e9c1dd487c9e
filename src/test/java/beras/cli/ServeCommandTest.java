package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.assertRefused;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.tables.TinyTable;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as a process that answers and is stopped, and what it refuses. */
@Tag("cli")
@Timeout(120)
class ServeCommandTest {

    @TempDir
    private static Path folder;

    private static Path model;

    @BeforeAll
    static void train() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        model = folder.resolve("kinds.beras");
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--epochs", 3, "--out", model));
    }

    private static JarProcess serve(Object... args) throws IOException {
        return JarProcess.startMain(folder, System.getProperty("java.class.path"), args);
    }

    @Test
    void itAnswersAsPredictDoesUntilItIsInterrupted() throws Exception {
        List<String> rows = List.of("{\"size\":2.5,\"colour\":\"red\",\"age\":3}", "{\"size\":7.25,\"colour\":null,\"age\":null}",
                "{\"size\":25,\"colour\":\"violet\",\"age\":\"12\"}");
        Path lines = Files.write(folder.resolve("rows.jsonl"), rows);
        List<JsonObject> predicted = run("predict", "--model", model, "--data", lines, "--format", "jsonl", "--probabilities").objects();
        try (JarProcess process = serve("serve", "--model", model, "--port", 0)) {
            assertTrue(process.readLine());
            String address = process.output().strip();
            assertTrue(address.matches("http://127\\.0\\.0\\.1:\\d+/"), address);
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(address + "predict"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"rows\":[" + String.join(",", rows) + "]}")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer::body);
            JsonArray served = JsonParser.parseString(answer.body()).getAsJsonObject().getAsJsonArray("predictions");
            assertEquals(predicted.size(), served.size());
            for (int i = 0; i < served.size(); i++) {
                assertEquals(predicted.get(i).get("kind"), served.get(i).getAsJsonObject().get("label"));
                assertEquals(predicted.get(i).get("probabilities"), served.get(i).getAsJsonObject().get("probabilities"));
            }
            int code = process.interrupt();
            Result ended = process.end();
            assertEquals(code, ended.exit(), ended::toString);
            assertTrue(ended.err().endsWith("Stopped" + System.lineSeparator()), ended::toString);
        }
    }

    @Test
    void whatCannotBeServedIsRefused() throws IOException {
        assertRefused(Exit.USAGE, "Invalid value for option '--port': A port is from 0 to 65535. Received: 70000",
                run("serve", "--model", model, "--port", 70_000));
        assertRefused(Exit.USAGE, "Invalid value for option '--max-body': ", run("serve", "--model", model, "--max-body", 4000));
        assertRefused(Exit.USAGE, "Invalid value for option '--max-wait': ", run("serve", "--model", model, "--max-wait", 0));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("serve", "--model", folder.resolve("none.beras")));
        Path arrays = folder.resolve("arrays.beras");
        ModelFile.save(new Sequential(1, new Input(4), new Dense(2)), arrays);
        assertRefused(Exit.BAD_DATA, arrays + ": Expected a model of a table, or of images",
                run("serve", "--model", arrays, "--port", 0));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertRefused(Exit.FAILED, "Cannot listen at 127.0.0.1, port " + taken.getLocalPort(),
                    run("serve", "--model", model, "--port", taken.getLocalPort()));
        }
    }
}
