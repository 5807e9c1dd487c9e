package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.image.ExtremePictures;
import beras.data.image.ImagePreprocessor;
import beras.data.image.PictureForm;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as a process that answers and is stopped, and its errors. */
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

    private static JarProcess serve(Path work, Object... args) throws IOException {
        return JarProcess.startMain(work, System.getProperty("java.class.path"), args);
    }

    @Test
    void itAnswersAsPredictDoesUntilItIsInterrupted() throws Exception {
        List<String> rows = List.of("{\"size\":2.5,\"colour\":\"red\",\"age\":3}", "{\"size\":7.25,\"colour\":null,\"age\":null}",
                "{\"size\":25,\"colour\":\"violet\",\"age\":\"12\"}", "{\"size\":-9999,\"colour\":\"blue\",\"age\":1e30}");
        Path lines = Files.write(folder.resolve("rows.jsonl"), rows);
        List<JsonObject> predicted = run("predict", model, "--data", lines, "--format", "jsonl", "--probabilities").objects();
        try (JarProcess process = serve(folder, "serve", model, "--port", 0)) {
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

    /** The metrics are shown only for the very weights that a run of the same folder measured. */
    @Test
    void aModelIsIntroducedByItsFileAndTheSummaryBesideIt() throws Exception {
        Path run = folder.resolve("run");
        assertExit(Exit.DONE, run("train", "--data", folder.resolve("kinds.csv"), "--target", "kind", "--epochs", 2, "--run",
                run));
        JsonObject measured = introduced(run.resolve("model.beras"), "");
        assertEquals("model.beras", measured.get("file").getAsString());
        assertEquals("kinds.csv", measured.get("data").getAsString());
        assertTrue(Instant.parse(measured.get("saved").getAsString()).isAfter(Instant.now().minusSeconds(600)));
        double accuracy = JsonParser.parseString(Files.readString(run.resolve("summary.json"))).getAsJsonObject()
                .getAsJsonObject("values").get("val_accuracy").getAsDouble();
        assertEquals(accuracy, measured.getAsJsonObject("measured").get("val_accuracy").getAsDouble());
        assertEquals(Set.of("val_accuracy", "val_loss"), measured.getAsJsonObject("measured").keySet());
        Path other = Files.copy(model, run.resolve("other.beras"));
        assertEquals(0, introduced(other, "").getAsJsonObject("measured").size());
        Files.writeString(run.resolve("summary.json"), "{\"facts\": 3}");
        assertFalse(introduced(other, "The page has no figures on the quality of the model. ").has("measured"));
    }

    /** The answer of {@code GET /model}, which the command prints, too. */
    private static JsonObject introduced(Path file, String said) throws Exception {
        try (JarProcess process = serve(folder, "serve", file, "--port", 0)) {
            assertTrue(process.readLine());
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(
                    process.output().strip() + "model")).build(), HttpResponse.BodyHandlers.ofString());
            process.interrupt();
            String err = process.end().err();
            assertTrue(err.contains(said), err);
            return JsonParser.parseString(answer.body()).getAsJsonObject();
        }
    }

    /** The contents by name: pipes, and the bytes and times of files. */
    private static Map<String, String> tree(Path top) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(top)) {
            for (Path path : paths.toList()) {
                all.put(top.relativize(path).toString(), Files.isRegularFile(path)
                        ? Files.getLastModifiedTime(path) + " " + Arrays.hashCode(Files.readAllBytes(path))
                        : Files.isDirectory(path) ? "a folder" : "a pipe");
            }
        }
        return all;
    }

    /**
     * Its file names others to read and to write, and so do pictures that a client sends. They are pipes, at which whoever opens one
     * waits for ever.
     */
    @Test
    void aModelAndPicturesOfAStrangerDecideOnNoFile(@TempDir Path top) throws Exception {
        Path secret = top.resolve("secret");
        assertEquals(0, new ProcessBuilder("mkfifo", secret.toString()).start().waitFor());
        JsonObject options = new JsonObject();
        for (String option : List.of("data", "out", "run", "checkpoint", "resume", "init", "config", "backup", "log", "host", "port")) {
            options.addProperty(option, secret.toString());
        }
        Path work = Files.createDirectory(top.resolve("work"));
        Sequential net = new Sequential(1, new Input(48), new Dense(2, "softmax"));
        Path named = top.resolve("stranger.beras");
        ModelFile.save(new SavedModel(net).preprocessor(new ImagePreprocessor(4, 4, 3, PictureForm.SCALED,
                List.of(secret.toString(), "../secret"), 2)).provenance(Map.of("options", options.toString(), "data",
                secret.toString(), "table", secret.toString(), "imported", secret.toString(), "command", "cat " + secret)), named);
        Map<String, String> before = tree(top);
        assertEquals("a pipe", before.get("secret"));
        try (JarProcess process = serve(work, "serve", named, "--port", 0)) {
            assertTrue(process.readLine());
            URI predict = URI.create(process.output().strip() + "predict");
            for (byte[] picture : List.of(ExtremePictures.bmpWithLinkedProfile(secret.toString()),
                    ExtremePictures.bmp(1, 1, 0, 4, secret.toString().getBytes(StandardCharsets.UTF_8)))) {
                HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(predict)
                        .header("Content-Type", "image/bmp").timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(picture)).build(), HttpResponse.BodyHandlers.ofString());
                assertTrue(answer.statusCode() == 200 || answer.body().contains("expected a BMP of pixels"), answer::body);
            }
            process.interrupt();
            Result ended = process.end();
            assertTrue(ended.err().endsWith("Stopped" + System.lineSeparator()), ended::toString);
        }
        assertEquals(before, tree(top));
    }

    @Test
    void whatCannotBeServedIsRefused() throws IOException {
        assertRefused(Exit.USAGE, "Invalid value for option '--port': A port is from 0 to 65535. Received: 70000",
                run("serve", model, "--port", 70_000));
        assertRefused(Exit.USAGE, "Invalid value for option '--max-body': ", run("serve", model, "--max-body", 4000));
        assertRefused(Exit.USAGE, "Invalid value for option '--max-wait': ", run("serve", model, "--max-wait", 0));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("serve", folder.resolve("none.beras")));
        Path arrays = folder.resolve("arrays.beras");
        ModelFile.save(new Sequential(1, new Input(4), new Dense(2)), arrays);
        assertRefused(Exit.BAD_DATA, arrays + ": Expected a model of a table, or of images",
                run("serve", arrays, "--port", 0));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertRefused(Exit.FAILED, "Cannot listen at 127.0.0.1, port " + taken.getLocalPort(),
                    run("serve", model, "--port", taken.getLocalPort()));
        }
    }
}
