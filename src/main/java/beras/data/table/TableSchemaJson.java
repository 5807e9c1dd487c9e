package beras.data.table;

import beras.data.rows.CsvRows;
import beras.files.FileFailure;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A {@link TableSchema} as JSON.
 *
 * <pre>
 *   {"version": 1, "rows": 800,
 *    "target": {"name": "species", "labels": ["cat", "dog"], "counts": [300, 500]},
 *    "columns": [{"type": "NUMERIC", "name": "age", "missing": 3, "note": "", "mean": 4.5, "deviation": 2.25,
 *                 "least": 0, "most": 19},
 *                {"type": "CATEGORY", "name": "colour", "missing": 0, "note": "", "values": ["black", "white"], "others": 7},
 *                {"type": "DATE", "name": "day", "missing": 0, "note": "", "monthFirst": true, "parts": ["YEAR", "DAYS"],
 *                 "meanDays": 19753.5, "deviationDays": 210.2, "meanYear": 2023.6, "deviationYear": 0.5},
 *                {"type": "IGNORED", "name": "planet", "missing": 0, "note": "all values are \"Earth\""}]}
 * </pre>
 * The target of a regression has {@code mean} and {@code deviation} in place of labels and counts. Numbers whose decimals come after
 * a comma have {@code "decimalMark": ","} besides, a schema with marks of missing values of its own {@code "missing": ["-999"]}.
 */
final class TableSchemaJson {

    static final int VERSION = 1;

    private static final String DECIMAL_MARK = "decimalMark";
    private static final String LEAST = "least";
    private static final String MOST = "most";
    private static final String MISSING = "missing";
    private static final String MISSING_ONLY = "missing_only"; // in place of the usual marks
    private static final String EXPECTED = "Expected the JSON of a table's schema, ";

    static String write(TableSchema schema) {
        JsonObject json = new JsonObject();
        json.addProperty("version", VERSION);
        json.addProperty("rows", schema.rows());
        json.add("target", target(schema.target()));
        JsonArray columns = new JsonArray();
        schema.columns().forEach(column -> columns.add(column(column)));
        json.add("columns", columns);
        MissingMarks marks = schema.missing();
        if (!marks.equals(MissingMarks.USUAL)) {
            json.add(marks.hasUsual() ? MISSING : MISSING_ONLY, array(List.copyOf(marks.others()), JsonPrimitive::new));
        }
        return json.toString();
    }

    private static JsonObject target(TableTarget target) {
        JsonObject json = new JsonObject();
        json.addProperty("name", target.name());
        if (target instanceof TableTarget.Labels labels) {
            json.add("labels", array(labels.labels(), JsonPrimitive::new));
            json.add("counts", array(labels.counts(), JsonPrimitive::new));
        } else if (target instanceof TableTarget.Amount amount) {
            json.addProperty("mean", amount.mean());
            json.addProperty("deviation", amount.deviation());
            addComma(amount.decimalComma(), json);
        }
        return json;
    }

    private static JsonObject column(TableColumn column) {
        JsonObject json = new JsonObject();
        json.addProperty("type", column.type().name());
        json.addProperty("name", column.name());
        json.addProperty("missing", column.missing());
        json.addProperty("note", column.note());
        if (column instanceof TableColumn.Numeric numeric) {
            json.addProperty("mean", numeric.mean());
            json.addProperty("deviation", numeric.deviation());
            addLimit(LEAST, numeric.least(), json);
            addLimit(MOST, numeric.most(), json);
            addComma(numeric.decimalComma(), json);
        } else if (column instanceof TableColumn.Category category) {
            json.add("values", array(category.values(), JsonPrimitive::new));
            json.addProperty("others", category.others());
        } else if (column instanceof TableColumn.Date date) {
            json.addProperty("monthFirst", date.monthFirst());
            json.add("parts", array(date.parts(), part -> new JsonPrimitive(part.name())));
            json.addProperty("meanDays", date.meanDays());
            json.addProperty("deviationDays", date.deviationDays());
            json.addProperty("meanYear", date.meanYear());
            json.addProperty("deviationYear", date.deviationYear());
        }
        return json;
    }

    /** Numbers without a limit need no word of it, and had none before there were limits. */
    private static void addLimit(String name, double limit, JsonObject json) {
        if (Double.isFinite(limit)) {
            json.addProperty(name, limit);
        }
    }

    private static double limit(JsonObject json, String name, double none) {
        return json.has(name) ? number(json, name) : none;
    }

    /** Numbers with a point need no word of it, and had none before there were others. */
    private static void addComma(boolean decimalComma, JsonObject json) {
        if (decimalComma) {
            json.addProperty(DECIMAL_MARK, ",");
        }
    }

    private static boolean hasComma(JsonObject json) {
        if (!json.has(DECIMAL_MARK)) {
            return false;
        }
        if (!text(json, DECIMAL_MARK).equals(",")) {
            throw wrong(DECIMAL_MARK, "a comma", json.get(DECIMAL_MARK));
        }
        return true;
    }

    private static <T> JsonArray array(List<T> values, Function<T, JsonPrimitive> element) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(element.apply(value)));
        return array;
    }

    static TableSchema read(String text) {
        JsonObject json;
        try {
            json = object(JsonParser.parseString(text), "the whole");
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(EXPECTED + "which is an object. Received: no JSON (" + FileFailure.ofJson(e) + ")", e);
        }
        long version = whole(json, "version");
        if (version != VERSION) {
            throw new IllegalArgumentException(EXPECTED + "of version " + VERSION
                    + ", which this BERAS reads. Received: version "
                    + version + (version > VERSION ? ". Upgrade BERAS to read it" : ""));
        }
        List<TableColumn> columns = new ArrayList<>();
        for (JsonElement column : list(json, "columns")) {
            columns.add(readColumn(object(column, "a column")));
        }
        return new TableSchema(readTarget(object(member(json, "target"), "the target")), columns, whole(json, "rows"),
                marks(json));
    }

    private static MissingMarks marks(JsonObject json) {
        MissingMarks marks = json.has(MISSING_ONLY) ? MissingMarks.only(Set.copyOf(texts(json, MISSING_ONLY)))
                : MissingMarks.USUAL;
        return json.has(MISSING) ? marks.and(Set.copyOf(texts(json, MISSING))) : marks;
    }

    private static TableTarget readTarget(JsonObject json) {
        String name = text(json, "name");
        return json.has("labels")
                ? new TableTarget.Labels(name, texts(json, "labels"), wholes(json, "counts"))
                : new TableTarget.Amount(name, number(json, "mean"), number(json, "deviation"), hasComma(json));
    }

    private static TableColumn readColumn(JsonObject json) {
        String name = text(json, "name");
        long missing = whole(json, "missing");
        String note = text(json, "note");
        String type = text(json, "type");
        return switch (type) {
            case "NUMERIC" -> new TableColumn.Numeric(name, missing, note, number(json, "mean"), number(json, "deviation"),
                    hasComma(json), limit(json, LEAST, Double.NEGATIVE_INFINITY), limit(json, MOST, Double.POSITIVE_INFINITY));
            case "CATEGORY" -> new TableColumn.Category(name, missing, note, texts(json, "values"), whole(json, "others"));
            case "DATE" -> new TableColumn.Date(name, missing, note, flag(json, "monthFirst"),
                    TableConfig.parts(texts(json, "parts")),
                    number(json, "meanDays"), number(json, "deviationDays"), number(json, "meanYear"),
                    number(json, "deviationYear"));
            case "IGNORED" -> new TableColumn.Ignored(name, missing, note);
            default -> throw new IllegalArgumentException(EXPECTED
                    + "with columns of type NUMERIC, CATEGORY, DATE or IGNORED. Received: "
                    + type);
        };
    }

    private static JsonElement member(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException(EXPECTED + "with \"" + name + "\" here. Received: "
                    + CsvRows.shown(json.toString()));
        }
        return value;
    }

    private static JsonObject object(JsonElement json, String what) {
        if (!json.isJsonObject()) {
            throw wrong(what, "an object", json);
        }
        return json.getAsJsonObject();
    }

    private static JsonArray list(JsonObject json, String name) {
        JsonElement value = member(json, name);
        if (!value.isJsonArray()) {
            throw wrong(name, "a list", value);
        }
        return value.getAsJsonArray();
    }

    private static String text(JsonObject json, String name) {
        return text(member(json, name), name);
    }

    private static String text(JsonElement value, String name) {
        if (!(value instanceof JsonPrimitive primitive && primitive.isString())) {
            throw wrong(name, "a text", value);
        }
        return value.getAsString();
    }

    private static double number(JsonObject json, String name) {
        return number(member(json, name), name);
    }

    private static double number(JsonElement value, String name) {
        if (!(value instanceof JsonPrimitive primitive && primitive.isNumber())) {
            throw wrong(name, "a number", value);
        }
        return value.getAsDouble();
    }

    private static boolean flag(JsonObject json, String name) {
        JsonElement value = member(json, name);
        if (!(value instanceof JsonPrimitive primitive && primitive.isBoolean())) {
            throw wrong(name, "true or false", value);
        }
        return value.getAsBoolean();
    }

    private static long whole(JsonObject json, String name) {
        return whole(member(json, name), name);
    }

    private static long whole(JsonElement value, String name) {
        double number = number(value, name);
        if (number != Math.rint(number) || Math.abs(number) >= 1L << 53) {
            throw wrong(name, "a whole number", value);
        }
        return (long) number;
    }

    private static List<String> texts(JsonObject json, String name) {
        List<String> texts = new ArrayList<>();
        list(json, name).forEach(value -> texts.add(text(value, name)));
        return texts;
    }

    private static List<Long> wholes(JsonObject json, String name) {
        List<Long> wholes = new ArrayList<>();
        list(json, name).forEach(value -> wholes.add(whole(value, name)));
        return wholes;
    }

    private static IllegalArgumentException wrong(String name, String expected, JsonElement received) {
        return new IllegalArgumentException(EXPECTED + "in which " + name + " is " + expected + ". Received: "
                + CsvRows.shown(received.toString()));
    }

    private TableSchemaJson() {}
}
