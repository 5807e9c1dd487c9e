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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
        int size = 24 + header.length + 4 * 12 + 32;
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 0x89).put("BERAS\r\n".getBytes(StandardCharsets.US_ASCII)).putInt(1).putInt(header.length).putLong(size);
        file.put(header);
        for (float[] kernel : new float[][] {first, second}) {
            for (float weight : kernel) {
                file.putFloat(weight);
            }
            file.putFloat(0).putFloat(0);
        }
        file.put(sha256(file.array(), file.position()));
        Path path = Files.write(folder.resolve("old.beras"), file.array());
        return ModelFile.load(path).model();
    }

    private static byte[] sha256(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
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
