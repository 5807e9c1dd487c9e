package beras.saving;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.config.Configurable;
import beras.config.InvalidDataException;
import beras.feed.Preprocessor;
import beras.files.Bytes;
import beras.files.Excerpt;
import beras.files.FileFailure;
import beras.layers.Embedding;
import beras.layers.Layer;
import beras.layers.Masking;
import beras.models.Model;
import beras.prediction.Calibration;
import beras.prediction.ConformalScores;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Recipe;
import beras.training.TrainingState;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Helpers for every {@link PortableFormat}: names of weights, metadata, and errors that name the file. */
@SuppressWarnings("exports") // who writes a format elsewhere has no need of the bytes
public final class FormatSupport {

    /** The metadata key of the preprocessor. */
    public static final String PREPROCESSOR = "beras.preprocessor";

    /** The metadata that hold the config of the model. */
    public static final String MODEL = "beras.model";

    static final String PROVENANCE = "beras.provenance";
    static final String WRITER = "beras"; // among the provenance: the version of BERAS that wrote the file
    static final String ARITHMETIC = "arithmetic"; // and that of its arithmetic

    /** A part of a saved model whose config is in metadata under {@code key}; {@code what} is its name in sentences. */
    record Part(String key, String what, Function<SavedModel, Optional<? extends Configurable>> of,
            BiFunction<SavedModel, Config, SavedModel> with) {}

    static final List<Part> PARTS = List.of(
            new Part("beras.recipe", "the recipe", SavedModel::recipe, (saved, config) -> saved.recipe(Recipe.of(config))),
            new Part(PREPROCESSOR, "the preprocessor", SavedModel::preprocessor,
                    (saved, config) -> saved.preprocessor(Preprocessor.of(config))),
            new Part("beras.conformal", "the scores of held-out examples", SavedModel::conformalScores,
                    (saved, config) -> saved.conformalScores(ConformalScores.of(config))),
            new Part("beras.calibration", "the calibration", SavedModel::calibration,
                    (saved, config) -> saved.calibration(Calibration.of(config))));

    // -------------------------------------------------------------------------------------------------- weights

    /**
     * The weights of a model by the names that they have in files, in order: a layer that is in several models is in the first of
     * them; where a layer made of others has several {@code kernel}s, these are {@code kernel}, {@code kernel_1} and so on.
     */
    public static Map<String, Variable> weights(Model model) {
        Map<Variable, String> names = weightNames(model);
        Map<String, Variable> weights = new LinkedHashMap<>();
        for (Variable weight : model.weights()) {
            weights.put(names.get(weight), weight);
        }
        return weights;
    }

    /** The name of each weight, as {@link #weights} has them, by identity. */
    public static Map<Variable, String> weightNames(Model model) {
        Map<Variable, String> names = new IdentityHashMap<>();
        name("", model, names, new HashSet<>());
        return names;
    }

    private static void name(String prefix, Model model, Map<Variable, String> names, Set<String> taken) {
        model.layersByName().forEach((layerName, layer) -> {
            if (layer instanceof Model inner) {
                name(prefix + layerName + "/", inner, names, taken);
                return;
            }
            for (Variable weight : layer.weights()) {
                if (!names.containsKey(weight)) {
                    String name = prefix + layerName + "/" + weight.name();
                    for (int again = 1; !taken.add(name); again++) {
                        name = prefix + layerName + "/" + weight.name() + "_" + again;
                    }
                    names.put(weight, name);
                }
            }
        });
    }

    /** The name of each layer of a model in it, by identity. */
    public static Map<Layer, String> layerNames(Model model) {
        Map<Layer, String> names = new IdentityHashMap<>();
        model.layersByName().forEach((name, layer) -> names.put(layer, name));
        return names;
    }

    /** Whether training resumes with the very weights of the model, which then need not be in a file twice. */
    public static boolean sameWeights(Model model, TrainingState state) {
        return isSame(model.weights(), state.list(TrainingState.WEIGHTS));
    }

    /** Whether the tensors are the same bit by bit. */
    static boolean isSame(List<? extends Tensor> tensors, List<Tensor> others) {
        return tensors.size() == others.size()
                && IntStream.range(0, others.size()).allMatch(i -> Arrays.equals(bits(tensors.get(i)), bits(others.get(i))));
    }

    private static int[] bits(Tensor tensor) {
        float[] values = tensor.toArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    // ------------------------------------------------------------------------------------------------- metadata

    /**
     * The recipe, the preprocessor, the scores of held-out examples, the calibration and the provenance of a model, as JSON under
     * the names that they have in all files.
     */
    public static Map<String, String> metadata(SavedModel saved) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Part part : PARTS) {
            part.of.apply(saved).ifPresent(known -> metadata.put(part.key, ConfigJson.write(known.config()).toString()));
        }
        JsonObject origin = new JsonObject();
        origin.addProperty(WRITER, Version.get());
        origin.addProperty(ARITHMETIC, Integer.toString(Version.ARITHMETIC));
        saved.provenance().forEach((name, value) -> origin.addProperty(name, origin.has(name) ? origin.get(name).getAsString() : value));
        metadata.put(PROVENANCE, origin.toString());
        return metadata;
    }

    /**
     * A model with the parts that {@link #metadata} wrote.
     *
     * @throws IllegalArgumentException if a part has another form, or does not fit the model
     */
    public static SavedModel withMetadata(SavedModel model, Map<String, String> metadata) {
        SavedModel saved = model;
        for (Part part : PARTS) {
            saved = metadata.containsKey(part.key) ? part.with.apply(saved, config(metadata, part.key)) : saved;
        }
        if (metadata.containsKey(PROVENANCE)) {
            Map<String, String> provenance = new LinkedHashMap<>();
            ConfigJson.parse(metadata.get(PROVENANCE)).getAsJsonObject().asMap()
                    .forEach((name, value) -> provenance.put(name, value.getAsString()));
            saved = saved.provenance(provenance);
        }
        return saved;
    }

    /** The config that metadata hold as JSON under a name. */
    public static Config config(Map<String, String> metadata, String name) {
        return ConfigJson.read(ConfigJson.parse(metadata.get(name)).getAsJsonObject());
    }

    // ---------------------------------------------------------------------------------------------- custom code

    /**
     * That a model is of a user's class with a {@code trainStep}, which is code and so in no file, as a sentence; empty if it is
     * not.
     */
    public static Optional<String> customTraining(Model model) {
        return model.customTrainStep().map(type -> "The trainStep of " + type.getName() + " is code and not in the file: the model"
                + " comes back as a " + model.config().type() + ", which is trained by its losses alone");
    }

    // -------------------------------------------------------------------------------------------------- reading

    /**
     * Rejects a network for a file that contains its own.
     *
     * @param file the kind of file in the error, such as {@code A file of ONNX}
     */
    public static void requireNone(Optional<Model> net, String file) {
        refuseIf(net.isPresent(), file + " contains its layers: do not specify them");
    }

    /** Requires a network for a file of weights. */
    public static Model require(Optional<Model> net) {
        return net.orElseThrow(() -> new InvalidDataException("A file of weights contains no network:"
                + " specify the layers"));
    }

    /** Reads a result from the bytes of a file. */
    public interface Reader<T> {
        T read(Bytes file) throws IOException;
    }

    /**
     * Reads a file of another program.
     *
     * @throws ModelFormatException if the reader throws an {@link IllegalArgumentException}, or reads past the end
     * @throws IOException if the file cannot be read
     */
    public static <T> T read(Path path, Reader<T> reader) throws IOException {
        try (Bytes file = Bytes.open(path)) {
            return reader.read(file);
        } catch (EOFException | IllegalArgumentException e) {
            String reason = e.getMessage() == null ? "the file ends too early" : e.getMessage();
            throw new ModelFormatException(path, Excerpt.message(reason), e);
        }
    }

    /**
     * Reads a file that describes its model in JSON.
     *
     * @param json the name of the JSON in errors, such as {@code config.json}
     * @throws ModelFormatException as {@link #read}, and if the reader finds that the JSON is none
     * @throws IOException if the file cannot be read
     */
    public static SavedModel readModel(Path path, String json, Reader<SavedModel> reader) throws IOException {
        try (Bytes file = Bytes.open(path)) {
            return readModel(path.toString(), json, file, reader);
        }
    }

    /** As {@link #readModel(Path, String, Reader)}, of bytes in memory. */
    static SavedModel readModel(String name, String json, Bytes file, Reader<SavedModel> reader) throws IOException {
        try {
            return reader.read(file);
        } catch (EOFException e) {
            throw new ModelFormatException(name, e.getMessage(), e);
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new ModelFormatException(name, json + " is not the JSON of a model: " + FileFailure.ofJson(e), e);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(name, e.getMessage(), e);
        }
    }

    /** Whether a layer of a model gives masks, see {@link Tensor#mask()}. */
    public static boolean hasMasks(Model model) {
        return Layer.withInner(List.of(model)).stream()
                .anyMatch(layer -> layer instanceof Masking || layer instanceof Embedding && layer.config().flag("maskZero"));
    }

    private FormatSupport() {}
}
