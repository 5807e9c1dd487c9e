package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.Reshape;
import beras.layers.activations.Softmax;
import beras.models.Ensemble;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.prediction.Calibration;
import beras.prediction.Prediction;
import beras.tensor.Tensor;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A temperature is applied wherever probabilities are given, in every format, and changes no weight. */
@Tag("saving")
class CalibratedModelTest {

    private static final Tensor X = Tensor.generate(i -> (i * 7 % 11 - 5) / 2.0, 6, 4);
    private static final List<byte[]> PIXELS = List.of(new byte[4], new byte[] {-1, 0, 0, 99}, new byte[] {9, -1, -1, 0});

    @TempDir
    Path folder;

    private static Calibration calibration(double temperature, double bound) {
        return Calibration.of(Config.of("Calibration").with("temperature", temperature).with("examples", 9).with("bound", bound)
                .with("outliers", 4).with("outliersBelow", 3));
    }

    private static SavedModel saved(Model model) {
        return new SavedModel(model).preprocessor(ImagePreprocessor.ofNumbers(2, 2, 3)).calibration(calibration(0.5, 0.6));
    }

    private static Sequential net() {
        return new Sequential(1, new Input(4), new Dense(5, "relu"), new Dense(3, "softmax"));
    }

    /** Of a model with a softmax: {@code softmax(2 * logits)} is that of the squares of the probabilities. */
    private static Tensor squared(Tensor probabilities) {
        Tensor squares = probabilities.multiply(probabilities);
        return squares.divide(squares.sum(1).expandDims(1));
    }

    private static void assertNear(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.toArray(), actual.toArray(), 1e-6f);
    }

    @Test
    void probabilitiesHaveTheTemperatureAndTheModelHasNot() {
        Model net = net();
        SavedModel saved = saved(net);
        assertSame(net, saved.model());
        assertNear(squared(net.predict(X)), saved.probabilities().predict(X));
        assertEquals(saved.probabilities().predict(X), saved.probabilities(net.predict(X)));
        assertSame(net.weights().get(0), saved.probabilities().weights().get(0));
        assertSame(net, saved.uncalibrated().probabilities());
    }

    @Test
    void theTemperatureIsBehindTheActivationThatTheLossHas() {
        Model logits = new Sequential(1, new Input(4), new Dense(3));
        SavedModel saved = saved(logits).recipe(new Recipe().loss("cross-entropy(from_logits=true)"));
        assertNear(logits.predict(X).multiply(2).softmax(1), saved.probabilities().predict(X));
        assertNear(logits.predict(X).multiply(2).softmax(1), saved.probabilities(logits.predict(X)));
    }

    @Test
    void whatIsBelowTheBoundIsRejected() {
        SavedModel saved = saved(net());
        Predictor predictor = saved.predictor();
        assertEquals(OptionalDouble.of(0.6), predictor.bound());
        boolean some = false;
        for (byte[] pixels : PIXELS) {
            Prediction prediction = predictor.predict(pixels);
            assertEquals(prediction.confidence() < 0.6, prediction.isRejected(), prediction::toString);
            assertEquals(saved.uncalibrated().predictor().predict(pixels).label(), prediction.label(), "the closest");
            some |= prediction.isRejected();
            assertFalse(predictor.reject(0).predict(pixels).isRejected());
            assertFalse(saved.uncalibrated().predictor().predict(pixels).isRejected());
        }
        assertTrue(some);
        assertTrue(predictor.reject(1).predictAll(PIXELS).stream().allMatch(Prediction::isRejected));
        assertThrows(IllegalArgumentException.class, () -> predictor.reject(1.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.beras", "m.onnx"})
    void filesKeepIt(String name) throws IOException {
        SavedModel saved = saved(net());
        Path file = folder.resolve(name);
        ModelFile.save(saved, file);
        SavedModel back = ModelFile.load(file);
        assertEquals(saved.calibration().orElseThrow().config(), back.calibration().orElseThrow().config());
        assertEquals(ModelFile.weightsSha256(saved.model()), ModelFile.weightsSha256(back.model()));
        for (byte[] pixels : PIXELS) {
            assertEquals(saved.predictor().predict(pixels).toString(), back.predictor().predict(pixels).toString());
        }
    }

    static Stream<Arguments> chains() {
        return Stream.of(Arguments.of("an activation", net()),
                Arguments.of("a layer", new Sequential(1, new Input(4), new Dense(3), new Softmax())),
                Arguments.of("names that are taken", new Sequential(1, new Input(4), new Dense(4).named("temperature"),
                        new Dense(3, "softmax").named("softmax"))));
    }

    /** As a layer before the softmax, so that Keras itself gives calibrated probabilities, with the same weights. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("chains")
    void kerasHasItAsALayer(String what, Model model) throws IOException {
        SavedModel saved = saved(model);
        Path file = folder.resolve("m.keras");
        ModelFile.save(saved, file);
        SavedModel back = ModelFile.load(file);
        assertNear(saved.probabilities().predict(X), back.model().predict(X));
        assertNotEquals(model.predict(X), back.model().predict(X), "the temperature is not 1");
        for (int i = 0; i < model.weights().size(); i++) {
            assertArrayEquals(model.weights().get(i).toArray(), back.model().weights().get(i).toArray());
        }
        assertFalse(ModelFile.leavesOut(saved, file).toString().contains("temperature"));
        assertTrue(ModelFile.leavesOut(saved, file).contains("The file has no place for the bound below which an image is of no label"));
    }

    static Stream<Arguments> others() {
        Node input = new Input(4).apply();
        return Stream.of(Arguments.of("a graph", new Functional(input, new Dense(3, "softmax").apply(input))),
                Arguments.of("an ensemble", new Ensemble(List.of(net(), net()))),
                Arguments.of("another end", new Sequential(1, new Input(4), new Dense(3, "softmax"), new Reshape(3))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void whatKerasHasNoPlaceForIsTold(String what, Model model) {
        assertTrue(ModelFile.leavesOut(saved(model), folder.resolve("m.keras"))
                .contains("The file has no place for the temperature of its probabilities"));
        assertNear(squared(model.predict(X)), saved(model).probabilities().predict(X));
    }

    @Test
    void weightsAloneTellThatItIsMissing() {
        assertTrue(WeightReport.ofWeightsWritten(saved(net()), Map.of()).lost()
                .contains("The temperature of its probabilities is not in it"));
    }

    @Test
    void aModelOfSeveralOutputsHasNone() {
        Node input = new Input(4).apply();
        Layer dense = new Dense(3, "softmax");
        Model two = new Functional(List.of(input), List.of(dense.apply(input), new Dense(2).apply(input)));
        assertThrows(IllegalArgumentException.class, () -> new SavedModel(two).calibration(calibration(2, 0.5)));
    }
}
