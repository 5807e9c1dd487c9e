package beras.fuzz;

import ai.onnxruntime.OrtException;
import beras.data.DataException;
import beras.data.table.CategoryColumn;
import beras.data.table.DateColumn;
import beras.data.table.NumericColumn;
import beras.data.table.Table;
import beras.data.table.TableColumn;
import beras.data.table.TableFile;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableTarget;
import beras.kernels.KernelSetup;
import beras.kernels.Threads;
import beras.prediction.Prediction;
import beras.saving.ModelFile;
import beras.saving.PortableFormat;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.saving.onnx.OnnxRun;
import beras.serve.ModelServer;
import beras.serve.ServerOptions;
import beras.tables.TableModel;
import beras.tables.TablePredictions;
import beras.tables.TableTraining;
import beras.tensor.Tensor;
import beras.training.DivergedException;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/**
 * Trains on a random table on one set-up and predicts its rows, in text that is the same on all; {@code compare}: whatever way
 * the rows come, they are predicted the same.
 */
public final class TableRun implements Function<Map<String, String>, String> {

    /** The beginning of what is given for a table that is refused. */
    static final String REFUSED = "refused: ";
    /** The beginning of what is given for one whose rows are not predicted the same in each way. */
    static final String DIFFERENT = "different: ";
    private static final float BOUND = 1e-5f; // of ONNX
    private static final int MOST_FEATURES = 400;
    private static final Gson JSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final List<String> names = new ArrayList<>();
    private final List<List<String>> cells = new ArrayList<>();
    private final StringJoiner different = new StringJoiner("\n", DIFFERENT, "").setEmptyValue("");
    private Draws draws;
    private Path folder;
    private byte[] bytes;
    private boolean isTyped;
    private TableModel model;
    private List<String> expected;

    @Override
    public String apply(Map<String, String> arguments) {
        Threads.set(Integer.parseInt(arguments.get("threads")));
        KernelSetup.shareAll(Boolean.parseBoolean(arguments.get("shareAll")));
        long seed = Long.parseLong(arguments.get("seed"));
        long number = Long.parseLong(arguments.get("number"));
        draws = new Draws(seed, "use of a table", number);
        folder = Path.of(arguments.get("folder"));
        RandomTable table = new RandomTable(seed, number);
        bytes = table.bytes();
        isTyped = table.isTyped();
        try {
            Path file = Files.write(folder.resolve("t.csv"), bytes);
            String trained;
            try {
                trained = train(file);
            } catch (DataException | DivergedException e) { // the latter where a target is 1e35 times as large as the others
                return REFUSED + e.getMessage();
            }
            if (arguments.get("task").equals("compare")) {
                compare(file);
            }
            return different.length() > 0 ? different.toString() : trained;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String train(Path file) throws IOException {
        try (Table rows = Table.open(TableFile.of(file))) {
            names.addAll(rows.columns());
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 0; i < names.size(); i++) {
                    row.add(rows.cell(i));
                }
                cells.add(row);
            }
        }
        String target = names.get(cells.isEmpty() ? 0 : RandomTable.likelyTarget(cells));
        int nets = draws.between(1, 2);
        int epochs = draws.between(1, 2);
        model = TableTraining.of(TableFile.of(file), target).layers("5:relu")
                .change(recipe -> recipe.ensemble(nets).epochs(epochs).batchSize(8).seed(7)).fit();
        expected = predicted(model, TableFile.of(file));
        return model.schema().config() + "\n" + ModelFile.weightsSha256(model.model()) + "\n" + String.join("\n", expected);
    }

    // ------------------------------------------------------------------------------------------------------- the ways

    private static List<String> predicted(TableModel model, TableFile file) throws IOException {
        List<String> predicted = new ArrayList<>();
        try (TablePredictions rows = model.predict(file)) {
            for (List<TablePredictions.Row> some = rows.next(); !some.isEmpty(); some = rows.next()) {
                some.forEach(row -> predicted.add(text(row.prediction())));
            }
        }
        return predicted;
    }

    private static String text(Prediction prediction) {
        return prediction.isLabel() ? prediction.label() + " " + prediction.scores() : Double.toString(prediction.value());
    }

    private void expect(String way, List<String> received) {
        if (!expected.equals(received)) {
            int row = 0;
            while (row < Math.min(expected.size(), received.size()) && expected.get(row).equals(received.get(row))) {
                row++;
            }
            different.add(way + ": " + received.size() + " of " + expected.size() + " rows, row " + row + ": "
                    + (row < cells.size() ? cells.get(row) : "") + (row < expected.size() ? ", from the file " + expected.get(row)
                    : "")
                    + (row < received.size() ? ", here " + received.get(row) : ""));
        }
    }

    private void compare(Path file) throws IOException {
        expect("a stream", predicted(model, TableFile.of(new ByteArrayInputStream(bytes), "stream")));
        expect("a copy of a stream", predicted(model, TableFile.of(new ByteArrayInputStream(bytes), "stream").rereadable()));
        TableFile kept = TableFile.of(file).keepRows();
        for (int times = 0; times < 2; times++) {
            expect("rows that are kept, time " + times, predicted(model, kept));
        }
        TableModel loaded = TableModel.of(ModelFile.fromBytes(ModelFile.toBytes(model.saved()), "m"));
        expect("the model from a file", predicted(loaded, TableFile.of(file)));
        if (isTyped && model.schema().columns().stream().anyMatch(TableColumn::decimalComma)) {
            return; // a number of JSON has a point, and the same text would be another number
        }
        for (Map.Entry<String, TableFile> written : writtenAgain().entrySet()) {
            try {
                expect("written again as " + written.getKey(), predicted(model, written.getValue()));
            } catch (DataException e) {
                different.add("written again as " + written.getKey() + ": " + e.getMessage());
            }
        }
        Predictor lenient = model.saved().predictor(new TablePreprocessor(model.schema()).lenient());
        expect("maps in memory", lenient.predictAll(maps()).stream().map(TableRun::text).toList());
        List<Object> lists = new ArrayList<>();
        for (Map<String, Object> row : maps()) {
            List<Object> values = new ArrayList<>();
            model.schema().columns().forEach(column -> values.add(row.get(column.name())));
            lists.add(values);
        }
        expect("lists in memory", lenient.predictAll(lists).stream().map(TableRun::text).toList());
        serve();
        if (model.schema().width() <= MOST_FEATURES && model.schema().columns().stream()
                .noneMatch(column -> isSubnormal(column) || hasSupplementary(column.name()))) {
            onnx();
        }
    }

    /** By the names of the columns that have features. */
    private List<Map<String, Object>> maps() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (List<String> row : cells) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                values.put(names.get(i), row.get(i));
            }
            rows.add(values);
        }
        return rows;
    }

    // ---------------------------------------------------------------------------------------------------- other dirt

    private Map<String, TableFile> writtenAgain() throws IOException {
        Map<String, TableFile> files = new LinkedHashMap<>();
        files.put("plain CSV", csv("plain.csv", ',', "\n", "", StandardCharsets.UTF_8, false));
        files.put("tabs, CRLF and a mark", csv("tabs.csv", '\t', "\r\n", "\uFEFF", StandardCharsets.UTF_8, false));
        files.put("semicolons in UTF-16", csv("wide.csv", ';', "\r\n", "\uFEFF", StandardCharsets.UTF_16LE, false));
        files.put("packed CSV", csv("packed.csv.gz", '|', "\n", "", StandardCharsets.UTF_8, true));
        StringBuilder lines = new StringBuilder();
        maps().forEach(row -> lines.append(JSON.toJson(row)).append('\n'));
        files.put("JSON lines", TableFile.of(Files.writeString(folder.resolve("rows.jsonl"), lines)));
        return files;
    }

    private TableFile csv(String name, char separator, String end, String mark, Charset encoding,
            boolean packed) throws IOException {
        StringBuilder text = new StringBuilder(mark);
        addCsv(names, separator, end, text);
        cells.forEach(row -> addCsv(row, separator, end, text));
        byte[] plain = text.toString().getBytes(encoding);
        if (packed) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(plain);
            }
            plain = out.toByteArray();
        }
        TableFile file = TableFile.of(Files.write(folder.resolve(name), plain));
        return file.separator(separator).headerLines(1).skipFooter(0).skipLines(0);
    }

    private static void addCsv(List<String> row, char separator, String end, StringBuilder text) {
        StringJoiner joined = new StringJoiner(Character.toString(separator), "", end);
        row.forEach(cell -> joined.add('"' + cell.replace("\"", "\"\"") + '"'));
        text.append(joined);
    }

    // --------------------------------------------------------------------------------------------------------- server

    /** Those rows that are not refused: a server takes no text for a number. */
    private void serve() throws IOException {
        TablePreprocessor strict = new TablePreprocessor(model.schema());
        List<Map<String, Object>> rows = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        List<Map<String, Object>> all = maps();
        for (int i = 0; i < all.size(); i++) {
            try {
                strict.encode(all.get(i), new float[model.schema().width()], 0);
                rows.add(all.get(i));
                wanted.add(expected.get(i));
            } catch (IllegalArgumentException e) {
                // Refused there as here.
            }
        }
        try (ModelServer server = ModelServer.start(model.saved(), new ServerOptions().port(0))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.address()).resolve("/predict"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.toJson(Map.of("rows", rows)))).build();
            HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                different.add("the server: " + answer.body());
                return;
            }
            int row = 0;
            for (JsonElement each : JsonParser.parseString(answer.body()).getAsJsonObject().getAsJsonArray("predictions")) {
                String received = served(each.getAsJsonObject());
                Prediction prediction = model.saved().predictor(strict).predict(rows.get(row));
                String said = prediction.isLabel() ? floats(prediction) : model.schema().target().render(prediction);
                if (!received.equals(said) || !text(prediction).equals(wanted.get(row))) {
                    different.add("the server: " + received + " instead of " + wanted.get(row) + " for " + rows.get(row));
                    return;
                }
                row++;
            }
            if (row != rows.size()) {
                different.add("the server: " + row + " rows of " + rows.size());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String served(JsonObject prediction) {
        if (prediction.has("prediction")) {
            return prediction.get("prediction").getAsString();
        }
        StringJoiner text = new StringJoiner(" ");
        text.add(prediction.get("label").getAsString());
        prediction.getAsJsonObject(prediction.has("probabilities") ? "probabilities" : "scores").entrySet()
                .forEach(each -> text.add(each.getKey() + "=" + each.getValue().getAsFloat()));
        return text.toString();
    }

    private static String floats(Prediction prediction) {
        StringJoiner text = new StringJoiner(" ");
        text.add(prediction.label());
        prediction.scores().forEach((label, score) -> text.add(label + "=" + score.floatValue()));
        return text.toString();
    }

    // ----------------------------------------------------------------------------------------------------------- ONNX

    /** Whether a column was learned from numbers so near to 0 that ONNX Runtime takes them for 0; ONNX's own evaluator does not.
     * */
    private static boolean isSubnormal(TableColumn column) {
        return column.config().values().values().stream().anyMatch(value -> value instanceof Number number
                && number.doubleValue() != 0 && Math.abs(number.doubleValue()) < Double.MIN_NORMAL);
    }

    /** Of values that have a type, as a graph reads no text. */
    private void onnx() throws IOException {
        SavedModel saved = model.saved();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PortableFormat.of(Path.of("m.onnx")).write(saved, out);
        } catch (IllegalArgumentException e) {
            if (!e.getMessage().contains("column")) {
                different.add("ONNX is refused without the column: " + e.getMessage());
            }
            return;
        }
        List<Map<String, Object>> typed = new ArrayList<>();
        for (List<String> row : cells) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (TableColumn column : model.schema().columns()) {
                values.put(column.name(), typed(column, row.get(names.indexOf(column.name()))));
            }
            typed.add(values);
        }
        List<Prediction> wanted = saved.predictor().predictAll(typed);
        try (OnnxRun run = new OnnxRun(out.toByteArray())) {
            List<Object> inputs = new ArrayList<>();
            for (String name : run.inputs()) {
                inputs.add(column(name, typed));
            }
            Map<String, Object> outputs = run.run(inputs);
            for (int row = 0; row < wanted.size(); row++) {
                double[] received = outputs.containsKey("prediction") ? ((double[][]) outputs.get("prediction"))[row]
                        : doubles((Tensor) outputs.get("probabilities"), row);
                double[] here = wanted.get(row).isLabel()
                        ? wanted.get(row).scores().values().stream().mapToDouble(each -> each).toArray()
                        : new double[] {wanted.get(row).value()};
                double bound = BOUND * (model.schema().target() instanceof TableTarget.Regression regression
                        ? Math.max(regression.deviation(), Math.abs(here[0])) : 1);
                for (int i = 0; i < here.length; i++) {
                    if (here.length != received.length || !(Math.abs(here[i] - received[i]) <= bound)) {
                        different.add("ONNX: " + Arrays.toString(received) + " instead of " + Arrays.toString(here) + " for "
                                + typed.get(row));
                        return;
                    }
                }
            }
        } catch (OrtException e) {
            different.add("ONNX Runtime: " + e.getMessage());
        }
    }

    private static double[] doubles(Tensor probabilities, int row) {
        double[] doubles = new double[probabilities.dim(1)];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = probabilities.get(row, i);
        }
        return doubles;
    }

    /** A value of a column as a graph takes it and a row in memory, too. */
    private Object typed(TableColumn column, String cell) {
        if (column instanceof NumericColumn) {
            try {
                double number = Double.parseDouble(cell);
                return Math.abs(number) <= Float.MAX_VALUE ? number : null;
            } catch (NumberFormatException e) {
                return draws.oneIn(3) ? null : (Object) (double) draws.between(-1000, 1000);
            }
        }
        if (column instanceof DateColumn) {
            return draws.oneIn(4) ? null : LocalDate.EPOCH.plusDays(draws.between(-30_000, 60_000)).atTime(draws.below(24),
                    draws.below(60));
        }
        if (column instanceof CategoryColumn) {
            String value = draws.oneIn(5) ? "" : draws.oneIn(5) ? "not listed" : draws.one(column.config().texts("values"));
            return hasSupplementary(value) ? "" : value;
        }
        return cell;
    }

    /** Java hands ONNX Runtime modified UTF-8, in which characters outside of the first plane are others. */
    private static boolean hasSupplementary(String text) {
        return text.codePoints().anyMatch(Character::isSupplementaryCodePoint);
    }

    private static Object column(String name, List<Map<String, Object>> rows) {
        List<Object> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.get(name)));
        if (values.stream().anyMatch(String.class::isInstance)) {
            return values.stream().map(String.class::cast).toArray(String[]::new);
        }
        return values.stream().mapToDouble(value -> value == null ? Double.NaN : value instanceof LocalDateTime when
                ? ChronoUnit.MINUTES.between(LocalDate.EPOCH.atStartOfDay(), when) / 1440.0 : (double) value).toArray();
    }
}
