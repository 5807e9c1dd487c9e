package beras.examples;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Serving} gives many clients at once what Keras gave. */
@Tag("model")
class ServingTest {

    private static final Path KERAS = Path.of("src/test/resources/keras");
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 50;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void manyClientsGetWhatKerasGave() throws Exception {
        JsonObject json = JsonParser.parseString(Files.readString(KERAS.resolve("mlp_adam_portable.json"))).getAsJsonObject();
        Tensor inputs = tensor(json, "inputs");
        Tensor outputs = tensor(json, "outputs");
        HttpServer server = Serving.start(KERAS.resolve("mlp_adam_portable.keras"), 0);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            HttpClient client = HttpClient.newHttpClient();
            URI place = URI.create("http://localhost:" + server.getAddress().getPort() + "/predict");
            List<Future<Float>> differences = new ArrayList<>();
            for (int i = 0; i < CLIENTS * REQUESTS; i++) {
                int from = i % inputs.dim(0);
                int to = from + 1 + i % (inputs.dim(0) - from);
                HttpRequest request = HttpRequest.newBuilder(place).POST(BodyPublishers.ofString(rows(inputs, from, to))).build();
                Tensor expected = outputs.slice(from, to);
                differences.add(clients.submit(() -> {
                    float[] answer = new Gson().fromJson(client.send(request, BodyHandlers.ofString()).body(), float[].class);
                    Tensor off = Tensor.wrap(answer, expected.shape()).subtract(expected);
                    return Math.max(off.max().item(), off.negate().max().item());
                }));
            }
            for (Future<Float> difference : differences) {
                assertEquals(0, difference.get(), 1e-5f);
            }
            assertEquals(CLIENTS * REQUESTS, differences.size());
        } finally {
            clients.shutdown();
            server.stop(0);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void whatIsWrongIsToldToWhoSentIt() throws Exception {
        HttpServer server = Serving.start(KERAS.resolve("mlp_adam_portable.keras"), 0);
        try {
            HttpClient client = HttpClient.newHttpClient();
            URI place = URI.create("http://localhost:" + server.getAddress().getPort() + "/predict");
            for (String body : List.of("[[1]]", "[[1, 2], null]", "[[1, 2], [3]]", "[1, 2]", "{", "")) {
                HttpResponse<String> response = client.send(HttpRequest.newBuilder(place).POST(BodyPublishers.ofString(body)).build(),
                        BodyHandlers.ofString());
                assertEquals(400, response.statusCode(), body);
                assertNotEquals("", response.body());
            }
            assertEquals("[]", client.send(HttpRequest.newBuilder(place).POST(BodyPublishers.ofString("[]")).build(),
                    BodyHandlers.ofString()).body());
        } finally {
            server.stop(0);
        }
    }

    private static String rows(Tensor inputs, int from, int to) {
        List<float[]> rows = new ArrayList<>();
        for (int row = from; row < to; row++) {
            rows.add(inputs.slice(row, row + 1).toArray());
        }
        return new Gson().toJson(rows);
    }

    private static Tensor tensor(JsonObject json, String name) {
        JsonObject first = json.getAsJsonArray(name).get(0).getAsJsonObject();
        return Tensor.wrap(new Gson().fromJson(first.get("data"), float[].class),
                new Gson().fromJson(first.get("shape"), int[].class));
    }
}
