package beras.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.config.Config;
import beras.config.ConfigText;
import beras.constraints.Constraints;
import beras.feed.Batch;
import beras.initializers.Constant;
import beras.initializers.Identity;
import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GaussianNoise;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Node;
import beras.layers.Normalization;
import beras.layers.Reshape;
import beras.layers.activations.Activations;
import beras.layers.activations.GELU;
import beras.losses.MeanSquaredError;
import beras.metrics.BalancedAccuracy;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.regularizers.L1L2;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What BERAS has and Keras too goes to a {@code .keras} file and comes back; the rest is refused or told. */
@Tag("saving")
class KerasWriterTest {

    private static final Tensor X = Tensor.generate(i -> (i * 7 % 11 - 5) / 4.0, 6, 4);
    private static final Tensor Y = Tensor.generate(i -> i % 3 / 2.0, 6, 2);

    @TempDir
    Path folder;

    private SavedModel again(Model model) throws IOException {
        return ModelFile.load(written(model));
    }

    private Path written(Model model) throws IOException {
        String out = System.getProperty("beras.keras.out");
        Path file = (out == null ? folder : Path.of(out)).resolve("own-" + System.nanoTime() + ".keras");
        ModelFile.save(model, file);
        return file;
    }

    private static void assertSameBits(Tensor expected, Tensor received) {
        assertEquals(expected.shape(), received.shape());
        assertTrue(expected.equals(received), () -> expected + " but " + received);
    }

    @Test
    void allActivationsComeBack() throws IOException {
        for (String name : Activations.names()) {
            Layer layer = Activations.of(name);
            Model model = new Sequential(1, new Input(4), layer, new Dense(3, name), new Dense(2));
            Model again = again(model).model();
            assertSameBits(model.predict(X), again.predict(X));
            assertEquals(model.layers().get(0).config().with("seed", null), again.layers().get(0).config().with("name", null));
        }
    }

    @Test
    void anActivationWithSettingsComesBack() throws IOException {
        Model model = new Sequential(1, new Input(4), new Dense(3).activation(Activations.of("leaky_relu(0.25)")),
                new Dense(2).activation(Activations.of("elu(0.5)")));
        assertSameBits(model.predict(X), again(model).model().predict(X));
        Model approximate = new Sequential(new Input(4), new Dense(3).activation(new GELU().approximate(true)));
        String message = assertThrows(IllegalArgumentException.class, () -> again(approximate)).getMessage();
        assertTrue(message.contains("layer \"dense\": activation GELU(approximate=true)"), message);
    }

    @Test
    void allLayersAndTheirSettingsComeBack() throws IOException {
        Normalization normalization = new Normalization();
        normalization.adapt(X);
        Node x = new Input(4).apply();
        Node scaled = normalization.apply(x);
        Node table = new Flatten().apply(new Embedding(3, 2).apply(new Input(2).apply()));
        Dense dense = new Dense(4).kernelRegularizer(new L1L2(0.1f, 0.2f))
                .biasConstraint(Constraints.of("max_norm(1.5, axis=-1)")).kernelInitializer(new Identity(0.5)).biasInitializer(new Constant(0.25));
        Node sum = new Add().apply(dense.apply(scaled), new LayerNormalization().apply(scaled));
        Node noisy = new GaussianNoise(0.1).apply(new Dropout(0.2).apply(new BatchNormalization().apply(sum)));
        Node y = new Dense(2).named("end").apply(new Concatenate().apply(new Reshape(2, 2).apply(noisy).inputs().get(0), table));
        Model model = new Functional(7, List.of(x, table.inputs().get(0).inputs().get(0)), List.of(y));
        Tensor words = Tensor.generate(i -> i % 3, 6, 2);
        Model again = again(model).model();
        assertSameBits(model.predict(X, words), again.predict(X, words));
        assertEquals(dense.config().with("name", null).with("seed", null),
                again.layer("dense").config().with("name", null).with("seed", null));
    }

    @Test
    void allLayersOfImagesComeBack() throws IOException {
        List<String> layers = List.of("zero_padding_2d([1, 0, 2, 1]), conv_2d(4, [3, 2], strides=[2, 1], padding=same, groups=2,"
                        + " activation=relu, kernel_constraint=max_norm(2, axis=[0, 1, 2]), bias_constraint=max_norm(1)),"
                        + " batch_norm, max_pool([2, 1], padding=same), cropping_2d([0, 1, 1, 0]), group_norm(2),"
                        + " spatial_dropout(0.2), global_avg_pool(keepdims=true), flatten",
                "depthwise_conv(2, depth_multiplier=2, depthwise_regularizer=l2(0.1)), separable_conv(3, 2, dilation_rate=2,"
                        + " pointwise_initializer=he_normal, activation=tanh), avg_pool(2, strides=1), up_sampling([2, 1],"
                        + " interpolation=bilinear), conv_transpose(2, 3, strides=2), global_max_pool",
                "reshape([18, 4]), conv_1d(3, 2, padding=causal, dilation_rate=2), max_pool1d(2), avg_pool1d(2, strides=1),"
                        + " global_max_pool1d",
                "reshape([18, 4]), conv_1d(3, 2, strides=2), global_avg_pool1d");
        Tensor images = Tensor.generate(i -> (i * 7 % 11 - 5) / 4.0, 3, 6, 6, 2);
        for (String text : layers) {
            Model model = Sequential.of(new Recipe().seed(4).layers(text), Shape.of(6, 6, 2));
            Model again = again(model).model();
            assertSameBits(model.predict(images), again.predict(images));
            for (int i = 0; i < model.layers().size(); i++) {
                Config expected = model.layers().get(i).config();
                if (expected.values().get("biasConstraint") instanceof Config rule) {
                    expected = expected.with("biasConstraint", rule.with("axis", List.of(-1)));
                }
                assertEquals(withoutSeeds(expected), withoutSeeds(again.layers().get(i).config().with("name", null)));
            }
        }
    }

    private static String withoutSeeds(Config config) {
        return ConfigText.print(config).replaceAll("seed=-?\\d+(, )?", "").replace("()", "");
    }

    @Test
    void layersOfOneClassKeepTheirWeightsHoweverTheyAreConnected() throws IOException {
        Node x = new Input(4).apply();
        Node far = new Dense(4).named("a").apply(new Dense(4).named("b").apply(x));
        Dense twice = new Dense(4).named("c");
        Node y = new Add().apply(twice.apply(x), far, twice.apply(far), new Dense(4).named("d").apply(x));
        Model inner = new Functional(x, y);
        Node z = new Input(4).apply();
        Model model = new Functional(z, new Dense(2).apply(new Sequential(5, new Input(4), inner, new Dense(4)).apply(z)));
        Model again = again(model).model();
        assertSameBits(model.predict(X), again.predict(X));
    }

    @Test
    void aLayerTwiceInASequentialModelAndFrozenOnesComeBack() throws IOException {
        Dense twice = new Dense(4, "tanh");
        Dense frozen = new Dense(2);
        frozen.trainable(false);
        Model model = new Sequential(1, new Input(4), twice, twice, frozen);
        Model again = again(model).model();
        assertSameBits(model.predict(X), again.predict(X));
        assertFalse(again.layers().get(1).isThawed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd(0.01)", "sgd(0.01, momentum=0.9)", "rmsprop(0.01, form=keras)",
        "rmsprop(0.01, form=keras, momentum=0.5)", "rmsprop(0.01, form=keras, centered=true)",
        "rmsprop(0.01, form=keras, centered=true, momentum=0.5)", "adam(0.01, form=keras)",
        "adam(0.01, form=keras, amsgrad=true, gradientAccumulationSteps=2, emaMomentum=0.9, emaOverwriteFrequency=2)",
        "adamw(0.01)", "nadam(0.01)", "adamax(0.01)", "adagrad(0.01)", "adadelta(0.5)", "lion(0.001, clipvalue=0.5)",
        "adam(schedule=piecewise([2, 4], [0.1, 0.05, 0.01]), form=keras)"})
    void aTrainingGoesOnToTheSameBits(String optimizer) throws IOException {
        Optimizer made = Optimizers.of(optimizer);
        Model model = new Sequential(1, new Input(4), new Dense(5, "tanh"), new BatchNormalization(), new Dense(2));
        model.compile(made, new MeanSquaredError());
        Batch batch = new Batch(List.of(X), List.of(Y), null);
        for (int i = 0; i < 3; i++) {
            model.trainOnBatch(batch);
        }
        Model again = again(model).model();
        assertEquals(made.config(), again.optimizer().orElseThrow().config());
        for (int i = 0; i < 3; i++) {
            assertEquals(model.trainOnBatch(batch).loss(), again.trainOnBatch(batch).loss());
        }
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(again));
    }

    @Test
    void whatKerasLacksIsLeftOutAndTold() throws IOException {
        Model model = new Sequential(1, new Input(4), new Dense(2));
        model.compile(new Adam(), new MeanSquaredError(), new BalancedAccuracy());
        Path file = Path.of("m.keras");
        SavedModel saved = new SavedModel(model).recipe(new Recipe()).provenance(Map.of("seed", "1"));
        assertEquals(List.of("the recipe", "where it comes from", "how it is compiled, as Keras lacks Adam in the form of the"
                + " assignment; Keras's is Adam.keras(...); metric BalancedAccuracy"), ModelFile.leavesOut(saved, file));
        assertEquals(List.of(), ModelFile.leavesOut(saved, Path.of("m.beras")));
        assertTrue(again(model).model().optimizer().isEmpty());
    }

    @Test
    void allThatCannotBeToldIsRefusedAtOnceAndLeavesNoFile() throws IOException {
        Dense half = new Dense(2).named("half");
        Model model = new Sequential(1, new Input(4), half, new Dense(2).activation(new GELU().approximate(true)).named("last"));
        half.weights().get(1).trainable(false);
        Path file = folder.resolve("m.keras");
        String message = assertThrows(IllegalArgumentException.class, () -> ModelFile.save(model, file)).getMessage();
        assertTrue(message.contains("layer \"half\": its bias is frozen alone") && message.contains("layer \"last\""), message);
        assertFalse(Files.exists(file));
    }

    @Test
    void aTrainingIsNotKeptInAFormatWithoutAPlaceForIt() {
        Model model = new Sequential(1, new Input(4), new Dense(2));
        model.compile(Adam.keras(), new MeanSquaredError());
        BackupAndRestore backup = new BackupAndRestore(folder.resolve("m.keras"));
        String message = assertThrows(IllegalArgumentException.class,
                () -> model.fit(X, Y, new FitOptions().callbacks(backup))).getMessage();
        assertTrue(message.contains("m.keras. Give it another name"), message);
    }

    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        Model model = new Sequential(1, new Input(4), new Dense(2));
        assertEquals(-1, Files.mismatch(written(model), written(model)));
    }

    @Test
    void allInitializersComeBack() throws IOException {
        List<Layer> layers = new ArrayList<>(List.of(new Input(4)));
        for (String name : Initializers.names()) {
            layers.add(new Dense(4).kernelInitializer(Initializers.of(ConfigText.nameOrText(name))));
        }
        Model model = new Sequential(1, layers.toArray(Layer[]::new));
        Model again = again(model).model();
        for (int i = 0; i < model.layers().size(); i++) {
            assertEquals(model.layers().get(i).config().with("seed", null),
                    again.layers().get(i).config().with("seed", null).with("name", null));
        }
    }
}
