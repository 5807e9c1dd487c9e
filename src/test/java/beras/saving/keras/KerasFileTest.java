package beras.saving.keras;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.table.Workbooks;
import beras.feed.Batch;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.BinaryCrossEntropy;
import beras.metrics.Metric;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.saving.FormatSupport;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.PortableFormat;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import beras.training.Objective;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that the real Keras saved, see the README beside them. */
@Tag("saving")
class KerasFileTest {

    private static final Path FOLDER = Path.of("src/test/resources/keras");
    private static final String CONFIG = "config.json";
    private static final double TOLERANCE = 1e-5;
    /** Where to leave what is written, for Keras's own check. */
    private static final String OUT = System.getProperty("beras.keras.out");

    private static Model load(String name) throws IOException {
        return ModelFile.load(FOLDER.resolve(name + ".keras")).model();
    }

    private static JsonObject expected(String name) throws IOException {
        return JsonParser.parseString(Files.readString(FOLDER.resolve(name + ".json"))).getAsJsonObject();
    }

    private static List<Tensor> tensors(JsonElement list) {
        List<Tensor> tensors = new ArrayList<>();
        for (JsonElement each : list.getAsJsonArray()) {
            tensors.add(tensor(each.getAsJsonObject()));
        }
        return tensors;
    }

    private static Tensor tensor(JsonObject json) {
        JsonArray data = json.getAsJsonArray("data");
        float[] values = new float[data.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = data.get(i).getAsFloat();
        }
        int[] shape = json.getAsJsonArray("shape").asList().stream().mapToInt(JsonElement::getAsInt).toArray();
        return Tensor.wrap(values, shape);
    }

    private static void assertClose(List<Tensor> expected, List<Tensor> received) {
        assertEquals(expected.size(), received.size());
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(received.get(i).allClose(expected.get(i), TOLERANCE, TOLERANCE),
                    i + ": " + expected.get(i) + " but " + received.get(i));
        }
    }

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")).sorted()
                    .map(name -> name.substring(0, name.lastIndexOf('.'))).toList();
        }
    }

    static List<String> trained() throws IOException {
        List<String> names = new ArrayList<>(names());
        for (String name : names()) {
            JsonElement train = expected(name).get("train");
            if (train == null || train.isJsonNull()) {
                names.remove(name);
            }
        }
        return names;
    }

    /** All but one with an activation that Keras has only as an operation. */
    static List<String> written() throws IOException {
        return names().stream().filter(name -> !name.equals("operations")).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void predictsAsKeras(String name) throws IOException {
        JsonObject json = expected(name);
        assertClose(tensors(json.get("outputs")), load(name).predict(tensors(json.get("inputs"))));
    }

    @ParameterizedTest
    @MethodSource("trained")
    void goesOnTrainingAsKeras(String name) throws IOException {
        JsonObject json = expected(name);
        JsonObject train = json.getAsJsonObject("train");
        Model model = load(name);
        for (int step = 0; step < train.getAsJsonArray("steps").size(); step++) {
            double loss = model.trainOnBatch(batch(train.getAsJsonArray("steps").get(step).getAsJsonObject())).loss();
            assertEquals(train.getAsJsonArray("losses").get(step).getAsDouble(), loss, TOLERANCE);
        }
        assertClose(tensors(train.get("outputs")), model.predict(tensors(json.get("inputs"))));
        List<Tensor> weights = new ArrayList<>(model.weights());
        List<Tensor> wanted = new ArrayList<>();
        for (JsonElement each : train.getAsJsonArray("weights")) {
            if (!each.getAsJsonObject().get("dtype").getAsString().equals("int32")) { // how many a Normalization learnt from
                wanted.add(tensor(each.getAsJsonObject()));
            }
        }
        assertEquals(wanted.size(), weights.size());
        for (Tensor each : wanted) { // the order of branches may be another
            assertTrue(weights.removeIf(weight -> weight.size() == each.size()
                    && weight.reshape(each.shape().toArray()).allClose(each, TOLERANCE, TOLERANCE)),
                    () -> "no weight is " + each);
        }
    }

    @ParameterizedTest
    @MethodSource("written")
    void comesBackAsItWasWritten(String name, @TempDir Path folder) throws IOException {
        SavedModel first = ModelFile.load(FOLDER.resolve(name + ".keras"));
        Path out = OUT == null ? folder.resolve(name + ".keras") : Path.of(OUT, name + ".keras");
        ModelFile.replace(first, out);
        SavedModel again = ModelFile.load(out);
        assertEquals(ModelFile.weightsSha256(first.model()), ModelFile.weightsSha256(again.model()));
        assertEquals(compiled(first.model()), compiled(again.model()));
        List<Tensor> inputs = tensors(expected(name).get("inputs"));
        assertEquals(first.model().predict(inputs), again.model().predict(inputs));
        JsonElement train = expected(name).get("train");
        if (train != null && !train.isJsonNull()) {
            assertEquals(trained(first.model(), train), trained(again.model(), train));
        }
    }

    private static List<Config> compiled(Model model) {
        List<Config> all = new ArrayList<>();
        model.optimizer().ifPresent(optimizer -> all.add(optimizer.config()));
        for (Objective objective : model.objectives()) {
            all.add(objective.loss().config().with("weight", objective.weight()));
            objective.metrics().forEach(metric -> all.add(metric.config()));
        }
        return all;
    }

    /** The hash of the weights after the steps. */
    private static String trained(Model model, JsonElement train) {
        for (JsonElement step : train.getAsJsonObject().getAsJsonArray("steps")) {
            model.trainOnBatch(batch(step.getAsJsonObject()));
        }
        return ModelFile.weightsSha256(model);
    }

    private static Batch batch(JsonObject step) {
        List<Tensor> targets = tensors(step.get("y")).stream().map(y -> y.rank() == 1 ? y.reshape(y.size(), 1) : y).toList();
        return new Batch(tensors(step.get("x")), targets, null);
    }

    // ------------------------------------------------------------------------------------------- what is refused

    private static void assertRefused(byte[] bytes, Path folder, String... parts) throws IOException {
        Path file = Files.write(folder.resolve("changed.keras"), bytes);
        String message = assertThrows(ModelFormatException.class, () -> ModelFile.load(file)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    private static byte[] withConfig(String name, UnaryOperator<String> change) throws IOException {
        Map<String, byte[]> entries = KerasBytes.entries(FOLDER.resolve(name + ".keras"));
        String before = new String(entries.get(CONFIG), StandardCharsets.UTF_8);
        String after = change.apply(before);
        assertFalse(after.equals(before), "nothing was changed");
        return KerasBytes.with(entries, CONFIG, after.getBytes(StandardCharsets.UTF_8));
    }

    /** Such as one that the program computes, which no layer here has. */
    @ParameterizedTest
    @CsvSource({"any_1, any_2, the argument mask of the call bidirectional#0", "logical_or_1, logical_or, the argument mask of the call global_average",
        "concatenate_4, any_1, an operation on tensors before the call y#0", "y, any_1, a call that is not there. Received: any_1#0"})
    void refusesMasksThatDoNotFollowFromTheLayers(String from, String to, String part, @TempDir Path folder) throws IOException {
        assertRefused(withConfig("mask_graph", json -> json.replace("[\"" + from + "\", 0, 0]", "[\"" + to + "\", 0, 0]")), folder, part);
    }

    @Test
    void refusesAnEntryThatIsThereTwice(@TempDir Path folder) throws IOException {
        Map<String, byte[]> entries = KerasBytes.entries(FOLDER.resolve("mlp_adam.keras"));
        byte[] twice = KerasBytes.with(entries, "confih.json", entries.get(CONFIG));
        byte[] name = "confih.json".getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at <= twice.length - name.length; at++) {
            if (Arrays.equals(twice, at, at + name.length, name, 0, name.length)) {
                twice[at + 5] = 'g';
            }
        }
        assertRefused(twice, folder, "two entries of one name. Received: config.json");
    }

    @Test
    void refusesABombBeforeItGrows(@TempDir Path folder) throws IOException {
        assertRefused(Workbooks.zipOf(Map.of(CONFIG, new byte[1 << 25])), folder, "config.json may grow to 100 times the file");
    }

    @Test
    void readsDeflatedEntriesAsKerasDoes(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("deflated.keras"), Workbooks.zipOf(KerasBytes.entries(FOLDER.resolve("nested.keras"))));
        assertEquals(ModelFile.weightsSha256(load("nested")), ModelFile.weightsSha256(ModelFile.load(file).model()));
    }

    @Test
    void refusesAMissingEntryAndAChangedOne(@TempDir Path folder) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(KerasBytes.entries(FOLDER.resolve("mlp_adam.keras")));
        byte[] changed = Files.readAllBytes(FOLDER.resolve("mlp_adam.keras"));
        changed[changed.length / 2]++;
        assertRefused(changed, folder, "damaged at the entry model.weights.h5: invalid entry CRC");
        entries.remove("model.weights.h5");
        assertRefused(KerasBytes.with(entries, CONFIG, entries.get(CONFIG)), folder, "has a model.weights.h5");
    }

    @Test
    void refusesJsonThatIsTooDeepOrNone(@TempDir Path folder) throws IOException {
        assertRefused(withConfig("mlp_adam", json -> "[".repeat(100_000) + "]".repeat(100_000)), folder, "Nesting limit");
        assertRefused(withConfig("mlp_adam", json -> "[]"), folder, ": config.json is not the JSON of a model");
        assertRefused(withConfig("mlp_adam", json -> "{}"), folder, "config.json has no \"class_name\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "mlp_adam | \"units\": 16 | \"units\": 90000000 | bytes of weights",
        "nested | [\"dense_4\", 0, 0] | [\"encoder\", 0, 0] | need each other",
        "nested | [\"encoder\", 0, 0] | [\"encoder\", 0, 1] | the first output, 0, as a layer has one output. Received: [\"encoder\",0,1]",
        "cnn | \"axis\": -1 | \"axis\": 1 | BatchNormalization along another axis than the last. Received: 1",
        "operations | \"class_name\": \"Gelu\", \"config\": {\"name\": \"gelu\", \"approximate\": true}, \"registered_name\": \"Gelu\" | "
            + "\"class_name\": \"Average\", \"config\": {\"name\": \"gelu\"}, \"registered_name\": \"Average\" | "
            + "layer \"gelu\": the operation Average"}) // of one tensor along an axis, not of several
    void refusesWhatNoLayerHereIs(String name, String from, String to, String part, @TempDir Path folder) throws IOException {
        assertRefused(withConfig(name, json -> json.replace(from, to)), folder, part);
    }

    @Test
    void namesAllThatIsLackingAtOnce(@TempDir Path folder) throws IOException {
        assertRefused(withConfig("mlp_adam", json -> json.replace("\"relu\"", "\"sparsemax\"").replace("\"Zeros\"", "\"STFT\"")),
                folder, "layer \"dense\": activation sparsemax; layer \"dense\": bias_initializer STFT;"
                + " layer \"dense_1\": bias_initializer STFT");
    }

    /** What a training cannot have in BERAS keeps no one from predicting. */
    @ParameterizedTest
    @MethodSource("trainings")
    void readsForPredictionsWhatItCannotTrain(Map.Entry<UnaryOperator<String>, String> change, @TempDir Path folder)
            throws IOException {
        Path file = Files.write(folder.resolve("changed.keras"), withConfig("mlp_adam", change.getKey()));
        SavedModel saved = ModelFile.load(file);
        JsonObject json = expected("mlp_adam");
        assertClose(tensors(json.get("outputs")), saved.model().predict(tensors(json.get("inputs"))));
        assertTrue(saved.model().optimizer().isEmpty() && saved.recipe().isEmpty());
        assertEquals(List.of("How the model was compiled is left out: " + change.getValue()
                + ". It predicts; compile it to train or evaluate it"), saved.leftOut());
    }

    static List<Map.Entry<UnaryOperator<String>, String>> trainings() {
        String loss = "\"categorical_crossentropy\"";
        String object = "{\"module\": \"keras.losses\", \"class_name\": \"CategoricalCrossentropy\", \"config\": {\"reduction\": %s},"
                + " \"registered_name\": null}";
        String lacks = "config.json has what BERAS cannot make: ";
        return List.of(
                Map.entry(json -> json.replace(loss, object.formatted("\"sum\"")),
                        lacks + "loss CategoricalCrossentropy: reduction \"sum\""),
                Map.entry(json -> json.replace(loss, object.formatted("\"none\"")),
                        lacks + "loss CategoricalCrossentropy: reduction \"none\""),
                Map.entry(json -> json.replace(loss, object.formatted("null")),
                        lacks + "loss CategoricalCrossentropy: reduction null"),
                Map.entry(json -> json.replace(loss, "\"circle\"").replace("\"class_name\": \"Adam\"", "\"class_name\": \"Muon\"")
                        .replace("\"registered_name\": \"Adam\"", "\"registered_name\": \"Muon\""),
                        lacks + "optimizer Muon; loss circle"),
                Map.entry(json -> json.replace(loss, "{\"class_name\": \"__lambda__\", \"config\": {\"value\": [\"4wEA\", null]}}"),
                        lacks + "loss: __lambda__ is code and is never run"),
                Map.entry(json -> json.replace(loss, "{\"module\": \"builtins\", \"class_name\": \"function\", \"config\":"
                        + " \"my_loss\", \"registered_name\": \"function\"}"), lacks + "loss my_loss is code and is never run"),
                Map.entry(json -> json.replace(loss, "null"), "each output needs a loss. Received none for dense_1"),
                Map.entry(json -> json.replace(loss, "{\"other\": \"mse\"}"),
                        "each output needs a loss. Received none for dense_1"),
                Map.entry(json -> json.replace("\"amsgrad\": false", "\"amsgrad\": true"), "model.weights.h5: the optimizer Adam of"
                        + " 4 weights has 14 arrays in optimizer/vars. Received: 10"),
                Map.entry(json -> json.replaceFirst("(?s)\"compile_config\".*", "\"compile_config\": [1]}"),
                        "Not a JSON Object: [1]"));
    }

    /** What {@code compile} refuses. */
    @Test
    void readsForPredictionsWhatCannotLearn(@TempDir Path folder) throws IOException {
        Model model = new Sequential(1, new Input(3), new Dense(1, "sigmoid"));
        model.compile(Adam.keras(), new BinaryCrossEntropy());
        Path file = folder.resolve("m.keras");
        ModelFile.save(model, file);
        Map<String, byte[]> entries = KerasBytes.entries(file);
        String changed = new String(entries.get(CONFIG), StandardCharsets.UTF_8).replace("\"sigmoid\"", "\"softmax\"");
        Files.write(file, KerasBytes.with(entries, CONFIG, changed.getBytes(StandardCharsets.UTF_8)));
        SavedModel saved = ModelFile.load(file);
        assertEquals(Tensor.ones(2, 1), saved.model().predict(Tensor.ones(2, 3)));
        assertEquals(1, saved.leftOut().size());
        assertTrue(saved.leftOut().get(0).startsWith("How the model was compiled is left out: An output that is constant"
                + " cannot be trained, such as a softmax over one unit"), saved.leftOut()::toString);
    }

    @Test
    void aMetricThatItDoesNotKnowIsLeftOutAlone(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("changed.keras"), withConfig("mlp_adam", json -> json.replace("[\"accuracy\"]",
                "[\"accuracy\", \"mean_io_u\", {\"module\": \"builtins\", \"class_name\": \"function\", \"config\":"
                + " \"mean_absolute_error\", \"registered_name\": \"function\"}]")));
        SavedModel saved = ModelFile.load(file);
        assertEquals(List.of("A metric is left out: config.json has what BERAS cannot make: metric mean_io_u"), saved.leftOut());
        assertEquals(List.of("accuracy", "mean_absolute_error"),
                saved.model().objectives().get(0).metrics().stream().map(Metric::name).toList());
    }

    /** The area under curves is taken of probabilities here. */
    @Test
    void aMetricThatDoesNotFitTheLossIsLeftOutAlone(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("changed.keras"), withConfig("mlp_adam", json -> json.replace("[\"accuracy\"]",
                "[\"auc\", \"accuracy\"]").replace("\"categorical_crossentropy\"", "\"categorical_hinge\"")));
        SavedModel saved = ModelFile.load(file);
        assertTrue(saved.leftOut().get(0).startsWith("A metric is left out: The metric auc needs probabilities."),
                saved.leftOut()::toString);
        assertEquals(List.of("accuracy"), saved.model().objectives().get(0).metrics().stream().map(Metric::name).toList());
        assertEquals(1, saved.recipe().orElseThrow().objective(saved.model().outputShape()).metrics().size());
    }

    /** By either name. */
    @Test
    void theMeanIsTakenAsTheReductionItIs(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("changed.keras"), withConfig("mlp_adam", json -> json.replace(
                "\"categorical_crossentropy\"", "{\"module\": \"keras.losses\", \"class_name\": \"CategoricalCrossentropy\","
                + " \"config\": {\"reduction\": \"mean\"}, \"registered_name\": null}")));
        SavedModel saved = ModelFile.load(file);
        assertEquals(List.of(), saved.leftOut());
        JsonElement train = expected("mlp_adam").get("train");
        assertEquals(trained(load("mlp_adam"), train), trained(saved.model(), train));
    }

    @Test
    void tellsWhatWasLeftOutToWhoeverAsks(@TempDir Path folder) throws IOException {
        assertEquals(List.of(), ModelFile.load(FOLDER.resolve("mlp_adam.keras")).leftOut());
        Path file = Files.write(folder.resolve("changed.keras"),
                withConfig("mlp_adam", json -> json.replace("\"categorical_crossentropy\"", "\"di\\u0007ce\"")));
        PortableFormat.Imported read = PortableFormat.reading(file).read(file, Optional.empty());
        assertEquals(read.saved().leftOut(), read.report().lost());
        assertTrue(read.report().lost().get(0).contains("loss di\\u0007ce"), read.report()::toString);
    }

    @Test
    void refusesCodeInAnyPlaceOfALayer(@TempDir Path folder) throws IOException {
        for (String code : List.of("{\"class_name\": \"__lambda__\", \"config\": {\"code\": \"4wEA\"}}",
                "{\"value\": [\"4wEA\", null, null]}")) { // as Keras wrote it, and as it does
            assertRefusedOnce(withConfig("mlp_adam", json -> json.replace("\"relu\"", code)), folder,
                    "layer \"dense\": activation", " is code and is never run");
            assertRefusedOnce(withConfig("mlp_adam", json -> json.replace("\"bias_regularizer\": null", "\"bias_regularizer\": "
                    + code)), folder, "layer \"dense\": bias_regularizer", " is code and is never run");
        }
        assertRefusedOnce(withConfig("mlp_adam", json -> json.replace("\"relu\"", "{\"module\": \"builtins\", \"class_name\":"
                + " \"function\", \"config\": \"mine>swirl\", \"registered_name\": \"function\"}")), folder,
                "layer \"dense\": activation: function \"mine>swirl\" is code and is never run");
    }

    @Test
    void namesLayerAndSettingOnce(@TempDir Path folder) throws IOException {
        assertRefusedOnce(withConfig("mlp_adam", json -> json.replace("\"relu\"", "\"sparsemax\"")), folder,
                "layer \"dense\": activation sparsemax");
        assertRefusedOnce(withConfig("mlp_adam", json -> json.replaceFirst("\"units\": 16", "\"units\": 16, \"sizes\": [1, null]")),
                folder, "layer \"dense\": sizes [1,null]");
        assertRefusedOnce(withConfig("mlp_adam", json -> json.replaceFirst("\"units\": 16", "\"units\": 16, \"size\": 1")),
                folder, "layer \"dense\": Dense has no setting size");
    }

    private static void assertRefusedOnce(byte[] bytes, Path folder, String... parts) throws IOException {
        assertRefused(bytes, folder, parts);
        String message = assertThrows(ModelFormatException.class, () -> ModelFile.load(folder.resolve("changed.keras")))
                .getMessage();
        for (String part : List.of("layer \"dense\"", parts[0])) {
            assertEquals(message.indexOf(part), message.lastIndexOf(part), message);
        }
        assertFalse(message.contains("header"), message);
    }

    /** Each weight by its name here, with its array there. */
    @Test
    void theReportHasTheArraysOfTheFile() throws IOException {
        Path file = FOLDER.resolve("nested.keras");
        PortableFormat.Imported read = PortableFormat.of(file).read(file, Optional.empty());
        assertEquals(FormatSupport.weights(read.saved().model()).keySet(), read.report().taken().keySet());
        assertEquals("layers/sequential/layers/dense/vars/0", read.report().taken().get("encoder/dense/kernel"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "bad_lambda          | layer \"lambda\": Lambda is code and is never run",
        "bad_truncated       | truncated",
        "bad_path            | ../outside.txt",
        "bad_custom_class    | layer \"dense\": MyDense of my_package.layers is code and is never run",
        "bad_shape           | layers/dense/vars/0;(20, 16);(20, 15)",
        "bad_huge_dataset    | layers/dense/vars/0 must be stored in one piece",
        "bad_external_link   | layers/dense/vars/0 must be in the file itself",
        "bad_mask_features   | 4",
        "bad_mask_rank       | needs sequences of indices",
        "bad_stateful        | stateful",
        "bad_custom_cell     | layer RNN"})
    void refusesWithPlaceAndReason(String name, String parts) {
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> load(name));
        for (String part : parts.split(";")) {
            assertTrue(e.getMessage().contains(part), e::getMessage);
        }
        assertFalse(e.getMessage().contains("damaged at"), e::getMessage);
    }
}
