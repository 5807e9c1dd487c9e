package beras.serve;

import beras.feed.Prediction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What there is to ask for, by path. */
final class Routes {

    static final String GET = "GET";
    static final String POST = "POST";

    /** Answers a request. */
    interface Handler {
        Response answer(Request request, WorkLimit limit) throws Refusal;
    }

    /**
     * What answers at a path.
     *
     * @param method GET, which answers HEAD, too; or POST
     * @param types  of bodies that are taken; empty if there is to be none
     */
    record Route(String method, List<String> types, Handler handler) {}

    private final Map<String, Route> routes = new LinkedHashMap<>();

    Routes(Served served, ServerOptions options, Metrics metrics) {
        page("/", "index.html", "text/html; charset=utf-8");
        page("/api", "api.html", "text/html; charset=utf-8");
        page("/style.css", "style.css", "text/css; charset=utf-8");
        page("/page.js", "page.js", "text/javascript; charset=utf-8");
        page("/api.js", "api.js", "text/javascript; charset=utf-8");
        page("/icon.svg", "icon.svg", "image/svg+xml");
        fixed("/model", served.description());
        fixed("/openapi.json", OpenApi.of(served, options));
        fixed("/healthz", Json.object("status", "ok"));
        routes.put("/metrics", new Route(GET, List.of(), (request, limit) -> Response.ok(Metrics.TYPE, metrics.text())));
        routes.put("/predict", new Route(POST, served.types(), (request, limit) -> {
            List<Prediction> predictions = served.predict(request, limit);
            metrics.predicted(predictions.size());
            return Response.ok(Response.JSON, served.json(predictions));
        }));
        if (served instanceof ServedImages images) {
            routes.put("/explain", new Route(POST, served.types(), (request, limit) -> {
                byte[] explained = images.explain(request, limit);
                metrics.predicted(1);
                return Response.ok(Response.JSON, explained);
            }));
        }
    }

    private void page(String path, String file, String type) {
        try (InputStream in = Routes.class.getResourceAsStream(file)) {
            Response response = Response.ok(type, in.readAllBytes());
            routes.put(path, new Route(GET, List.of(), (request, limit) -> response));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fixed(String path, Map<String, Object> value) {
        Response response = Response.ok(Response.JSON, Json.bytes(value));
        routes.put(path, new Route(GET, List.of(), (request, limit) -> response));
    }

    Optional<Route> at(String path) {
        return Optional.ofNullable(routes.get(path));
    }
}
