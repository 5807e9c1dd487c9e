package beras.saving.keras;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Bytes;
import beras.files.Library;
import beras.layers.Bidirectional;
import beras.layers.Layer;
import beras.layers.MultiHeadAttention;
import beras.layers.Recurrent;
import beras.layers.TimeDistributed;
import beras.models.Ensemble;
import beras.models.Model;
import beras.models.Models;
import beras.models.Views;
import beras.saving.ConfigJson;
import beras.saving.FormatSupport;
import beras.saving.PortableFormat;
import beras.saving.SavedModel;
import beras.saving.Version;
import beras.saving.WeightReport;
import beras.saving.bytes.ZipEntries;
import beras.saving.keras.KerasConfig.Part;
import beras.tensor.Shape;
import beras.tensor.Variable;
import beras.training.TrainingLock;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keras 3's {@code .keras}: a zip of {@code config.json}, which describes the model and how it is compiled, and of
 * {@code model.weights.h5}, which has the weights of the model and the state of the optimizer.
 */
public final class KerasFile implements PortableFormat {

    static final String METADATA = "metadata.json";
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.weights.h5";
    static final String LAYERS = "layers";

    private static final String USER = "A .keras file";
    private static final String KERAS_VERSION = "3.16.0"; // whose format it is
    private static final int MOST_JSON_BYTES = 1 << 26;
    private static final String COUNT = "Normalization"; // has besides how many it learnt from

    /** Found by {@link java.util.ServiceLoader} as a {@link PortableFormat}. */
    public KerasFile() {}

    @Override
    public String suffix() {
        return ".keras";
    }

    @Override
    public boolean isOne(Path file, Bytes bytes) throws IOException {
        return isNameOf(file) || bytes.size() >= Integer.BYTES && bytes.read(0, Integer.BYTES).getInt(0) == ZipEntries.LOCAL;
    }

    @Override
    public Imported read(Path file, Optional<Model> net) throws IOException {
        Library.JHDF.require(USER);
        Map<Variable, String> places = new LinkedHashMap<>();
        SavedModel saved = FormatSupport.readModel(file, CONFIG, bytes -> read(bytes, places));
        FormatSupport.requireNone(net, "A file of Keras");
        Map<String, String> taken = new LinkedHashMap<>();
        FormatSupport.weights(saved.model()).forEach((name, weight) -> {
            if (places.containsKey(weight)) { // else its settings contain it
                taken.put(name, places.get(weight));
            }
        });
        return new Imported(saved, new WeightReport(taken, saved.leftOut()));
    }

    /** @param places takes for each weight that of its array */
    private static SavedModel read(Bytes file, Map<Variable, String> places) throws IOException {
        Map<String, Integer> most = new LinkedHashMap<>();
        most.put(METADATA, MOST_JSON_BYTES);
        most.put(CONFIG, MOST_JSON_BYTES);
        most.put(WEIGHTS, Integer.MAX_VALUE - 16);
        Map<String, byte[]> entries = ZipEntries.read(file, most);
        for (String name : List.of(CONFIG, WEIGHTS)) {
            refuseIf(!entries.containsKey(name),
                    "the zip of a Keras model has a " + name + ". Received only: " + entries.keySet());
        }
        JsonObject json = ConfigJson.parse(new String(entries.get(CONFIG), StandardCharsets.UTF_8)).getAsJsonObject();
        KerasConfig configs = new KerasConfig();
        KerasConfig.Described described = configs.model(json);
        configs.parts.requireAll();
        byte[] weights = entries.get(WEIGHTS);
        try (Hdf5 arrays = new Hdf5(WEIGHTS, weights)) {
            // A Normalization may have its numbers in the config, each with a comma.
            long mostFloats = (long) weights.length / Float.BYTES + entries.get(CONFIG).length / 2;
            Model model = Models.zeroInitializedWithin(described.config(), mostFloats);
            List<Variable> inOrder = new ArrayList<>();
            fill(model, described.part(), "", arrays, inOrder, places);
            return KerasTraining.compiled(json, described.keys(), model, inOrder, arrays);
        }
    }

    /** Reads the weights of a model, and adds them in Keras's order. */
    private static void fill(Model model, Part part, String path, Hdf5 arrays, List<Variable> inOrder,
            Map<Variable, String> places) {
        Map<String, Integer> counts = new HashMap<>();
        for (Part inner : part.parts()) {
            if (inner.type().equals("InputLayer") && part.type().equals("Sequential")) {
                continue;
            }
            String place = path + LAYERS + "/" + KerasWriter.numbered(inner.type(), counts);
            Layer layer = model.layer(inner.name());
            if (layer instanceof Model innerModel) {
                fill(innerModel, inner, place + "/", arrays, inOrder, places);
            } else {
                fill(layer, inner, place, arrays, inOrder, places);
            }
        }
    }

    private static void fill(Layer layer, Part part, String place, Hdf5 arrays, List<Variable> inOrder,
            Map<Variable, String> places) {
        groups(layer, place).forEach((group, inner) -> {
            List<Variable> weights = part.given() ? List.of() : inner.weights();
            List<Hdf5.Stored> vars = arrays.vars(group);
            int expected = weights.size() + (inner.typeName().equals(COUNT) && !part.given() ? 1 : 0);
            refuseIf(vars.size() != expected, WEIGHTS + ": the layer \"" + part.name() + "\" needs " + expected + " arrays in "
                    + group + "/vars. Received: " + vars.size());
            for (int i = 0; i < weights.size(); i++) {
                Variable weight = weights.get(i);
                vars.get(i).read(shape(weight), weight, () -> "the " + weight.name() + " of the layer \"" + part.name() + "\"");
                places.put(weight, Hdf5.place(group, i));
            }
        });
        inOrder.addAll(layer.weights());
    }

    /** The groups of a layer's weights, or of the layers inside it. */
    static Map<String, Layer> groups(Layer layer, String place) {
        Map<String, Layer> groups = new LinkedHashMap<>();
        if (layer instanceof Bidirectional) {
            groups.putAll(groups(layer.layers().get(0), place + "/forward_layer"));
            groups.putAll(groups(layer.layers().get(1), place + "/backward_layer"));
        } else if (layer instanceof MultiHeadAttention) {
            layer.layers().forEach(part -> groups.put(place + "/" + part.name() + "_dense", part));
        } else if (layer instanceof TimeDistributed) {
            groups.putAll(groups(layer.layers().get(0), place + "/layer"));
        } else {
            groups.put(layer instanceof Recurrent ? place + "/cell" : place, layer);
        }
        return groups;
    }

    /** The shape of a weight in Keras: a bias is a row here. */
    static Shape shape(Variable weight) {
        return weight.name().equals("bias") && weight.dim(0) == 1 ? Shape.of(weight.size()) : weight.shape();
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        Library.JHDF.require(USER);
        try (TrainingLock saving = TrainingLock.ofSaving(saved.model().weights())) {
            KerasWriter writer = new KerasWriter(saved);
            JsonObject metadata = new JsonObject();
            metadata.addProperty("keras_version", KERAS_VERSION);
            metadata.addProperty("written_by", "BERAS " + Version.get());
            Map<String, byte[]> entries = new LinkedHashMap<>();
            entries.put(METADATA, bytes(metadata));
            entries.put(CONFIG, bytes(writer.json));
            entries.put(WEIGHTS, Hdf5.write(writer.arrays));
            ZipEntries.write(entries, out);
            return new WeightReport(writer.taken, leavesOut(saved, writer));
        }
    }

    private static byte[] bytes(JsonObject json) {
        return KerasJson.GSON.toJson(json).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean keepsPreprocessor() {
        return false;
    }

    @Override
    public List<String> leavesOut(SavedModel saved) {
        Library.JHDF.require(USER);
        return leavesOut(saved, new KerasWriter(saved));
    }

    private static List<String> leavesOut(SavedModel saved, KerasWriter writer) {
        List<String> left = new ArrayList<>();
        saved.preprocessor().ifPresent(any -> left.add("what makes inputs from data"));
        saved.conformalScores().ifPresent(any -> left.add("the scores of held-out rows, for `interval`"));
        saved.bound().ifPresent(any -> left.add("the bound below which an image is of no label"));
        saved.recipe().ifPresent(any -> left.add(
                writer.isCompiled ? "the recipe, except for loss, metrics and optimizer" : "the recipe"));
        saved.trainingState().ifPresent(any -> left.add(
                writer.hasOptimizerState ? "where its training was, except for the optimizer" : "where its training was"));
        if (!saved.provenance().isEmpty()) {
            left.add("where it comes from");
        }
        if (saved.model() instanceof Ensemble) {
            left.add("how the nets of an ensemble are trained, each by itself");
        }
        if (saved.model() instanceof Views) {
            left.add("how the net is trained, by the images alone");
        }
        saved.model().customTrainStep().ifPresent(type -> left.add("the trainStep of " + type.getName() + ", which is code"));
        left.addAll(writer.changed);
        if (!writer.notCompiled.isEmpty()) {
            left.add("how it is compiled, as Keras does not have " + String.join("; ", writer.notCompiled));
        }
        return left.stream().map(what -> "The file has no place for " + what).toList();
    }
}
