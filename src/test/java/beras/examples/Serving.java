package beras.examples;

import beras.models.Model;
import beras.saving.ModelFile;
import beras.tensor.Tensor;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

public class Serving {

    public static void main(String[] arguments) throws IOException {
        start(Path.of(arguments[0]), 8080); // curl -d '[[0.5, 1.5, 2.5]]' localhost:8080/predict
    }

    static HttpServer start(Path file, int port) throws IOException {
        Model model = ModelFile.load(file).model(); // one for all threads
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/predict", exchange -> {
            InputStreamReader body = new InputStreamReader(exchange.getRequestBody(), StandardCharsets.UTF_8);
            int status = 200;
            String answer;
            try {
                Tensor outputs = model.predict(new Gson().fromJson(body, float[][].class)); // rows of numbers
                answer = new Gson().toJson(outputs.toArray()); // one row after the other
            } catch (IllegalArgumentException | JsonParseException e) { // rows that do not fit the model, or no rows
                status = 400;
                answer = e.getMessage();
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }
}
