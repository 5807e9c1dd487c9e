package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Registration;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Lambda;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.losses.Losses;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions are in files by their names, if these are registered; else they are refused by name, and nothing is written. */
@Tag("saving")
class FunctionsTest {

    private static final Tensor A = Tensor.generate(i -> Math.sin(1 + 1.7 * i), 30, 3);
    private static final Tensor B = Tensor.generate(i -> Math.cos(i), 30, 3);
    private static final Tensor Y = Tensor.generate(i -> i % 3 * 0.5, 30, 1);
    private static final BinaryOperator<Tensor> DISTANCE = (a, b) -> a.subtract(b).square().sum(1);
    private static final UnaryOperator<Tensor> WAVE = x -> x.sin().add(x);
    private static final BinaryOperator<Tensor> QUARTIC = (p, t) -> p.subtract(t).square().square();
    private static final BinaryOperator<Tensor> NEAR = (p, t) -> p.subtract(t).abs().less(0.5);

    /** What a program registers, wherever its models are saved and loaded. */
    private static final Registration OURS = () -> {
        Layers.register("test_distance", DISTANCE);
        Layers.register("test_wave", WAVE);
        Losses.register("test_quartic", QUARTIC);
        Metrics.register("test_near", Metric.Direction.UP, NEAR);
    };

    @TempDir
    Path folder;

    @AfterEach
    void unregister() {
        Layers.REGISTRY.unregister("test_distance");
        Layers.ACTIVATIONS.unregister("test_wave");
        Losses.REGISTRY.unregister("test_quartic");
        Metrics.REGISTRY.unregister("test_near");
    }

    /** Two towers that are one. */
    private static Functional siamese() {
        Node a = new Input(3).apply();
        Node b = new Input(3).apply();
        Dense tower = new Dense(4).activation(Layers.lambda("test_wave", WAVE));
        Lambda distance = Layers.lambda("test_distance", DISTANCE);
        return new Functional(1, List.of(a, b),
                List.of(new Dense(1).apply(Layers.lambda("test_wave", WAVE).apply(distance.apply(tower.apply(a), tower.apply(b))))));
    }

    private static Sequential chain(Layer... middle) {
        Layer[] layers = Stream.of(Stream.of(new Input(3), new Dense(4)), Stream.of(middle), Stream.of(new Dense(1)))
                .flatMap(part -> part).toArray(Layer[]::new);
        return new Sequential(1, layers);
    }

    private static History fit(Model model) {
        return model.fit(Examples.of(List.of(A, B), List.of(Y), null), new FitOptions().epochs(2).batchSize(7).seed(3));
    }

    private void assertEmpty() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void aModelComesBackWithItsFunctionsAndItsTrainingGoesOn() throws IOException {
        OURS.register();
        Functional model = siamese();
        model.compile("adam(0.01)", Losses.lambda("test_quartic", QUARTIC), Metrics.lambda("test_near", Metric.Direction.UP, NEAR),
                "test_quartic");
        fit(model);
        Path file = folder.resolve("siamese.beras");
        assertEquals(List.of(), ModelFile.leavesOut(new SavedModel(model), file));
        ModelFile.save(model, file);
        Model loaded = ModelFile.load(file).model();
        assertEquals(List.copyOf(model.layersByName().keySet()), List.copyOf(loaded.layersByName().keySet()));
        assertEquals(model.predict(A, B), loaded.predict(A, B));
        assertEquals(fit(model).epochs().stream().map(logs -> logs.values()).toList(),
                fit(loaded).epochs().stream().map(logs -> logs.values()).toList());
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(loaded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.beras", "m.keras"})
    void aFunctionThatIsNotRegisteredIsRefusedByNameAndNothingIsWritten(String name) throws IOException {
        Sequential model = chain(Layers.lambda("test_wave", WAVE));
        Path file = folder.resolve(name);
        String saved = assertThrows(IllegalArgumentException.class, () -> ModelFile.save(model, file)).getMessage();
        String asked = assertThrows(IllegalArgumentException.class,
                () -> ModelFile.leavesOut(new SavedModel(model), file)).getMessage();
        assertEquals(saved, asked);
        assertEquals(name.endsWith("keras") ? "Keras's format cannot express layer \"test_wave\": test_wave, a function. Save the model"
                + " as .beras" : "The function of a layer must be registered to be described and saved. Received as layer 2: test_wave."
                + " Register it before: Layers.register(\"test_wave\", ...), with the very same function; or make a layer by its name"
                + " then, REGISTRY.of(\"test_wave\")", saved);
        assertEmpty();
    }

    @Test
    void aFileSaysWhichFunctionIsNotRegisteredWhereItIsLoaded() throws IOException {
        OURS.register();
        Path file = folder.resolve("m.beras");
        Functional model = siamese();
        ModelFile.save(model, file);
        Layers.REGISTRY.unregister("test_distance");
        String message = assertThrows(ModelFormatException.class, () -> ModelFile.load(file)).getMessage();
        assertTrue(message.contains("m.beras") && message.contains("There is no such name for a layer. Received: test_distance"), message);
        assertTrue(message.endsWith("If test_distance is a custom function, register it before: Layers.register(\"test_distance\", ...);"
                + " a class by REGISTRY.register"), message);
        OURS.register();
        assertEquals(model.predict(A, B), ModelFile.load(file).model().predict(A, B));
    }

    // --------------------------------------------------------------------------------------- how it is compiled

    @Test
    void aLossThatIsNotRegisteredIsLeftOutAndTold() throws IOException {
        Sequential model = chain();
        model.compile("adam", Losses.lambda("test_quartic", QUARTIC));
        Path file = folder.resolve("m.beras");
        List<String> left = List.of("How the model is compiled is not in the file, so it comes back uncompiled: The function of a loss"
                + " must be registered to be described and saved. Received: test_quartic. Register it before:"
                + " Losses.register(\"test_quartic\", ...), with the very same function; or make a loss by its name then,"
                + " REGISTRY.of(\"test_quartic\")");
        assertEquals(left, ModelFile.leavesOut(new SavedModel(model), file));
        ModelFile.save(model, file);
        Model loaded = ModelFile.load(file).model();
        assertTrue(loaded.objectives().isEmpty());
        assertEquals(model.predict(A), loaded.predict(A));
        OURS.register();
        assertEquals(List.of(), ModelFile.leavesOut(new SavedModel(model), file));
        ModelFile.replace(new SavedModel(model), file);
        Losses.REGISTRY.unregister("test_quartic");
        SavedModel again = ModelFile.load(file);
        assertTrue(again.model().objectives().isEmpty());
        assertTrue(again.leftOut().get(0).contains("There is no such name for a loss. Received: test_quartic"), again.leftOut()::toString);
        assertTrue(again.leftOut().get(0).contains("Losses.register(\"test_quartic\", ...)"), again.leftOut()::toString);
    }

    /** Whether it is registered or not: Keras does not know it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void kerasIsToldOfNoFunction(boolean registered) throws IOException {
        if (registered) {
            OURS.register();
        }
        Path file = folder.resolve("m.keras");
        Sequential layer = chain(Layers.lambda("test_wave", WAVE));
        assertEquals("Keras's format cannot express layer \"test_wave\": test_wave, a function. Save the model as .beras",
                assertThrows(IllegalArgumentException.class, () -> ModelFile.save(layer, file)).getMessage());
        Sequential model = chain();
        model.compile("adam", Losses.lambda("test_quartic", QUARTIC), Metrics.lambda("test_near", NEAR).named("n"),
                new LossMetric(Losses.lambda("test_other", QUARTIC)));
        String left = ModelFile.leavesOut(new SavedModel(model), file).toString();
        assertTrue(left.contains("loss test_quartic, a function") && left.contains("metric test_near, a function")
                && left.contains("metric test_other, a function"), left);
        ModelFile.save(model, file);
        assertTrue(ModelFile.load(file).model().objectives().isEmpty());
    }
}
