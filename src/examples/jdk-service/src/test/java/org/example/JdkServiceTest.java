package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.tables.TableModel;
import beras.tables.TableTraining;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JdkServiceTest {

    @Test
    void theServiceAnswersWithTheBitsOfPredict() throws Exception {
        TableModel model = TableTraining.of(Path.of("../../../data/penguins.csv"), "species")
                .change(recipe -> recipe.epochs(5).ensemble(2)).fit();
        HttpServer server = JdkService.start(model, 0);
        try {
            HttpResponse<String> answer = post(server, "{\"island\":\"Dream\",\"bill_length_mm\":49.5,\"bill_depth_mm\":19,"
                    + "\"flipper_length_mm\":200,\"body_mass_g\":3800,\"sex\":\"male\"}");
            assertEquals(200, answer.statusCode(), answer::body);
            Map<String, Double> expected = model.predict(Map.of("island", "Dream", "bill_length_mm", 49.5, "bill_depth_mm", 19,
                    "flipper_length_mm", 200, "body_mass_g", 3800, "sex", "male")).probabilities();
            expected.forEach((label, probability) -> assertEquals(probability, JsonParser.parseString(answer.body()).getAsJsonObject()
                    .getAsJsonObject("probabilities").get(label).getAsDouble()));

            HttpResponse<String> wrong = post(server, "{\"island\":\"Dream\",\"bill_length\":49.5}");
            assertEquals(400, wrong.statusCode());
            assertTrue(wrong.body().contains("bill_length_mm"), wrong::body);
        } finally {
            server.stop(0);
        }
    }

    private static HttpResponse<String> post(HttpServer server, String body) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getAddress().getPort()
                + "/species")).POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
