package beras.saving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.table.TablePreprocessor;
import beras.feed.Prediction;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.models.Functional;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model files of versions 1 and 2: those that were written then, and such as claim what cannot be. */
@Tag("saving")
class SecondVersionTest {


    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("m.beras");
    }

    private static Path resource(String name) {
        return Path.of("src/test/resources/beras/saving", name);
    }

    private static List<?> types(SavedModel saved) {
        return saved.model().layers().stream().map(Layer::getClass).toList();
    }

    // ------------------------------------------------------------------------------------- files written by those versions

    /** Written by BERAS when there were stacks of Dense and activations only. */
    @Test
    void readsTheFirstVersion() throws IOException {
        SavedModel saved = ModelFile.load(resource("version1.beras"));
        assertEquals("3:relu,3:relu,10:softmax", saved.provenance().get("layers"));
        assertEquals(List.of(Dense.class, ReLU.class, Dense.class, ReLU.class, Dense.class, Softmax.class), types(saved));
        assertEquals("804faba2202e62256dd1c82ecb4bdcbba1220541151394470d88ee16ddd99774", ModelFile.weightsSha256(saved.model()));
        assertSameToday(saved);
    }

    /** A layer used twice, a frozen kernel, state weights, and the loss among the provenance. */
    @Test
    void readsTheSecondVersion() throws IOException {
        SavedModel saved = ModelFile.load(resource("version2.beras"));
        assertEquals(Functional.class, saved.model().getClass());
        assertEquals("2b6f1d1380510e522fcc3b910e3f09acdb547ac4e10c791f42c3b57d98caaca4", ModelFile.weightsSha256(saved.model()));
        assertEquals(List.of(false, true, true, true, false, false, true, true),
                saved.model().weights().stream().map(Variable::trainable).toList());
        assertArrayEquals(new float[] {0.10709977f, 0.8390639f, 0.05383639f},
                saved.model().predict(Tensor.generate(i -> i / 16f, 1, 16)).toArray());
        assertEquals(new Recipe().loss("cross-entropy(label_smoothing=0.1)"), saved.recipe().orElseThrow());
        assertTrue(saved.preprocessor().isEmpty());
        assertEquals("0.9", saved.provenance().get("beras"));
        assertSameToday(saved);
    }

    /** What the command line then predicted of the same rows. */
    @Test
    void readsATableOfTheSecondVersion() throws IOException {
        SavedModel saved = ModelFile.load(resource("version2-table.beras"));
        assertEquals(TablePreprocessor.class, saved.preprocessor().orElseThrow().getClass());
        List<Prediction> predictions = saved.predictor().predictAll(List.of(Map.of("size", 0, "colour", "red"),
                Map.of("size", "6.17", "colour", "green"), List.of(2.33, "blue")));
        assertEquals(List.of("small", "big", "small"), predictions.stream().map(Prediction::label).toList());
        assertEquals(0.999576, predictions.get(0).confidence(), 1e-6);
        assertEquals(0.953143, predictions.get(1).confidence(), 1e-6);
        assertEquals(0.993247, predictions.get(2).confidence(), 1e-6);
        assertSameToday(saved);
    }

    /** What it is saved as today is the same model with the same parts, and of today's BERAS. */
    private void assertSameToday(SavedModel saved) throws IOException {
        ModelFile.save(saved, file);
        SavedModel today = ModelFile.load(file);
        assertEquals(saved.model().config(), today.model().config());
        assertEquals(ModelFile.weightsSha256(saved.model()), ModelFile.weightsSha256(today.model()));
        assertEquals(saved.model().weights().stream().map(Variable::trainable).toList(),
                today.model().weights().stream().map(Variable::trainable).toList());
        assertEquals(saved.recipe(), today.recipe());
        assertEquals(saved.preprocessor().map(p -> p.config()), today.preprocessor().map(p -> p.config()));
        assertEquals(Version.get(), today.provenance().get("beras"));
        assertEquals(saved.provenance().get("seed"), today.provenance().get("seed"));
    }

    // -------------------------------------------------------------------------------------------------------- damage

    @Test
    void everyTruncationIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(resource("version2.beras"));
        for (int length = 1; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            refuse("truncated");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        refuse("truncated: expected " + whole.length + " bytes. Received: " + (whole.length - 1));
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(resource("version2.beras"));
        for (int at = 0; at < whole.length; at += 11) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                Files.write(file, flipped);
                refuse(at < 8 ? "not a BERAS model" : at >= 16 && at < 24 ? "" : "checksum");
            }
        }
    }

    @Test
    void moreBytesAfterTheEndAreFound() throws IOException {
        byte[] whole = Files.readAllBytes(resource("version2.beras"));
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        refuse("changed or damaged");
    }

    // ---------------------------------------------------------- well-formed files that say something impossible

    @Test
    void aNewerVersionAsksForAnUpgrade() throws IOException {
        write(4, "{}", 0);
        refuse("has version 4 of the format, and this BERAS reads 1 to 3. Upgrade BERAS");
    }

    @Test
    void anOlderVersionDoesNotExist() throws IOException {
        write(0, "{}", 0);
        refuse("There is no such version");
    }

    @Test
    void anUnknownLayerIsNamed() throws IOException {
        write(1, header("{\"type\":\"Crystal\",\"inputs\":1}", ""), 0);
        refuse("layer 1: There is no such name for a layer. Received: Crystal. Known: Input, Dense");
    }

    @Test
    void layersMustChain() throws IOException {
        write(1, header("{\"type\":\"Dense\",\"inputs\":1,\"outputs\":1},{\"type\":\"Dense\",\"inputs\":2,\"outputs\":1}",
                shape("1,1") + "," + shape("1,1") + "," + shape("2,1") + "," + shape("1,1")), 5);
        refuse("Layer 3 (Dense) does not fit layer 2 (Dense), which gives examples of shape (1,): "
                + "Dense(2, 1) needs examples whose last axis is 2");
    }

    @Test
    void shapesMustBeThoseOfTheLayers() throws IOException {
        String dense = "{\"type\":\"Dense\",\"inputs\":2,\"outputs\":1}";
        write(1, header(dense, shape("1,2") + "," + shape("1,1")), 3);
        refuse("weight 1 to have shape " + Shape.of(2, 1) + ". Received: [1,2]");
        write(1, header(dense, shape("2,1")), 3);
        refuse("the layers have 2 weights. Received shapes: 1");
    }

    @Test
    void theWeightsMustBeAsManyAsTheLayersNeed() throws IOException {
        String one = header("{\"type\":\"Dense\",\"inputs\":2,\"outputs\":1}", shape("2,1") + "," + shape("1,1"));
        write(1, one, 2);
        refuse("the layers need 12 bytes of weights. Received: 8");
        write(1, one, 4);
        refuse("the layers need 12 bytes of weights. Received: 16");
    }

    @Test
    void aSizeThatIsMerelyClaimedAllocatesNothing() throws IOException {
        for (String[] sizes : new String[][] {{"2147483647", "A tensor holds at most 2147483647 elements"},
            {"40000", "the layers need 6400160000 bytes of weights. Received: 12"}, {"-1", "at least 0. Received: (-1,)"},
            {"0", "Dense needs at least 1 unit"}}) {
            write(1, header("{\"type\":\"Dense\",\"inputs\":" + sizes[0] + ",\"outputs\":" + sizes[0] + "}", ""), 3);
            refuse(sizes[1]);
        }
    }

    @Test
    void theHeaderMustDescribeAModel() throws IOException {
        for (String json : List.of("", "[]", "{", "{}", "null", "{\"layers\":3}", "{\"layers\":[null]}", "{\"layers\":[{}]}",
                header("", ""), header("{\"type\":\"ReLU\"}", ""), header("{\"type\":null}", ""),
                header("{\"type\":\"Dense\",\"inputs\":\"x\",\"outputs\":1}", ""),
                header("{\"type\":\"Repeat\",\"layer\":0}", ""))) {
            write(1, json, 0);
            refuse("");
        }
        String dense = "{\"type\":\"Dense\",\"inputs\":1,\"outputs\":1},";
        String weights = shape("1,1") + "," + shape("1,1");
        write(1, header(dense + "{\"type\":\"LeakyReLU\",\"alpha\":-1}", weights), 2);
        refuse("LeakyReLU");
        write(1, header(dense + "{\"type\":\"Repeat\",\"layer\":7}", weights), 2);
        refuse("");
    }

    @Test
    void theHeaderMustFitTheFile() throws IOException {
        for (int claimed : new int[] {Integer.MAX_VALUE, -1, 3}) {
            write(1, claimed, "{}".getBytes(StandardCharsets.UTF_8), 0);
            refuse("header cannot have " + claimed + " bytes");
        }
    }

    private static String header(String layers, String weights) {
        return "{\"layers\":[" + layers + "],\"weights\":[" + weights + "],\"provenance\":{}}";
    }

    private static String shape(String sizes) {
        return "{\"shape\":[" + sizes + "],\"trainable\":true}";
    }

    private void write(int version, String header, int floats) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        write(version, json.length, json, floats);
    }

    /** A file with a right checksum and this in it. */
    private void write(int version, int headerBytes, byte[] header, int floats) throws IOException {
        Files.write(file, ModelBytes.ofOldVersion(version, headerBytes, header, new float[floats]));
    }

    private void refuse(String reason) {
        ModelFormatException refused = assertThrows(ModelFormatException.class, () -> ModelFile.load(file));
        assertTrue(refused.getMessage().startsWith(file + ": ") && refused.getMessage().contains(reason),
                () -> "expected \"" + reason + "\" in: " + refused.getMessage());
    }
}
