package beras.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The routes, by path. */
final class Routes {

    static final String GET = "GET";
    static final String POST = "POST";
    private static final String HTML = "text/html; charset=utf-8";

    /** Answers a request. */
    interface Handler {
        Response answer(Request request, WorkLimit limit) throws Refusal;
    }

    /**
     * The handler of a path.
     *
     * @param method GET, which answers HEAD, too; or POST
     * @param types  of bodies that are taken; empty if there is to be none
     */
    record Route(String method, List<String> types, Handler handler) {}

    final Map<String, Route> byPath = new LinkedHashMap<>();

    Routes(Served served, ServerOptions options, Metrics metrics) {
        page("/", "index.html", HTML);
        page("/style.css", "style.css", "text/css; charset=utf-8");
        for (String script : List.of("page.js", "pictures.js", "reading.js", "cells.js", "examples.js", "common.js", "api.js")) {
            page("/" + script, script, "text/javascript; charset=utf-8");
        }
        page("/icon.svg", "icon.svg", "image/svg+xml");
        fixed("/healthz", Json.object("status", "ok"));
        get("/metrics", (request, limit) -> Response.ok(Metrics.TYPE, metrics.text()));
        page("/api", "api.html", HTML);
        Map<String, Object> model = new LinkedHashMap<>(served.description());
        model.put("types", served.types);
        model.put("maxBody", options.maxBody);
        model.putAll(options.about);
        fixed("/model", model);
        fixed("/openapi.json", OpenApi.of(served, options));
        byPath.putAll(served.operations());
    }

    private void page(String path, String file, String type) {
        try (InputStream in = Routes.class.getResourceAsStream(file)) {
            Response response = Response.ok(type, in.readAllBytes());
            get(path, (request, limit) -> response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fixed(String path, Object value) {
        Response response = Response.ok(Response.JSON, Json.bytes(value));
        get(path, (request, limit) -> response);
    }

    private void get(String path, Handler handler) {
        byPath.put(path, new Route(GET, List.of(), handler));
    }
}
