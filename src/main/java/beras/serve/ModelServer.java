package beras.serve;

import beras.saving.SavedModel;
import java.io.IOException;

/**
 * Serves the predictions of one model by HTTP/1.1: a page to draw a digit or to fill in a row, JSON for programs.
 *
 * <pre>{@code
 * try (ModelServer server = ModelServer.start(ModelFile.load(Path.of("model.beras")), new ServerOptions())) {
 *     System.out.println(server.address()); // http://127.0.0.1:8080/
 *     System.in.read();
 * }
 * }</pre>
 *
 * <p>{@code POST /predict} takes rows or images, see {@code /openapi.json}; {@code GET /healthz} and {@code /metrics} are for
 * monitoring. A client keeps its connection open in both directions until it has its answer: the work on a request ends when
 * its client has left. There is no TLS and nobody needs a password: whoever reaches it may use it.
 */
public final class ModelServer implements AutoCloseable {

    private final HttpServer server;

    private ModelServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to serve a model; nobody may train it meanwhile.
     *
     * @throws IllegalArgumentException if it is no model of a table or of images, or its held-out scores cannot guarantee the
     *     coverage of the options
     * @throws IOException if the port is taken, or the host is no address of this machine
     */
    public static ModelServer start(SavedModel model, ServerOptions options) throws IOException {
        return new ModelServer(HttpServer.start(Served.of(model, options), options));
    }

    /** The port at which it listens. */
    public int port() {
        return server.port();
    }

    /** Where a browser finds it. */
    public String address() {
        return server.address();
    }

    /** Ends: nothing more is accepted, requests that are being served get their answers, for up to ten seconds. */
    @Override
    public void close() {
        server.close();
    }
}
