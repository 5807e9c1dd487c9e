package beras.serve;

import static beras.serve.Json.object;

import beras.data.table.CellCounts;
import beras.data.table.NumericColumn;
import beras.data.table.TableColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.prediction.ConformalSets;
import beras.prediction.Prediction;
import beras.prediction.PredictionFields;
import beras.saving.InputBuffer;
import beras.saving.Predictor;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpStatus;

/** A model of a table: rows are objects of values by column. */
final class ServedTable extends Served {

    private static final String ROWS = "rows";
    /** An error lists no more of a row's keys that are no columns. */
    private static final int MOST_OTHER_KEYS = 50;
    private static final MathContext EXAMPLE_DIGITS = new MathContext(4);

    private final TablePreprocessor preprocessor;
    private final TableSchema schema;
    private final Map<String, TableColumn> columns = new LinkedHashMap<>(); // that are used

    /** @param sets the intervals or sets of the answers; empty: none */
    ServedTable(Predictor predictor, TablePreprocessor preprocessor, int maxRows, Optional<ConformalSets> sets) {
        super(predictor, new PredictionFields(preprocessor.schema().target()::render, sets), maxRows, ROWS, List.of(Response.JSON),
                preprocessor.schema().target().labels());
        this.preprocessor = preprocessor;
        this.schema = preprocessor.schema();
        for (TableColumn column : schema.columns()) {
            if (column.width() > 0) {
                columns.put(column.name(), column);
            }
        }
    }

    @Override
    Predictions predict(Request request, WorkLimit limit) throws Refusal {
        return Json.read(request.body(), json -> {
            CellCounts counts = new CellCounts(schema);
            InputBuffer inputs = new InputBuffer(preprocessor.inputShape());
            List<Prediction> predictions = new ArrayList<>();
            readAll(json, (rows, index) -> {
                encode(row(rows), index, inputs, counts);
                inputs.add();
                if (inputs.isFull()) {
                    predictions.addAll(predict(inputs.take(), limit));
                }
            });
            predictions.addAll(predict(inputs.take(), limit));
            return new Predictions(predictions, Optional.of(counts));
        });
    }

    /** Refuses a row with all columns that are wrong in it, so that whoever filled in a form finds each of them. */
    private void encode(Map<String, Object> row, int index, InputBuffer inputs, CellCounts counts) throws Refusal {
        List<Map<String, Object>> errors = new ArrayList<>();
        preprocessor.encode(row, inputs.array(), inputs.at(), counts,
                (column, problem) -> errors.add(object("row", index, "column", column, "detail", problem.getMessage())));
        if (!errors.isEmpty()) {
            throw new Refusal(HttpStatus.SC_BAD_REQUEST, "$." + ROWS + "[" + index + "]: " + errors.get(0).get("detail"), Map.of(), errors);
        }
    }

    /** The values of the columns that are used, and the other keys without theirs. */
    private Map<String, Object> row(Json json) throws IOException, Refusal {
        json.require(JsonToken.BEGIN_OBJECT, "an object with a value for each column");
        JsonReader reader = json.reader;
        Map<String, Object> row = new HashMap<>();
        int others = 0;
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            TableColumn column = columns.get(name);
            if (column == null) {
                reader.skipValue();
                if (others++ < MOST_OTHER_KEYS) {
                    row.put(name, null);
                }
            } else if (row.containsKey(column.name())) {
                throw json.wrong("each column once", "it a second time");
            } else {
                row.put(column.name(), value(json, column));
            }
        }
        reader.endObject();
        return row;
    }

    /** A number is one where the column is of numbers, whatever stands for a decimal point in its texts; else its text as in a file. */
    private static Object value(Json json, TableColumn column) throws IOException, Refusal {
        JsonReader reader = json.reader;
        return switch (reader.peek()) {
            case NULL -> {
                reader.nextNull();
                yield null;
            }
            case NUMBER -> column.isNumeric() ? (Object) reader.nextDouble() : reader.nextString();
            case STRING -> reader.nextString();
            case BOOLEAN -> Boolean.toString(reader.nextBoolean());
            default -> throw json.unexpected("a number, a text, true, false or null");
        };
    }

    @Override
    Map<String, Object> description() {
        List<Object> described = new ArrayList<>();
        columns.values().forEach(column -> described.add(description(column)));
        Map<String, Object> fields = object("kind", "table", "target", schema.target().name(), "labels", labels, "columns", described);
        form.sets().ifPresent(each -> fields.put("interval", each.coverage()));
        return fields;
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
                object(ROWS, object("type", "array", "maxItems", maxRows, "items", object("type", "object",
                        "description", "A column that is left out is missing; then no key may be one that is no column.",
                        "minProperties", 1, "properties", properties))));
    }

    @Override
    Optional<Object> example() {
        Map<String, Object> row = new LinkedHashMap<>();
        columns.values().forEach(column -> row.put(column.name(), example(column)));
        return Optional.of(object(ROWS, List.of(row)));
    }

    /** A value from the training data; null, a missing one, if there is none. */
    private static Object example(TableColumn column) {
        if (column instanceof NumericColumn numbers) {
            double number = new BigDecimal(numbers.center()).round(EXAMPLE_DIGITS).doubleValue();
            return number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE ? (Object) (int) number : (Object) number;
        }
        List<String> examples = column.input().examples();
        return examples.isEmpty() ? null : examples.get(0);
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
