package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.prediction.Prediction;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SpeciesServiceTest {

    private static final Path DATA = Path.of("../../../data/penguins.csv");

    @TempDir
    static Path folder;

    @LocalServerPort
    private int port;

    private final HttpClient client = HttpClient.newHttpClient();

    @DynamicPropertySource
    static void smallModel(DynamicPropertyRegistry registry) throws IOException {
        Path file = folder.resolve("small.beras");
        TableTraining.of(DATA, "species").change(recipe -> recipe.epochs(5).ensemble(2)).fit().save(file);
        registry.add("species.model", file::toString);
    }

    private HttpRequest request(String body) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/species")).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
    }

    @Test
    void aHundredConcurrentRequestsHaveTheBitsOfPredict() throws IOException {
        TableModel model = TableModel.load(folder.resolve("small.beras"));
        List<Map<String, Object>> rows = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Map<String, Object> row = new HashMap<>(Map.of("island", i % 3 == 0 ? "Dream" : "Biscoe", "bill_length_mm", 35.5 + i / 4.0,
                    "bill_depth_mm", 14 + i / 20.0, "flipper_length_mm", 180.0 + i / 2.0, "body_mass_g", 3000.0 + 25 * i));
            row.put("sex", i % 5 == 0 ? null : "female");
            rows.add(row);
            answers.add(client.sendAsync(request(json(row)), BodyHandlers.ofString()));
        }
        for (int i = 0; i < 100; i++) {
            HttpResponse<String> answer = answers.get(i).join();
            assertEquals(200, answer.statusCode(), answer::body);
            Prediction expected = model.predict(rows.get(i));
            JsonObject received = JsonParser.parseString(answer.body()).getAsJsonObject();
            assertEquals(expected.label(), received.get("label").getAsString());
            expected.probabilities().forEach((label, probability) -> assertEquals(Double.doubleToLongBits(probability),
                    Double.doubleToLongBits(received.getAsJsonObject("probabilities").get(label).getAsDouble()), label));
        }
    }

    private static String json(Map<String, Object> row) {
        JsonObject object = new JsonObject();
        row.forEach((name, value) -> {
            if (value instanceof Number number) {
                object.addProperty(name, number);
            } else {
                object.addProperty(name, (String) value);
            }
        });
        return object.toString();
    }

    @Test
    void aWrongValueIsNamed() throws Exception {
        HttpResponse<String> answer = client.send(request("{\"island\": \"Dream\", \"bill_length_mm\": 1e400}"), BodyHandlers.ofString());
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("bill_length_mm"), answer::body);
    }

    @Test
    void theModelIsHealthy() throws Exception {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/health"))
                .build(), BodyHandlers.ofString());
        assertEquals("UP", JsonParser.parseString(answer.body()).getAsJsonObject().get("status").getAsString(), answer::body);
        assertTrue(answer.body().contains("vector"), answer::body);
    }
}
