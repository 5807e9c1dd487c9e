package beras.saving;

import beras.config.Config;
import beras.feed.Preprocessor;
import beras.files.Bytes;
import beras.files.Sha256;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Losses;
import beras.models.Model;
import beras.models.Models;
import beras.tensor.Variable;
import beras.training.Recipe;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Model files of versions 1 and 2, which are read and no more written. All numbers are little-endian:
 *
 * <pre>
 *   8 bytes   89 'B' 'E' 'R' 'A' 'S' 0D 0A, which a transfer as text would spoil
 *   int       version of the format
 *   int       bytes of the header
 *   long      bytes of the whole file
 *   header    JSON in UTF-8
 *   weights   float32, each weight row by row, in the order of {@link Model#weights}
 *   32 bytes  SHA-256 of all before
 * </pre>
 * The header:
 *
 * <pre>
 *   {"model": "Sequential",
 *    "layers": [{"type": "Input", "shape": [784]}, {"type": "Dense", "units": 10, ...}, {"type": "Softmax"}],
 *    "nodes": [{"layer": 0, "inputs": []}, {"layer": 1, "inputs": [0]}, {"layer": 2, "inputs": [1]}],
 *    "inputs": [0], "outputs": [2],
 *    "weights": [{"shape": [784, 10], "trainable": true}, {"shape": [1, 10], "trainable": true}],
 *    "provenance": {"seed": "1"}}
 * </pre>
 * A node is one use of a layer; a layer that is used twice has two nodes and one set of weights. {@link FirstVersion} had less.
 */
final class SecondVersion {

    private static final int VERSION = 2;
    private static final int PREFIX_BYTES = 24;
    private static final int DIGEST_BYTES = 32;
    private static final byte[] MAGIC = {(byte) 0x89, 'B', 'E', 'R', 'A', 'S', '\r', '\n'};

    /** Whether a file begins as those of these versions do, as far as it goes. */
    static boolean isOne(Bytes file) throws IOException {
        int length = (int) Math.min(MAGIC.length, file.size());
        return length > 0 && Arrays.equals(file.read(0, length).array(), 0, length, MAGIC, 0, length);
    }

    /**
     * Reads a file that {@linkplain #isOne begins} right.
     *
     * @throws IllegalArgumentException if it is damaged or does not hold a model
     */
    static SavedModel read(Bytes file) throws IOException {
        long fileBytes = file.size();
        if (fileBytes < PREFIX_BYTES) {
            throw ModelFile.truncated("at least " + (PREFIX_BYTES + DIGEST_BYTES), fileBytes);
        }
        ByteBuffer prefix = file.read(0, PREFIX_BYTES);
        int version = prefix.getInt(8);
        int headerBytes = prefix.getInt(12);
        long meantBytes = prefix.getLong(16);
        if (fileBytes < meantBytes) {
            throw ModelFile.truncated(Long.toString(meantBytes), fileBytes);
        }
        if (fileBytes > meantBytes || !isIntact(file)) {
            throw ModelFile.damaged();
        }
        if (version < 1 || version > VERSION) {
            throw ModelFile.unknownVersion(Integer.toString(version));
        }
        long weightBytes = fileBytes - PREFIX_BYTES - DIGEST_BYTES - headerBytes;
        if (headerBytes < 0 || weightBytes < 0) {
            throw new IllegalArgumentException("the header cannot have " + headerBytes + " bytes in a file of " + fileBytes);
        }
        String json = StandardCharsets.UTF_8.decode(file.read(PREFIX_BYTES, headerBytes)).toString();
        SavedModel saved = header(JsonParser.parseString(json).getAsJsonObject(), version, weightBytes);
        long at = PREFIX_BYTES + (long) headerBytes;
        for (Variable weight : saved.model().weights()) {
            file.readFloats(at, weight.data(), weight.offset(), weight.size());
            at += (long) Float.BYTES * weight.size();
        }
        return saved;
    }

    private static boolean isIntact(Bytes file) throws IOException {
        long end = file.size() - DIGEST_BYTES;
        if (end < PREFIX_BYTES) {
            return false;
        }
        MessageDigest digest = Sha256.begin();
        file.digest(0, end, digest);
        return MessageDigest.isEqual(digest.digest(), file.read(end, DIGEST_BYTES).array());
    }

    /**
     * The model that a header describes; its weights are to be overwritten.
     *
     * @param version     of the format
     * @param weightBytes what the file holds of weights; no model that needs more is made
     * @throws IllegalArgumentException if the header does not describe a model with that many weights
     */
    private static SavedModel header(JsonObject json, int version, long weightBytes) {
        JsonObject header = version == 1 ? FirstVersion.upgrade(json) : json;
        if (weightBytes % Float.BYTES != 0) {
            throw new IllegalArgumentException("weights have " + Float.BYTES + " bytes each. Received: " + weightBytes);
        }
        Model model = Models.unfilled(config(header), weightBytes / Float.BYTES);
        readWeights(array(header, "weights"), model.weights());
        Map<String, String> provenance = new LinkedHashMap<>();
        member(header, "provenance").getAsJsonObject().asMap()
                .forEach((name, value) -> provenance.put(name, value.getAsString()));
        return withParts(new SavedModel(model).provenance(provenance));
    }

    /** What the command line wrote among the provenance, and is a part of its own now: the loss and the schema of a table. */
    private static SavedModel withParts(SavedModel saved) {
        SavedModel parts = saved;
        Map<String, String> provenance = saved.provenance();
        if (provenance.containsKey("loss") && Losses.has(provenance.get("loss"))) {
            String smoothing = provenance.getOrDefault("label_smoothing", "0");
            boolean smooth = Losses.of(provenance.get("loss")) instanceof CategoricalCrossEntropy;
            parts = parts.recipe(new Recipe().loss(provenance.get("loss")
                    + (smooth ? "(label_smoothing=" + smoothing + ")" : "")));
        }
        String schema = provenance.getOrDefault("table", "");
        return schema.startsWith("{")
                ? parts.preprocessor(Preprocessor.of(Config.of("TableSchema").with("json", schema))) : parts;
    }

    /** The graph part of a header as a config of {@link Models}. */
    private static Config config(JsonObject header) {
        List<Config> layers = new ArrayList<>();
        for (JsonElement layer : array(header, "layers")) {
            layers.add(ConfigJson.read(layer.getAsJsonObject()));
        }
        List<Integer> order = new ArrayList<>();
        List<List<Integer>> nodes = new ArrayList<>();
        for (JsonElement element : array(header, "nodes")) {
            JsonObject node = element.getAsJsonObject();
            List<Integer> use = places(array(node, "inputs"));
            order.add(member(node, "layer").getAsInt());
            use.add(0, order.get(nodes.size()));
            nodes.add(use);
        }
        Config config = Config.of(member(header, "model").getAsString()).with("layers", layers);
        return config.type().equals("Sequential") ? config.with("order", order) : config.with("nodes", nodes)
                .with("inputs", places(array(header, "inputs"))).with("outputs", places(array(header, "outputs")));
    }

    private static List<Integer> places(JsonArray json) {
        List<Integer> places = new ArrayList<>();
        json.forEach(place -> places.add(place.getAsInt()));
        return places;
    }

    private static void readWeights(JsonArray described, List<Variable> weights) {
        if (described.size() != weights.size()) {
            throw new IllegalArgumentException("the layers have " + weights.size() + " weights. Received shapes: "
                    + described.size());
        }
        for (int i = 0; i < weights.size(); i++) {
            JsonObject json = described.get(i).getAsJsonObject();
            JsonArray shape = array(json, "shape");
            int[] sizes = new int[shape.size()];
            for (int axis = 0; axis < sizes.length; axis++) {
                sizes[axis] = shape.get(axis).getAsInt();
            }
            if (!weights.get(i).shape().is(sizes)) {
                throw new IllegalArgumentException("the layers need weight " + (i + 1) + " to have shape "
                        + weights.get(i).shape() + ". Received: " + shape);
            }
            weights.get(i).trainable(member(json, "trainable").getAsBoolean());
        }
    }

    static JsonElement member(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the header lacks \"" + name + "\" in " + json);
        }
        return value;
    }

    static JsonArray array(JsonObject json, String name) {
        return member(json, name).getAsJsonArray();
    }

    private SecondVersion() {}
}
