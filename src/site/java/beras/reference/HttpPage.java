package beras.reference;

import static beras.reference.Markdown.code;
import static beras.reference.Markdown.text;

import beras.saving.SavedModel;
import beras.serve.ModelServer;
import beras.serve.ServerOptions;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of what {@code serve} answers: from the descriptions that servers of the kinds of models give of themselves. */
public final class HttpPage {

    private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    /** Longer ones say less. */
    private static final int MOST_SHOWN = 500;

    private final HttpClient client = HttpClient.newHttpClient();
    private final StringBuilder page = new StringBuilder();

    private HttpPage() {}

    /** @param models by what the page calls them; all that they have in common is told once */
    public static String of(Map<String, SavedModel> models) throws IOException, InterruptedException {
        HttpPage made = new HttpPage();
        made.write(models);
        return made.page.toString();
    }

    private void write(Map<String, SavedModel> models) throws IOException, InterruptedException {
        page.append("# HTTP reference\n\nRequests and responses of `serve`, for clients. [Serving](../guide/serving.md) describes how to start it.\n\n")
                .append("The description depends on the model: `/openapi.json` of a running server has its columns, labels and limits in\n")
                .append("OpenAPI 3.1, for generators of clients, and `/api` shows the same to people, with a program to copy for each: curl, Python,\n")
                .append("JavaScript or Java.\n");
        for (Map.Entry<String, SavedModel> model : models.entrySet()) {
            try (ModelServer server = ModelServer.start(model.getValue(), new ServerOptions().port(0))) {
                operations(server, true, ", " + model.getKey());
            }
        }
        try (ModelServer server = ModelServer.start(models.values().iterator().next(), new ServerOptions().port(0))) {
            operations(server, false, "");
            limits(api(server));
        }
    }

    /** @param ofModel whether to tell of those that take a body, which depends on the model, or of the others */
    private void operations(ModelServer server, boolean ofModel, String kind) throws IOException, InterruptedException {
        for (Map.Entry<String, JsonElement> path : api(server).getAsJsonObject("paths").entrySet()) {
            JsonObject methods = path.getValue().getAsJsonObject();
            String method = methods.keySet().iterator().next();
            JsonObject operation = methods.getAsJsonObject(method);
            if (operation.has("requestBody") == ofModel) {
                operation(server, path.getKey(), method, operation, kind);
            }
        }
    }

    private JsonObject api(ModelServer server) throws IOException, InterruptedException {
        return JsonParser.parseString(get(server, "/openapi.json")).getAsJsonObject();
    }

    private void operation(ModelServer server, String path, String method, JsonObject operation, String kind)
            throws IOException, InterruptedException {
        String name = method.toUpperCase(Locale.ROOT) + " " + path;
        page.append("\n## ").append(name).append(kind).append("\n\n").append(text(string(operation, "summary") + ". " + string(operation, "description")))
                .append('\n');
        if (!operation.has("requestBody")) {
            String answer = get(server, path);
            shown(answer);
            return;
        }
        JsonObject content = operation.getAsJsonObject("requestBody").getAsJsonObject("content");
        page.append("\nTakes ").append(String.join(", ", content.keySet().stream().map(Markdown::code).toList())).append(".\n");
        JsonObject json = content.getAsJsonObject("application/json");
        if (json == null) {
            return;
        }
        fields("request", json.getAsJsonObject("schema"));
        JsonElement example = json.get("example");
        if (example != null && example.toString().length() < MOST_SHOWN) {
            shown(example.toString());
            page.append("\nThe answer:\n");
            shown(post(server, path, example.toString()));
        } else {
            fields("answer", operation.getAsJsonObject("responses").getAsJsonObject("200").getAsJsonObject("content")
                    .getAsJsonObject("application/json").getAsJsonObject("schema"));
        }
    }

    private void fields(String title, JsonObject schema) {
        List<String> rows = new ArrayList<>();
        rows("", schema, rows);
        if (!rows.isEmpty()) {
            page.append("\n| ").append(title).append(" | type | |\n|---|---|---|\n");
            rows.forEach(page::append);
        }
    }

    /** A row for each property of an object, and of those within. */
    private static void rows(String prefix, JsonObject schema, List<String> rows) {
        if (!schema.has("properties")) {
            return;
        }
        for (Map.Entry<String, JsonElement> property : schema.getAsJsonObject("properties").entrySet()) {
            JsonObject inner = property.getValue().getAsJsonObject();
            JsonObject element = inner.has("items") ? inner.getAsJsonObject("items") : inner;
            String type = type(inner) + (inner.has("items") ? " of " + type(element) : "");
            rows.add("| " + code(prefix + property.getKey()) + " | " + text(type) + " | " + text(string(inner, "description")) + " |\n");
            rows(prefix + property.getKey() + (inner.has("items") ? "[]." : "."), element, rows);
        }
    }

    private static String type(JsonObject schema) {
        if (schema.has("$ref")) {
            String reference = string(schema, "$ref");
            return reference.substring(reference.lastIndexOf('/') + 1);
        }
        JsonElement type = schema.get("type");
        return type == null ? "any" : type.isJsonArray() ? String.join(" or ",
                type.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList()) : type.getAsString();
    }

    private void limits(JsonObject api) {
        page.append("\n## Limits and errors\n\n").append(text(string(api.getAsJsonObject("info"), "description"))).append("\n\n");
        JsonObject problem = api.getAsJsonObject("components").getAsJsonObject("schemas").getAsJsonObject("Problem");
        page.append("A request that is wrong has a status of 4XX and `application/problem+json`. ")
                .append(text(string(problem, "description"))).append('\n');
        fields("Problem", problem);
    }

    private void shown(String body) {
        boolean isJson = body.startsWith("{");
        String shown = isJson ? PRETTY.toJson(JsonParser.parseString(body)) : body.strip();
        if (shown.length() < 3 * MOST_SHOWN) {
            page.append("\n```").append(isJson ? "json" : "text").append('\n').append(shown).append("\n```\n");
        }
    }

    private String get(ModelServer server, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }

    private String post(ModelServer server, String path, String body) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String string(JsonObject object, String key) {
        return object.has(key) ? object.get(key).getAsString() : "";
    }
}
