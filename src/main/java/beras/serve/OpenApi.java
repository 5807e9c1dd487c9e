package beras.serve;

import static beras.serve.Json.object;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The description of all routes for programs, in OpenAPI 3.1. */
final class OpenApi {

    static Map<String, Object> of(Served served, ServerOptions options) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (Served.Operation each : served.operations()) {
            paths.put("/" + each.name(), object("post", operation(each.name(), each.summary(), each.description(),
                    body(served, each.types(), options), each.schema())));
        }
        paths.put("/model", object("get", operation("model", "Tell what the model takes and predicts", "", null, object("type",
                "object"))));
        paths.put("/healthz", object("get", operation("healthz", "Tell whether the server is up", "", null, object("type", "object"))));
        paths.put("/metrics", object("get", object("operationId", "metrics", "summary", "Tell what the server counts",
                "responses", object("200", object("description", "Prometheus's text format", "content",
                        object("text/plain", object("schema", object("type", "string"))))))));
        return object("openapi", "3.1.0", "info", object("title", "BERAS", "version", "1", "description",
                "Predictions of one model. Requests have at most " + options.maxRows + " rows or images and "
                        + size(options.maxBody) + ", must come within " + options.maxWait.toSeconds() + " s, and are worked on for as long at most."),
                "paths", paths, "components", object("schemas", object("Prediction", prediction(served), "Problem", PROBLEM)));
    }

    private static String size(int bytes) {
        boolean isSmall = bytes < 1 << 20;
        return new BigDecimal(bytes / (isSmall ? 0x1p10 : 0x1p20)).round(new MathContext(3)).stripTrailingZeros().toPlainString()
                + (isSmall ? " kB" : " MB");
    }

    private static final Map<String, Object> PROBLEM = object("type", "object", "description",
            "What was expected and received, as RFC 9457 has it.", "properties", object("title", object("type", "string"), "status",
                    object("type", "integer"), "detail", object("type", "string"), "errors", object("type", "array",
                            "description",
                            "Of a table: all columns that are wrong in the first row that is.", "items", object("type", "object",
                                    "properties", object("row", object("type", "integer"), "column", object("type", "string"),
                                            "detail", object("type", "string"))))));

    private static Map<String, Object> prediction(Served served) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (served.labels().isEmpty()) {
            properties.put("prediction", object("type", "number"));
            properties.putAll(served.setSchemas());
            return object("type", "object", "required", List.copyOf(properties.keySet()), "properties", properties);
        }
        Map<String, Object> numbers = object("type", "object", "additionalProperties", object("type", "number"));
        properties.put("label", object("type", "string", "enum", served.labels()));
        served.bound().ifPresent(bound -> {
            List<String> labels = new ArrayList<>(served.labels());
            labels.add(null);
            properties.put("label", object("type", List.of("string", "null"), "enum", labels, "description", "Null for an example"
                    + " of none of the labels: the largest probability is below " + bound + "."));
        });
        properties.putAll(served.setSchemas());
        List<String> required = List.copyOf(properties.keySet());
        served.bound().ifPresent(bound -> properties.put("closest", object("type", "string", "enum", served.labels(),
                "description", "The most likely label, there if label is null.")));
        properties.put("probabilities", numbers);
        properties.put("scores", numbers);
        return object("type", "object", "required", required, "properties", properties, "description",
                "A model whose scores of the labels are no probabilities, such as logits, gives scores in place of probabilities.");
    }

    private static Map<String, Object> body(Served served, List<String> types, ServerOptions options) {
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
        return object("required", true, "content", content);
    }

    /** @param body null: there is to be none */
    private static Map<String, Object> operation(String id, String summary, String description, Map<String, Object> body,
            Map<String, Object> answer) {
        Map<String, Object> operation = object("operationId", id, "summary", summary, "description", description);
        if (body != null) {
            operation.put("requestBody", body);
        }
        operation.put("responses", object("200", object("description", "Done", "content", object(Response.JSON,
                object("schema", answer))), "4XX", object("description", "The request is wrong", "content",
                        object(Refusal.TYPE, object("schema", reference("Problem"))))));
        return operation;
    }

    static Map<String, Object> reference(String schema) {
        return object("$ref", "#/components/schemas/" + schema);
    }

    static Map<String, Object> array(String type) {
        return object("type", "array", "items", object("type", type));
    }

    private OpenApi() {}
}
