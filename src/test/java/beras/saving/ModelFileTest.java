package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.bytes.Safetensors;
import beras.tensor.Variable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("saving")
class ModelFileTest {

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("m.beras");
    }

    @Test
    void bytesInMemoryAreThoseOfTheFile() throws IOException {
        Sequential model = everyLayer();
        ModelFile.save(model, file);
        byte[] bytes = ModelFile.toBytes(new SavedModel(model));
        assertArrayEquals(Files.readAllBytes(file), bytes);
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(ModelFile.fromBytes(bytes, "a copy").model()));
        assertTrue(assertThrows(ModelFormatException.class, () -> ModelFile.fromBytes(Arrays.copyOf(bytes, 100), "a copy"))
                .getMessage().startsWith("a copy: "));
        assertThrows(ModelFormatException.class, () -> ModelFile.fromBytes(new byte[0], "a copy"));
    }

    /** Every kind of layer, and more weights than one chunk of the writer holds. */
    private static Sequential everyLayer() {
        return new Sequential(
                new Dense(7, 300, Initializers.normal(), 1), new LeakyReLU(0.1f),
                new Dense(300, 100, Initializers.normal(), 2), new ReLU(),
                new Dense(100, 5, Initializers.normal(), 3), new Sigmoid(),
                new Dense(5, 3, Initializers.normal(), 4), new Softmax());
    }

    private static Sequential small() {
        return new Sequential(new Dense(3, 2, Initializers.normal(), 1), new LeakyReLU(),
                new Dense(2, 2, Initializers.normal(), 2));
    }

    private static List<?> types(Model model) {
        return model.layers().stream().map(Layer::getClass).toList();
    }

    private static int[] bits(Model model) {
        return model.weights().stream().flatMapToInt(w -> Arrays.stream(rawBits(w.toArray()))).toArray();
    }

    private static int[] rawBits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> !f.equals(file)).toList();
        }
    }

    // ---------------------------------------------------------------------------------------------- round trip

    @Test
    void bringsBackEveryLayerAndEveryBit() throws IOException {
        Sequential model = everyLayer();
        float[] odd = model.weights().get(0).data();
        odd[0] = Float.NaN;
        odd[1] = -0f;
        odd[2] = Float.NEGATIVE_INFINITY;
        odd[3] = Float.MIN_VALUE;
        model.weights().get(2).trainable(false);
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("seed", "-9223372036854775808");
        provenance.put("data", "a \"quoted\" folder\n\u00e9\u4e16");
        ModelFile.save(new SavedModel(model).provenance(provenance), file);

        SavedModel saved = ModelFile.load(file);

        assertArrayEquals(bits(model), bits(saved.model()));
        assertEquals(types(model), types(saved.model()));
        assertEquals(new LeakyReLU(0.1).config(), saved.model().layers().get(1).config());
        assertEquals(Version.get(), saved.provenance().get("beras"));
        assertEquals(List.copyOf(provenance.entrySet()), List.copyOf(saved.provenance().entrySet()).subList(2, 4));
        assertEquals(model.weights().stream().map(Variable::trainable).toList(),
                saved.model().weights().stream().map(Variable::trainable).toList());
        assertEquals(List.of(), leftovers());
    }

    @Test
    void theHashIsOfLittleEndianFloatsInOrder() throws Exception {
        Sequential model = small();
        ByteBuffer expected = ByteBuffer.allocate(4 * (6 + 2 + 4 + 2)).order(ByteOrder.LITTLE_ENDIAN);
        for (Variable weight : model.weights()) {
            for (float value : weight.toArray()) {
                expected.putFloat(value);
            }
        }
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(expected.array()));
        assertEquals(hash, ModelFile.weightsSha256(model));
        model.weights().get(3).data()[1] += 1;
        assertNotEquals(hash, ModelFile.weightsSha256(model));
    }

    // ------------------------------------------------------------------------------------------------- damage

    @Test
    void everyTruncationIsFound() throws IOException {
        ModelFile.save(small(), file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 1; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            refuse("truncated");
        }
        refuse("truncated: expected " + whole.length + " bytes. Received: " + (whole.length - 1));
    }

    /** But for the first bytes: a file that does not begin as a model is none, and a longer header is one that lacks. */
    @Test
    void everyFlippedBitIsFound() throws IOException {
        ModelFile.save(small(), file);
        byte[] whole = Files.readAllBytes(file);
        int begin = Safetensors.LENGTH_BYTES + "{'__metadata__':{'beras.sha256':'".length();
        for (int at = 0; at < whole.length; at += 3) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                Files.write(file, flipped);
                refuse(at < Safetensors.LENGTH_BYTES ? "" : at < begin ? "not a BERAS model" : "checksum");
            }
        }
    }

    @Test
    void moreBytesAfterTheEndAreFound() throws IOException {
        ModelFile.save(small(), file);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        refuse("changed or damaged");
    }

    @Test
    void anotherKindOfFileIsNotAModel() throws IOException {
        Files.writeString(file, "label,pixel0\n1,2\n");
        refuse("not a BERAS model");
        Files.write(file, new byte[0]);
        refuse("an empty file");
    }

    @Test
    void aMissingFileIsNotABadModel() {
        assertThrows(NoSuchFileException.class, () -> ModelFile.load(file));
    }

    private void refuse(String reason) {
        ModelFormatException refused = assertThrows(ModelFormatException.class, () -> ModelFile.load(file));
        assertTrue(refused.getMessage().startsWith(file + ": ") && refused.getMessage().contains(reason),
                () -> "expected \"" + reason + "\" in: " + refused.getMessage());
    }

    // ------------------------------------------------------------------------------------------------- saving

    @Test
    void replacesAFileOnlyWhenTold() throws IOException {
        Files.writeString(file, "precious");
        assertThrows(FileAlreadyExistsException.class, () -> ModelFile.save(small(), file));
        assertEquals("precious", Files.readString(file));
        ModelFile.replace(new SavedModel(small()), file);
        assertArrayEquals(bits(small()), bits(ModelFile.load(file).model()));
        assertEquals(List.of(), leftovers());
    }
}
