package beras.saving;

import static beras.saving.OnnxWriterTest.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.feed.Prediction;
import beras.models.Model;
import beras.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs of ONNX become nets that compute the same. */
@Tag("saving")
class OnnxImportTest {

    private static final Map<String, Model> CASES = OnnxCases.all();

    @TempDir
    Path folder;

    static Stream<String> cases() {
        return CASES.keySet().stream();
    }

    /** Layers may become others that compute the same. */
    @ParameterizedTest
    @MethodSource("cases")
    void whatIsExportedIsReadAgain(String name) throws Exception {
        Model model = CASES.get(name);
        Path file = folder.resolve("m.onnx");
        OnnxFile.save(model, file);
        Model back = OnnxFile.load(file).model();
        List<Tensor> inputs = OnnxCases.inputs(name, model);
        List<Tensor> expected = model.predict(inputs);
        List<Tensor> received = back.predict(inputs);
        assertEquals(expected.size(), received.size());
        for (int i = 0; i < expected.size(); i++) {
            assertNear(expected.get(i), received.get(i));
        }
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
