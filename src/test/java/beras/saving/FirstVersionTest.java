package beras.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Model;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only the first version of the format could hold, in files made by hand as it was written. */
@Tag("saving")
class FirstVersionTest {

    private static final String DENSE = "{\"type\":\"Dense\",\"inputs\":2,\"outputs\":2}";
    private static final String RELU = "{\"type\":\"ReLU\"}";
    private static final String WEIGHTS = "{\"shape\":[2,2],\"trainable\":false},{\"shape\":[1,2],\"trainable\":true}";

    @TempDir
    Path folder;

    private static String repeat(int layer) {
        return "{\"type\":\"Repeat\",\"layer\":" + layer + "}";
    }

    /** A model of these layers, two of them Dense with these kernels and no bias. */
    private Model load(String layers, float[] first, float[] second) throws IOException {
        byte[] header = ("{\"layers\":[" + layers + "],\"weights\":[" + WEIGHTS + "," + WEIGHTS + "],\"provenance\":{}}")
                .getBytes(StandardCharsets.UTF_8);
        float[] weights = {first[0], first[1], first[2], first[3], 0, 0, second[0], second[1], second[2], second[3], 0, 0};
        Path path = Files.write(folder.resolve("old.beras"), ModelBytes.ofOldVersion(1, header.length, header, weights));
        return ModelFile.load(path).model();
    }

    /** The place of the layer of each node but the input among the model's layers. */
    private static List<Integer> order(Model model) {
        List<Layer> layers = model.layers();
        return model.nodes().stream().skip(1).map(node -> layers.indexOf(node.layer())).toList();
    }

    /** Repeats count the layers as the file lists them, itself and other repeats among them. */
    @Test
    void layersThatAreUsedAgain() throws IOException {
        Model model = load(String.join(",", DENSE, RELU, repeat(0), repeat(1), DENSE, repeat(4), repeat(2)),
                new float[] {0, 1, 1, 0}, new float[] {2, 0, 0, 1});
        assertEquals(List.of(0, 1, 0, 1, 2, 2, 0), order(model));
        assertEquals(4, model.weights().size());
        // (3, 5): swapped twice, first column doubled twice, swapped
        assertEquals(Tensor.of(new float[][] {{5, 12}}), model.predict(Tensor.of(new float[][] {{3, 5}})));
    }

    @Test
    void activationsMayComeFirst() throws IOException {
        Model model = load(String.join(",", RELU, DENSE, repeat(0), DENSE), new float[] {1, 0, 0, -1}, new float[] {0, 1, 1, 0});
        assertEquals(List.of(0, 1, 0, 2), order(model));
        assertEquals(Tensor.of(new float[][] {{0, 3}}), model.predict(Tensor.of(new float[][] {{3, 5}})));
    }

    @Test
    void everyActivationAndFrozenWeights() throws IOException {
        String leaky = "{\"type\":\"LeakyReLU\",\"alpha\":0.25}";
        Model model = load(String.join(",", DENSE, leaky, "{\"type\":\"Sigmoid\"}", DENSE, RELU, "{\"type\":\"Softmax\"}"),
                new float[] {1, 0, 0, 1}, new float[] {1, 0, 0, 1});
        assertEquals(List.of(LeakyReLU.class, Sigmoid.class, ReLU.class, Softmax.class), model.layers().stream()
                .filter(layer -> !(layer instanceof Dense)).map(Object::getClass).toList());
        assertEquals(0.25f, ((LeakyReLU) model.layers().get(1)).slope());
        assertEquals(List.of(false, true, false, true), model.weights().stream().map(Variable::trainable).toList());
    }

    @Test
    void itIsTheSameAfterBeingSavedInTheFormatOfToday() throws IOException {
        Model model = load(String.join(",", DENSE, RELU, repeat(0), DENSE), new float[] {0, 1, 1, 0}, new float[] {2, 0, 0, 1});
        Path today = folder.resolve("today.beras");
        ModelFile.save(model, today);
        Model again = ModelFile.load(today).model();
        assertEquals(order(model), order(again));
        Tensor x = Tensor.of(new float[][] {{3, -5}, {1, 2}});
        assertEquals(model.predict(x), again.predict(x));
    }
}
