package org.example;

import beras.prediction.Prediction;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;

/** Tells the species of a penguin: a service of the JDK's HTTP server. */
public final class JdkService {

    private static final Gson GSON = new Gson();

    private JdkService() {}

    /** @param arguments the model, and the table to train it on if there is no such file */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        if (Files.notExists(file)) {
            TableTraining.of(Path.of(arguments[1]), "species").fit().save(file);
        }
        start(TableModel.load(file), 8080);
    }

    /** @param port 0: any that is free */
    static HttpServer start(TableModel model, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(4)); // one model for all threads
        server.createContext("/species", exchange -> answer(exchange, model));
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, TableModel model) throws IOException {
        int status = 200;
        String answer;
        try (InputStreamReader body = new InputStreamReader(exchange.getRequestBody(), StandardCharsets.UTF_8)) {
            Map<String, Object> row = GSON.fromJson(body, new TypeToken<Map<String, Object>>() {}.getType());
            Prediction prediction = model.predict(row == null ? Map.of() : row);
            answer = GSON.toJson(Map.of("label", prediction.label(), "probabilities", prediction.probabilities()));
        } catch (IllegalArgumentException | JsonParseException e) { // a value that the model cannot take, or no JSON
            status = 400;
            answer = GSON.toJson(Map.of("detail", e.getMessage()));
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
