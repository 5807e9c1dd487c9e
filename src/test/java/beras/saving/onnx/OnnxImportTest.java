package beras.saving.onnx;

import static beras.saving.onnx.OnnxWriterTest.assertNear;
import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.PReLU;
import beras.layers.Permute;
import beras.models.Model;
import beras.models.Sequential;
import beras.prediction.Prediction;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs of ONNX become nets that compute the same. */
@Tag("once")
@Tag("saving")
class OnnxImportTest {

    private static final Path FIXTURES = Path.of("src/test/resources/onnx");
    private static final float BOUND = 1e-5f;
    private static final Map<String, Model> CASES = OnnxCases.all();

    @TempDir
    Path folder;

    static Stream<String> cases() {
        return CASES.keySet().stream();
    }

    /** The very model, with bits of its weights; the graph alone becomes layers that compute the same. */
    @ParameterizedTest
    @MethodSource("cases")
    void whatIsExportedIsReadAgain(String name) throws Exception {
        Model model = CASES.get(name);
        Path file = folder.resolve("m.onnx");
        OnnxFile.save(model, file);
        Model back = OnnxFile.load(file).model();
        assertEquals(model.config(), back.config());
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(back));
        Model alone;
        try {
            alone = OnnxFile.load(withoutModel(file)).model();
        } catch (ModelFormatException e) {
            assertTrue(name.matches("batch normalization of four axes|(group normalization|masking|attention|positions|transformer).*"), name + e.getMessage()); // rows of a batch
            return;
        }
        assertComputesTheSame(name, model, alone);
    }

    /** A file whose metadata have no config of the model. */
    private static Path withoutModel(Path file) throws IOException {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        return Files.writeString(file, bytes.replace("beras.model", "other.model"), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aGraphThatWasChangedIsReadAsItIs() throws Exception {
        Model model = new Sequential(1, new Input(3), new Dense(2, "tanh"));
        Path file = folder.resolve("m.onnx");
        OnnxFile.save(model, file);
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replace("\"\004Tanh", "\"\004Relu"), StandardCharsets.ISO_8859_1);
        assertEquals("[Dense, ReLU]", OnnxFile.load(file).model().layers().stream().map(Layer::typeName).toList().toString());
    }

    private static void assertComputesTheSame(String name, Model model, Model back) {
        List<Tensor> inputs = OnnxCases.inputs(name, model);
        List<Tensor> expected = model.predict(inputs);
        List<Tensor> received = back.predict(inputs);
        assertEquals(expected.size(), received.size());
        for (int i = 0; i < expected.size(); i++) {
            assertNear(expected.get(i), received.get(i));
        }
    }

    static Stream<String> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json"))
                    .map(name -> name.replace(".json", "")).sorted().toList().stream();
        }
    }

    /** Made by PyTorch's exporter, and as scikit-learn's writes them; the outputs were computed in float64. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void computesWhatOthersSay(String name) throws Exception {
        JsonObject expected = JsonParser.parseString(Files.readString(FIXTURES.resolve(name + ".json"))).getAsJsonObject();
        Model model = OnnxFile.load(FIXTURES.resolve(name + ".onnx")).model();
        List<Tensor> outputs = model.predict(tensors(expected.getAsJsonArray("inputs")));
        List<Tensor> wanted = tensors(expected.getAsJsonArray("outputs"));
        assertEquals(wanted.size(), outputs.size());
        for (int i = 0; i < wanted.size(); i++) {
            assertEquals(wanted.get(i).shape(), outputs.get(i).shape());
            assertArrayEquals(wanted.get(i).toArray(), outputs.get(i).toArray(), BOUND, "output " + i);
        }
    }

    private static List<Tensor> tensors(JsonArray all) {
        List<Tensor> tensors = new ArrayList<>();
        for (JsonElement each : all) {
            List<Integer> shape = new ArrayList<>();
            for (JsonElement inner = each; inner.isJsonArray(); inner = inner.getAsJsonArray().get(0)) {
                shape.add(inner.getAsJsonArray().size());
            }
            List<Float> values = new ArrayList<>();
            flatten(each, values);
            tensors.add(Tensor.generate(i -> values.get(i), shape.stream().mapToInt(Integer::intValue).toArray()));
        }
        return tensors;
    }

    private static void flatten(JsonElement json, List<Float> into) {
        if (json.isJsonArray()) {
            json.getAsJsonArray().forEach(each -> flatten(each, into));
        } else {
            into.add(json.getAsFloat());
        }
    }

    private static String layers(String fixture) throws IOException {
        return OnnxFile.load(FIXTURES.resolve(fixture + ".onnx")).model().layers().stream()
                .map(Layer::typeName).toList().toString();
    }

    @Test
    void patternsBecomeTheLayersThatTheyCameFrom() throws Exception {
        assertEquals("[Dense, BatchNormalization, ReLU, Dense, OnnxOperator, OnnxOperator, OnnxOperator, Multiply, OnnxOperator,"
                + " LayerNormalization, Dense, Sigmoid, Multiply, Dense, ELU, Dense, Softmax]", layers("torch_mlp_opset17"));
        assertEquals("[Flatten, Dense, Softplus, Dense, SELU, Dense, HardSigmoid, Dense, LeakyReLU, Dense, LogSoftmax]",
                layers("torch_mlp_opset9"));
        assertEquals("[Dense, Dropout, LeakyReLU, Dense, Tanh]", layers("torch_training_opset13"));
        assertEquals("[Permute, Conv1D, ReLU, AveragePooling1D, Permute, Flatten, Dense]", layers("torch_cnn_flat"));
        assertEquals("[Permute, Conv2D, ReLU, MaxPooling2D, Conv2D, Tanh, ZeroPadding2D, AveragePooling2D, ReLU,"
                + " AveragePooling2D, Permute, Flatten, Dense, ReLU, Dense]", layers("torch_lenet"));
        assertEquals("[OnnxOperator, OnnxOperator, Dense, ReLU, Dense, Softmax]", layers("sklearn_mlp_classifier"));
        assertEquals("[Dense, CELU, OnnxOperator, OnnxOperator, OnnxOperator, OnnxOperator, Sigmoid, OnnxOperator, Tanh, Subtract, OnnxOperator,"
                + " OnnxOperator, OnnxOperator, Softmax, OnnxOperator, OnnxOperator, OnnxOperator, OnnxOperator, OnnxOperator, OnnxOperator,"
                + " OnnxOperator, Concatenate]", layers("torch_rare"));
        assertEquals("[Permute, ZeroPadding2D, Conv2D, HardSiLU, Conv2D, Sigmoid, Multiply, DepthwiseConv2D,"
                + " HardSiLU, GlobalAveragePooling2D, Conv2D, ReLU, Conv2D, HardSigmoid, Multiply", layers("torch_mobile")
                .replaceFirst("(HardSigmoid, Multiply).*", "$1"));
    }

    @Test
    void recurrentOperatorsBecomeTheLayersThatTheyCameFrom() throws Exception {
        assertEquals("[LSTM, LSTM, Dense]", layers("torch_lstm_last"));
        assertEquals("[Bidirectional, Bidirectional, Dense]", layers("torch_lstm_both"));
        assertEquals("[GRU, GRU, Dense]", layers("torch_gru_states"));
        assertEquals("[GRU, GRU, Bidirectional, OnnxOperator, Concatenate, Dense]", layers("torch_gru_both"));
        assertEquals("[SimpleRNN, Dense]", layers("torch_rnn"));
        assertEquals("[GRU, OnnxOperator, LSTM]", layers("recurrent"));
        Model open = OnnxFile.load(FIXTURES.resolve("torch_lstm_both.onnx")).model();
        assertEquals(Shape.of(0, 3), open.inputShape());
        assertEquals(Shape.of(2, 7, 2), open.predict(Tensor.ones(2, 7, 3)).shape());
        assertEquals("onnx::LSTM_", OnnxFile.read(FIXTURES.resolve("torch_lstm_last.onnx")).report().taken().get("lstm/kernel").substring(0, 11));
    }

    @Test
    void theReportSaysWhatCameFromWhere() throws Exception {
        WeightReport report = OnnxFile.read(FIXTURES.resolve("sklearn_mlp_classifier.onnx")).report();
        assertEquals("{dense/kernel=coefficient, dense/bias=intercepts,"
                + " dense_1/kernel=coefficient1, dense_1/bias=intercepts1}", report.taken().toString());
        assertEquals(List.of("The output \"output_label\" is left away, for it has no floats but what follows from them, such"
                + " as the"
                + " label of the largest",
                "The output \"output_probability\" is a map for each example: the numbers are kept, the names are not"),
                report.lost());
        assertEquals(List.of("The input \"x0\" has its channels first, (1, 14, 16), as in the file: what is the other way round,"
                + " as images are here, must be turned before"), OnnxFile.read(FIXTURES.resolve("torch_lenet.onnx")).report()
                .lost());
        assertEquals(List.of("The input \"x0\" has a batch of 1 in the file, and of any size here"),
                OnnxFile.read(FIXTURES.resolve("torch_fixed_batch.onnx")).report().lost());
    }

    /** A program sees no report. */
    @Test
    void aProgramCanAskWhatWasLeftOut() throws Exception {
        for (String fixture : List.of("sklearn_mlp_classifier", "torch_lenet", "torch_mlp_opset17")) {
            Path file = FIXTURES.resolve(fixture + ".onnx");
            assertEquals(OnnxFile.read(file).report().lost(), ModelFile.load(file).leftOut());
            assertEquals(OnnxFile.read(file).report().lost(), OnnxFile.load(file).leftOut());
        }
        assertEquals(2, ModelFile.load(FIXTURES.resolve("sklearn_mlp_classifier.onnx")).leftOut().size());
        assertEquals(List.of(), ModelFile.load(FIXTURES.resolve("torch_mlp_opset17.onnx")).leftOut());
    }

    /** One slope for all is that of a LeakyReLU, which has none below 0. */
    @Test
    void aSlopeThatWasLearnedMayBeNegative() throws Exception {
        for (float slope : new float[] {-0.25f, 0.25f}) {
            Model model = new Sequential(1, new Input(3, 2), new PReLU().with("sharedAxes", List.of(1, 2)), new Dense(2));
            model.weights().get(0).assign(Tensor.full(slope, 1, 1));
            Path file = folder.resolve(slope + ".onnx");
            OnnxFile.save(model, file);
            Tensor x = Tensor.generate(i -> i - 7, 2, 3, 2);
            assertEquals(model.predict(x), OnnxFile.load(file).model().predict(x));
        }
    }

    /** Of as many steps as channels, too, which each has a slope. */
    @Test
    void slopesStayWithTheirAxisBehindAPermute() throws Exception {
        for (int axis : new int[] {1, 2}) {
            Model model = new Sequential(1, new Input(4, 4), new Permute(2, 1), new PReLU().with("sharedAxes", axis), new Dense(2));
            model.weights().get(0).assign(Tensor.generate(i -> 0.25 * i, model.weights().get(0).shape().toArray()));
            Path file = folder.resolve(axis + ".onnx");
            OnnxFile.save(model, file);
            Tensor x = Tensor.generate(i -> i % 5 - 3, 2, 4, 4);
            assertEquals(model.predict(x), OnnxFile.load(file).model().predict(x));
        }
    }

    @Test
    void whatIsSharedIsOneLayer() throws Exception {
        Model model = CASES.get("nested, shared, several inputs and outputs");
        Path file = folder.resolve("m.onnx");
        OnnxFile.save(model, file);
        SavedModel back = OnnxFile.load(file);
        assertEquals(model.weights().size(), back.model().weights().size());
        assertEquals(List.of("left", "kernel of the right"), back.model().inputNodes().stream().map(node -> node.layer().name())
                .toList());
    }

    @Test
    void whatMakesInputsFromColumnsComesBack() throws Exception {
        SavedModel saved = OnnxEncodingTest.ofTable();
        Path file = folder.resolve("t.onnx");
        OnnxFile.save(saved, file);
        SavedModel back = OnnxFile.load(file);
        assertEquals(saved.preprocessor().orElseThrow().config(), back.preprocessor().orElseThrow().config());
        assertEquals("17", back.provenance().get("seed"));
        List<List<Object>> table = OnnxEncodingTest.finiteTable(50);
        List<Prediction> expected = saved.predictor().predictAll(table);
        List<Prediction> received = back.predictor().predictAll(table);
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).probabilities(), received.get(i).probabilities());
        }
    }
}
