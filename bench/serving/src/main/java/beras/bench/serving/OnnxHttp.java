package beras.bench.serving;

import ai.onnxruntime.OrtException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;

/** ONNX Runtime behind the JDK's server, as little of it as answers the requests of {@link HttpLoad}. */
final class OnnxHttp {

    private static final float BRIGHTEST = 255;

    /** Argument: the folder of the files. Prints its address. */
    public static void main(String[] arguments) throws Exception {
        OnnxServer server = new OnnxServer(Path.of(arguments[0]).resolve(NetFiles.ONNX), 1); // there are more clients than processors
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/predict", exchange -> answer(server, exchange));
        http.setExecutor(Executors.newCachedThreadPool());
        http.start();
        System.out.println("http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    private static void answer(OnnxServer server, HttpExchange exchange) throws IOException {
        try (exchange) {
            float[] rows = new float[NetFiles.INPUTS];
            int count = 0;
            JsonReader json = new JsonReader(new InputStreamReader(exchange.getRequestBody(), StandardCharsets.UTF_8));
            json.beginObject();
            json.nextName();
            json.beginArray();
            while (json.hasNext()) {
                int at = count++ * NetFiles.INPUTS;
                rows = at < rows.length ? rows : Arrays.copyOf(rows, 2 * rows.length);
                json.beginArray();
                for (int i = 0; i < NetFiles.INPUTS; i++) {
                    rows[at + i] = json.nextInt() / BRIGHTEST;
                }
                json.endArray();
            }
            json.endArray();
            json.endObject();
            byte[] body = json(server.predict(Arrays.copyOf(rows, count * NetFiles.INPUTS), count), count)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }

    private static String json(float[] outputs, int count) throws IOException {
        StringWriter out = new StringWriter();
        JsonWriter json = new JsonWriter(out);
        json.beginObject().name("predictions").beginArray();
        for (int row = 0; row < count; row++) {
            int first = row * NetFiles.OUTPUTS;
            int best = 0;
            for (int i = 0; i < NetFiles.OUTPUTS; i++) {
                best = outputs[first + i] > outputs[first + best] ? i : best;
            }
            json.beginObject().name("label").value(Integer.toString(best)).name("probabilities").beginObject();
            for (int i = 0; i < NetFiles.OUTPUTS; i++) {
                json.name(Integer.toString(i)).value(outputs[first + i]);
            }
            json.endObject().endObject();
        }
        json.endArray().endObject();
        return out.toString();
    }

    private OnnxHttp() {}
}
