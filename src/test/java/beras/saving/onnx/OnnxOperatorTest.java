package beras.saving.onnx;

import static org.junit.jupiter.api.Assertions.*;

import beras.models.Model;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators compute what the onnx package's own tests of backends expect. */
@Tag("once")
@Tag("saving")
class OnnxOperatorTest {

    private static final Path CASES = Path.of("src/test/resources/onnx/operators.jsonl");
    private static final int LEAST_READ = 231;
    private static final float RELATIVE = 1e-3f; // as of the onnx package
    private static final float ABSOLUTE = 1e-6f; // there 1e-7, for float64

    @TempDir
    Path folder;

    private record Case(String name, byte[] model, int[] shape, float[] x, List<Output> outputs) {

        static Case of(String line) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            return new Case(json.get("name").getAsString(), Base64.getDecoder().decode(json.get("model").getAsString()),
                    new Gson().fromJson(json.get("shape"), int[].class), floats(json.get("x").getAsJsonArray()),
                    json.getAsJsonArray("outputs").asList().stream().map(each -> new Output(
                            new Gson().fromJson(each.getAsJsonObject().get("shape"), int[].class),
                            floats(each.getAsJsonObject().getAsJsonArray("y")))).toList());
        }

        private static float[] floats(JsonArray numbers) {
            float[] values = new float[numbers.size()];
            for (int i = 0; i < values.length; i++) {
                String number = numbers.get(i).getAsString();
                values[i] = number.equals("inf") ? Float.POSITIVE_INFINITY : number.equals("-inf") ? Float.NEGATIVE_INFINITY
                        : number.equals("nan") ? Float.NaN : Float.parseFloat(number);
            }
            return values;
        }
    }

    private record Output(int[] shape, float[] y) {}

    @Test
    void noneIsWrong() throws IOException {
        int read = 0;
        for (String line : Files.readAllLines(CASES)) {
            Case expected = Case.of(line);
            Path file = folder.resolve(expected.name + ".onnx");
            Files.write(file, expected.model);
            Model model;
            try {
                model = OnnxFile.load(file).model();
            } catch (ModelFormatException e) {
                continue;
            }
            read++;
            assertOutputs(expected, model);
            if (model.layers().stream().anyMatch(OnnxOperator.class::isInstance)) {
                assertOutputs(expected, throughAFile(model, expected.name));
            }
        }
        assertTrue(read >= LEAST_READ, "read: " + read);
    }

    private Model throughAFile(Model model, String name) throws IOException {
        Path file = folder.resolve(name + ".beras");
        ModelFile.save(new SavedModel(model), file);
        return ModelFile.load(file).model();
    }

    private static void assertOutputs(Case expected, Model model) {
        List<Tensor> outputs = model.predict(List.of(Tensor.wrap(expected.x, expected.shape)));
        assertEquals(expected.outputs.size(), outputs.size(), expected.name);
        for (int i = 0; i < outputs.size(); i++) {
            float[] wanted = expected.outputs.get(i).y;
            float[] received = outputs.get(i).toArray();
            assertArrayEquals(expected.outputs.get(i).shape, outputs.get(i).shape().toArray(), expected.name);
            for (int k = 0; k < wanted.length; k++) {
                if (Float.isFinite(wanted[k])) {
                    assertEquals(wanted[k], received[k], ABSOLUTE + RELATIVE * Math.abs(wanted[k]), expected.name + " at " + k);
                } else {
                    assertEquals(wanted[k], received[k], expected.name + " at " + k);
                }
            }
        }
    }

    /** No optimizer changes them; a copy and a file have them. */
    @Test
    void constantsAreWeightsOfTheModel() throws IOException {
        for (String line : Files.readAllLines(CASES)) {
            Case scaled = Case.of(line);
            if (scaled.name.equals("test_pow_bcast_array")) {
                Path file = folder.resolve("pow.onnx");
                Files.write(file, scaled.model);
                Model model = OnnxFile.load(file).model();
                assertEquals(List.of(false), model.weights().stream().map(weight -> weight.trainable()).toList());
                assertOutputs(scaled, model.copy());
                OnnxFile.save(model, folder.resolve("again.onnx"));
                assertOutputs(scaled, OnnxFile.load(folder.resolve("again.onnx")).model());
            }
        }
    }
}
