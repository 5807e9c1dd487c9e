package beras.serve;

import static beras.serve.Json.object;

import beras.serve.Routes.Route;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The description of all routes for programs, in OpenAPI 3.1: {@code openapi.json}, completed by the properties of a model. */
final class OpenApi {

    static JsonObject of(Served served, ServerOptions options) {
        JsonObject api = Json.resource("openapi.json");
        api.getAsJsonObject("info").addProperty("description", "Predictions of one model. Requests have at most " + options.maxRows
                + " rows or images and " + size(options.maxBody) + ", must come within " + options.maxWait.toSeconds()
                + " s, and are worked on for as long at most.");
        JsonObject paths = api.getAsJsonObject("paths");
        Map<String, Route> operations = served.operations();
        paths.keySet().removeIf(path -> paths.getAsJsonObject(path).has("post") && !operations.containsKey(path));
        operations.forEach((path, each) -> paths.getAsJsonObject(path).getAsJsonObject("post").getAsJsonObject("requestBody")
                .add("content", Json.tree(contents(served, each.types(), options))));
        if (!(served instanceof ServedTable)) {
            JsonObject answer = paths.getAsJsonObject("/predict").getAsJsonObject("post").getAsJsonObject("responses").getAsJsonObject("200")
                    .getAsJsonObject("content").getAsJsonObject(Response.JSON).getAsJsonObject("schema");
            answer.getAsJsonObject("properties").remove(Served.COUNTS);
            answer.getAsJsonArray("required").remove(1);
        }
        api.getAsJsonObject("components").getAsJsonObject("schemas").add("Prediction", Json.tree(prediction(served)));
        return api;
    }

    private static String size(int bytes) {
        boolean isSmall = bytes < 1 << 20;
        return new BigDecimal(bytes / (isSmall ? 0x1p10 : 0x1p20)).round(new MathContext(3)).stripTrailingZeros().toPlainString()
                + (isSmall ? " kB" : " MB");
    }

    private static Map<String, Object> prediction(Served served) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (served.labels.isEmpty()) {
            properties.put("prediction", object("type", "number"));
            properties.putAll(setSchemas(served));
            return object("type", "object", "required", List.copyOf(properties.keySet()), "properties", properties);
        }
        Map<String, Object> numbers = object("type", "object", "additionalProperties", object("type", "number"));
        properties.put("label", object("type", "string", "enum", served.labels));
        served.predictor.bound().ifPresent(bound -> {
            List<String> labels = new ArrayList<>(served.labels);
            labels.add(null);
            properties.put("label", object("type", List.of("string", "null"), "enum", labels, "description", "Null for an example"
                    + " of none of the labels: the largest probability is below " + bound + "."));
        });
        properties.putAll(setSchemas(served));
        List<String> required = List.copyOf(properties.keySet());
        served.predictor.bound().ifPresent(bound -> properties.put("closest", object("type", "string", "enum", served.labels,
                "description", "The most likely label, there if label is null.")));
        properties.put("probabilities", numbers);
        properties.put("scores", numbers);
        return object("type", "object", "required", required, "properties", properties, "description",
                "A model whose scores of the labels are no probabilities, such as logits, gives scores in place of probabilities.");
    }

    /** The fields of intervals or sets and their schemas. */
    private static Map<String, Object> setSchemas(Served served) {
        return served.form.sets().map(each -> each.areOfLabels()
                ? object("set", object("type", "array", "items", object("type", "string", "enum", served.labels)))
                : object("lower", object("type", "number"), "upper", object("type", "number"))).orElse(Map.of());
    }

    private static Map<String, Object> contents(Served served, List<String> types, ServerOptions options) {
        Map<String, Object> content = new LinkedHashMap<>();
        for (String type : types) {
            boolean isJson = type.equals(Response.JSON);
            Map<String, Object> media = object("schema", isJson ? served.requestSchema()
                    : object("type", "string", "format", "binary", "maxLength", options.maxBody, "description",
                            "A picture of at most " + ServedImages.MOST_PIXELS + " pixels."));
            if (isJson) {
                served.example().ifPresent(example -> media.put("example", example));
            }
            content.put(type, media);
        }
        return content;
    }

    private OpenApi() {}
}
