package beras.serve;

import static beras.serve.Json.object;

import beras.data.table.TableColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.feed.Prediction;
import beras.models.Model;
import beras.saving.Predictor;
import beras.tensor.Tensor;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A model of a table: rows are objects of values by column. */
final class ServedTable extends Served {

    private static final String ROWS = "rows";
    private static final int FIRST_ROWS = 16;

    private final TablePreprocessor preprocessor;
    private final TableSchema schema;
    private final Map<String, TableColumn> columns = new LinkedHashMap<>(); // that are used

    ServedTable(Model model, TablePreprocessor preprocessor, int maxRows) {
        super(model, maxRows);
        this.preprocessor = preprocessor;
        this.schema = preprocessor.schema();
        for (TableColumn column : schema.columns()) {
            if (column.width() > 0) {
                columns.put(column.name(), column);
            }
        }
    }

    @Override
    List<Prediction> predict(Request request, WorkLimit limit) throws Refusal {
        return Json.read(request.body(), json -> {
            Features features = new Features(limit);
            readAll(json, ROWS, (rows, index) -> {
                Map<String, Object> row = row(rows);
                try {
                    features.add(row);
                } catch (IllegalArgumentException e) {
                    throw Refusal.bad("$." + ROWS + "[" + index + "]: " + e.getMessage());
                }
                features.predictIfFull();
            });
            features.predict();
            return features.predictions;
        });
    }

    /** What the model takes of some rows, which it predicts when there are as many as may be at a time. */
    private final class Features {

        private final List<Prediction> predictions = new ArrayList<>();
        private final int width = schema.width();
        private final int most = Predictor.batchSize(preprocessor.inputShape());
        private float[] values = new float[Math.min(FIRST_ROWS, most) * width];
        private final WorkLimit limit;
        private int rows;

        Features(WorkLimit limit) {
            this.limit = limit;
        }

        void add(Map<String, Object> row) {
            if ((rows + 1) * width > values.length) {
                values = Arrays.copyOf(values, Math.min(2 * rows, most) * width);
            }
            preprocessor.encode(row, values, rows * width);
            rows++;
        }

        void predictIfFull() throws Refusal {
            if (rows == most) {
                predict();
            }
        }

        void predict() throws Refusal {
            if (rows > 0) {
                Tensor inputs = Tensor.wrap(values, values.length / width, width).slice(0, rows);
                predictions.addAll(ServedTable.this.predict(inputs, limit));
                rows = 0;
            }
        }
    }

    @Override
    List<Prediction> decode(Tensor outputs) throws Refusal {
        try {
            return preprocessor.decodeAll(outputs);
        } catch (IllegalArgumentException e) {
            throw Refusal.bad("Expected rows like those that were trained on. " + e.getMessage());
        }
    }

    /** The values of the columns that are used; others are passed over. */
    private Map<String, Object> row(Json json) throws IOException, Refusal {
        json.require(JsonToken.BEGIN_OBJECT, "an object with a value for each column");
        JsonReader reader = json.reader();
        Map<String, Object> row = new HashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            TableColumn column = columns.get(reader.nextName());
            if (column == null) {
                reader.skipValue();
            } else if (row.containsKey(column.name())) {
                throw json.wrong("each column once", "it a second time");
            } else {
                row.put(column.name(), value(json, column));
            }
        }
        reader.endObject();
        return row;
    }

    /** A number is one where the column is of numbers, whatever stands for a decimal point in its texts. */
    private static Object value(Json json, TableColumn column) throws IOException, Refusal {
        JsonReader reader = json.reader();
        switch (reader.peek()) {
            case NULL -> {
                reader.nextNull();
                return null;
            }
            case NUMBER -> {
                if (column.isNumeric()) {
                    return reader.nextDouble();
                }
                return reader.nextString();
            }
            case STRING -> {
                return reader.nextString();
            }
            case BOOLEAN -> {
                return Boolean.toString(reader.nextBoolean());
            }
            default -> throw json.unexpected("a number, a text, true, false or null");
        }
    }

    @Override
    List<String> types() {
        return List.of(Response.JSON);
    }

    @Override
    List<String> labels() {
        return schema.target().labels();
    }

    @Override
    String render(Prediction prediction) {
        return schema.target().render(prediction);
    }

    @Override
    Map<String, Object> description() {
        List<Object> described = new ArrayList<>();
        columns.values().forEach(column -> described.add(description(column)));
        return object("kind", "table", "target", schema.target().name(), "labels", labels(), "columns", described);
    }

    private static Map<String, Object> description(TableColumn column) {
        Map<String, Object> fields = object("name", column.name(), "type", column.type().name().toLowerCase(Locale.ROOT));
        fields.putAll(column.config().with("note", null).values()); // which may quote a cell
        return fields;
    }

    @Override
    Map<String, Object> requestSchema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        columns.values().forEach(column -> properties.put(column.name(), schema(column)));
        return object("type", "object", "required", List.of(ROWS), "additionalProperties", false, "properties",
                object(ROWS, object("type", "array", "maxItems", maxRows(), "items", object("type", "object",
                        "required", List.copyOf(columns.keySet()), "properties", properties))));
    }

    private static Map<String, Object> schema(TableColumn column) {
        TableColumn.Input input = column.input();
        List<String> types = Stream.concat(input.kinds().stream().sorted().map(ServedTable::jsonType), Stream.of("null")).distinct()
                .toList();
        Map<String, Object> schema = object("type", types, "description", (input.help() + " null is a missing value.").strip());
        if (!input.examples().isEmpty()) {
            schema.put("examples", input.examples());
        }
        return schema;
    }

    private static String jsonType(TableColumn.Input.Kind kind) {
        return switch (kind) {
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case TEXT, DATE -> "string";
        };
    }
}
