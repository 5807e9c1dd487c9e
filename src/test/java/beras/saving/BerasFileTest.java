package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.files.Bytes;
import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.WeightSpec;
import beras.losses.MeanSquaredError;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.saving.bytes.Safetensors;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.FitOptions;
import beras.training.LastState;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a model file, and what is refused that claims to be one. */
@Tag("saving")
class BerasFileTest {

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("m.beras");
        Layers.REGISTRY.register(Twice::new);
        Layers.REGISTRY.register(Void::new);
    }

    @AfterEach
    void forgetOwnLayers() {
        Layers.REGISTRY.unregister("Twice");
        Layers.REGISTRY.unregister("Void");
    }

    /** Two layers of one type in one. */
    private static final class Twice extends Layer {

        private final Dense first = addLayer(new Dense(3));
        private final Dense second = addLayer(new Dense(3));

        @Override
        protected Tensor compute(Call call) {
            return second.call(first.call(call.input(0)));
        }
    }

    /** A layer with a weight of no elements. */
    private static final class Void extends Layer {

        Void() {
            addWeight(inputs -> WeightSpec.state("nothing", Shape.of(0, 4), Initializers.zeros()));
        }

        @Override
        protected Tensor compute(Call call) {
            return call.input(0);
        }
    }

    private Safetensors header() throws IOException {
        try (Bytes bytes = Bytes.open(file)) {
            Safetensors header = Safetensors.read(bytes);
            header.requireFloats(bytes.size());
            return header;
        }
    }

    private List<String> names() throws IOException {
        return List.copyOf(header().entries().keySet());
    }

    /** Saves and loads; the same bits and flags must come back. */
    private SavedModel again(SavedModel saved) throws IOException {
        ModelFile.replace(saved, file);
        SavedModel loaded = ModelFile.load(file);
        assertEquals(saved.model().config(), loaded.model().config());
        assertEquals(ModelFile.weightsSha256(saved.model()), ModelFile.weightsSha256(loaded.model()));
        assertEquals(flags(saved.model()), flags(loaded.model()));
        byte[] first = Files.readAllBytes(file);
        ModelFile.replace(loaded, file);
        assertArrayEquals(first, Files.readAllBytes(file), "saved again it is the same file");
        return loaded;
    }

    private static List<Boolean> flags(Model model) {
        List<Boolean> flags = new ArrayList<>(model.weights().stream().map(Variable::trainable).toList());
        model.layers().forEach(layer -> flags.add(!layer.isFrozen()));
        return flags;
    }

    // -------------------------------------------------------------------------------------------------------- names

    @Test
    void weightsHaveTheNamesOfTheirLayers() throws IOException {
        again(new SavedModel(new Sequential(1, new Input(3), new Dense(4), new BatchNormalization(),
                new Dense(2).named("head"))));
        assertEquals(List.of("dense/kernel", "dense/bias", "batch_normalization/gamma", "batch_normalization/beta",
                "batch_normalization/moving_mean", "batch_normalization/moving_variance", "head/kernel", "head/bias"), names());
    }

    @Test
    void modelsWithinModelsAndLayersMadeOfOthers() throws IOException {
        Model inner = new Sequential(1, new Input(3), new Dense(3), new Twice());
        Model middle = new Sequential(2, new Input(3), inner, new Dense(3));
        again(new SavedModel(new Sequential(3, new Input(3), new Dense(3), middle, new Twice(), new Twice())));
        assertEquals(List.of("dense/kernel", "dense/bias", "sequential/sequential/dense/kernel",
                "sequential/sequential/dense/bias", "sequential/sequential/twice/kernel", "sequential/sequential/twice/bias",
                "sequential/sequential/twice/kernel_1",
                "sequential/sequential/twice/bias_1", "sequential/dense/kernel", "sequential/dense/bias", "twice/kernel",
                "twice/bias", "twice/kernel_1", "twice/bias_1", "twice_1/kernel", "twice_1/bias", "twice_1/kernel_1",
                "twice_1/bias_1"), names());
    }

    @Test
    void aLayerInSeveralModelsIsThereOnce() throws IOException {
        Dense shared = new Dense(3);
        Model one = new Sequential(1, new Input(3), new Dense(3), shared);
        Model other = new Sequential(2, new Input(3), shared);
        Node x = new Input(3).apply();
        Model model = new Functional(x, new Add().apply(one.apply(x), other.apply(shared.apply(x))));
        Model loaded = again(new SavedModel(model)).model();
        assertEquals(4, loaded.weights().size());
        assertEquals(4, Set.copyOf(names()).size());
    }

    @Test
    void frozenWeightsAndFrozenLayersStayFrozen() throws IOException {
        Dense frozen = new Dense(3);
        Model base = new Sequential(1, new Input(3), new Dense(3), new BatchNormalization());
        Model model = new Sequential(2, new Input(3), base, frozen, new Dense(3));
        frozen.trainable(false);
        base.trainable(false);
        model.weights().get(model.weights().size() - 1).trainable(false);
        Model loaded = again(new SavedModel(model)).model();
        assertEquals(9, flags(loaded).subList(0, 10).stream().filter(flag -> !flag).count());
        loaded.layers().get(1).trainable(true);
        assertTrue(loaded.layers().get(1).weights().get(0).trainable(), "a layer that was frozen can be thawed");
    }

    @Test
    void weightsWithoutElements() throws IOException {
        again(new SavedModel(new Sequential(1, new Input(3), new Void(), new Dense(2), new Void())));
        assertEquals(List.of("void/nothing", "dense/kernel", "dense/bias", "void_1/nothing"), names());
        again(new SavedModel(new Sequential(1, new Input(3), new Void())));
    }

    @Test
    void modelsWithoutWeights() throws IOException {
        again(new SavedModel(new Sequential(new Input(3))));
        assertEquals(List.of(), names());
    }

    // -------------------------------------------------------------------------------------------------------- parts

    /** The model at the end of its training, with the state before its last end of an epoch. */
    private static SavedModel trained(boolean averaged) {
        Model model = new Sequential(1, new Input(2), new Dense(3), new BatchNormalization(), new Dense(1));
        SGD sgd = new SGD(0.1f);
        model.compile(averaged ? sgd.with("emaMomentum", 0.5) : sgd, new MeanSquaredError());
        LastState state = new LastState();
        model.fit(Tensor.generate(i -> i % 5, 8, 2), Tensor.ones(8, 1), new FitOptions().epochs(2).callbacks(state));
        return new SavedModel(model).trainingState(state.last().orElseThrow());
    }

    private void assertState(TrainingState expected, TrainingState actual) {
        assertEquals(expected.config(), actual.config());
        assertEquals(Set.copyOf(expected.tensors().keySet()), Set.copyOf(actual.tensors().keySet()));
        expected.tensors().forEach((name, tensor) -> {
            assertEquals(tensor.shape(), actual.tensors().get(name).shape(), name);
            assertArrayEquals(tensor.toArray(), actual.tensors().get(name).toArray(), name);
        });
    }

    @Test
    void weightsThatTrainingGoesOnWithAreStoredOnce() throws IOException {
        SavedModel saved = trained(false);
        SavedModel loaded = again(saved);
        assertState(saved.trainingState().orElseThrow(), loaded.trainingState().orElseThrow());
        assertTrue(names().stream().noneMatch(name -> name.startsWith("/training/weights.")), names()::toString);
    }

    @Test
    void averagesAreStoredBesideTheWeightsThatTrainingGoesOnWith() throws IOException {
        SavedModel saved = trained(true);
        SavedModel loaded = again(saved);
        assertState(saved.trainingState().orElseThrow(), loaded.trainingState().orElseThrow());
        assertEquals(saved.model().weights().size(),
                names().stream().filter(name -> name.startsWith("/training/weights.")).count());
    }

    @Test
    void recipePreprocessorAndProvenanceComeBack() throws IOException {
        Recipe recipe = new Recipe().layers("dense(3, relu), dense(2, softmax)").loss("cross-entropy(label_smoothing=0.1)")
                .metrics("accuracy").optimizer("adam(0.002)").schedule("cosine(warmup=1)").seed(Long.MIN_VALUE)
                .classWeight(1, 0.1f);
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("z", "\"\u0000\n\u4e16");
        provenance.put("beras", "another");
        provenance.put("a", "");
        SavedModel loaded = again(new SavedModel(new Sequential(1, new Input(4), new Dense(2))).recipe(recipe)
                .preprocessor(ImagePreprocessor.ofNumbers(2, 2, 2)).provenance(provenance));
        assertEquals(recipe, loaded.recipe().orElseThrow());
        assertEquals(recipe.toString(), loaded.recipe().orElseThrow().toString());
        assertEquals(ImagePreprocessor.ofNumbers(2, 2, 2).config(), loaded.preprocessor().orElseThrow().config());
        provenance.put("beras", Version.get());
        provenance.put("arithmetic", Integer.toString(Version.ARITHMETIC));
        assertEquals(provenance, loaded.provenance());
        assertTrue(loaded.trainingState().isEmpty());
    }

    @Test
    void aNumberThatJsonDoesNotHaveIsRefusedWhenSaved() {
        assertThrows(IllegalArgumentException.class, () -> ModelFile.save(new SavedModel(new Sequential(new Input(3)))
                .trainingState(new TrainingState(Config.of("T").with("x", Double.NaN))), file));
        assertTrue(Files.notExists(file));
    }

    // ------------------------------------------------------------------------- files that say something impossible

    private static final String DENSE = "{\"type\":\"Sequential\",\"layers\":[{\"type\":\"Input\",\"shape\":[2]},"
            + "{\"type\":\"Dense\",\"units\":1,\"inputs\":2}]}";

    private static Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("dense/kernel", Tensor.ones(2, 1));
        weights.put("dense/bias", Tensor.zeros(1, 1));
        return weights;
    }

    private static Map<String, String> metadata(String... more) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("beras.version", "3");
        metadata.put("beras.model", DENSE);
        for (int i = 0; i < more.length; i += 2) {
            metadata.put("beras." + more[i], more[i + 1]);
        }
        return metadata;
    }

    private void refuse(String reason, Map<String, String> metadata, Map<String, Tensor> tensors) throws IOException {
        Files.write(file, ModelBytes.of(metadata, tensors));
        ModelFormatException refused = assertThrows(ModelFormatException.class, () -> ModelFile.load(file));
        assertTrue(refused.getMessage().startsWith(file + ": ") && refused.getMessage().contains(reason),
                () -> "expected \"" + reason + "\" in: " + refused.getMessage());
    }

    @Test
    void theLeastThatAFileNeeds() throws IOException {
        Files.write(file, ModelBytes.of(metadata(), weights()));
        SavedModel saved = ModelFile.load(file);
        assertEquals(Map.of(), saved.provenance());
        assertEquals(3, saved.model().predict(Tensor.of(new float[][] {{1, 2}})).item());
        assertSame(true, saved.model().weights().get(0).trainable());
    }

    @Test
    void otherVersionsAreNamed() throws IOException {
        refuse("has version 4 of the format, and this BERAS reads 3. Upgrade BERAS", metadata("version", "4"), Map.of());
        refuse("has version 2 of the format, and this BERAS reads 3. There is no such", metadata("version", "2"), weights());
        refuse("version none", Map.of(), weights());
        refuse("the metadata have no \"beras.model\"", Map.of("beras.version", "3"), weights());
    }

    @Test
    void theMetadataMustBeWhatTheySay() throws IOException {
        for (String bad : List.of("", "[]", "{", "null", "7", "\"x\"", "{}", "{\"type\":7}", "{\"type\":[]}", "{\"type\":{}}",
                "{\"type\":\"X\",\"x\":null}", "{'type':'X'}", "{\"type\":\"Recipe\"} {}", "{\"type\":\"X\",\"arguments\":1}",
                "{\"type\":\"Recipe\",\"epochs\":1e999999999}", "{\"type\":\"Recipe\",\"epochs\":\"many\"}", "[".repeat(100_000),
                "{\"type\":\"Recipe\",\"x\":".repeat(100_000))) {
            for (String part : List.of("model", "recipe", "preprocessor")) {
                refuse("", metadata(part, bad), weights());
            }
        }
        for (String bad : List.of("", "[]", "{\"a\":{}}", "{\"a\":[]}", "{\"a\":null}", "7")) {
            refuse("", metadata("provenance", bad), weights());
        }
        for (String bad : List.of("", "{}", "7", "[[]]", "[null]", "[{}]", "[\"dense\"]")) {
            refuse("", metadata("frozen", bad), weights());
        }
        for (String bad : List.of("", "[]", "7", "{}")) {
            refuse("", metadata("training", bad), weights());
        }
        refuse("There is no preprocessor of this type", metadata("preprocessor", "{\"type\":\"X\"}"), weights());
        refuse("The preprocessor makes examples of shape (4,)",
                metadata("preprocessor", "{\"type\":\"ImagePreprocessor\",\"height\":2,\"width\":2,\"labels\":[0,1]}"),
                weights());
    }

    @Test
    void theLayersMustBeKnownAndFit() throws IOException {
        refuse("layer 1: There is no such name for a layer. Received: Crystal. Known: Input, Dense",
                metadata("model", DENSE.replace("Dense", "Crystal")), weights());
        refuse("the layers need 12 bytes of weights", metadata("model", DENSE), Map.of("dense/kernel", Tensor.ones(2, 1)));
        refuse("does not fit layer 2 (Dense(1)), which gives examples of shape (1,): Dense(2, 1) needs examples whose"
                + " last axis is 2",
                metadata("model", DENSE.replace("}]", "},{\"type\":\"Dense\",\"units\":1,\"inputs\":2}]")), weights());
    }

    @Test
    void theWeightsMustBeThoseOfTheLayers() throws IOException {
        Map<String, Tensor> weights = weights();
        weights.put("more", Tensor.zeros(0));
        refuse("the layers need as weight 3: none more. Received: more", metadata(), weights);
        weights = new LinkedHashMap<>();
        weights.put("dense/bias", Tensor.zeros(1, 1));
        weights.put("dense/kernel", Tensor.zeros(2, 1));
        refuse("the layers need as weight 1: dense/kernel. Received: dense/bias", metadata(), weights);
        weights = weights();
        weights.put("dense/kernel", Tensor.ones(1, 2));
        refuse("the layers need weight dense/kernel to have shape (2, 1). Received: (1, 2)", metadata(), weights);
        refuse("the layers need 12 bytes of weights. Received: 0", metadata(), Map.of());
    }

    @Test
    void aSizeThatIsMerelyClaimedAllocatesNothing() throws IOException {
        refuse("the layers need ", metadata("model", DENSE.replace("\"units\":1", "\"units\":500000000")), weights());
        refuse("", metadata("model", DENSE.replace("\"units\":1", "\"units\":2147483647").replace("2]", "2147483647]")),
                weights());
    }
}
