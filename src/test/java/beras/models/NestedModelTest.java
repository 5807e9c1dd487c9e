package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.config.Config;
import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.activations.ReLU;
import beras.losses.MeanSquaredError;
import beras.optimizers.SGD;
import beras.regularizers.L2;
import beras.saving.ConfigJson;
import beras.saving.ModelFile;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models as layers of models. */
@Tag("model")
class NestedModelTest {

    private static final Tensor X = new Dice("nested").normal(6, 3);
    private static final Tensor Y = new Dice("nested targets").normal(6, 2);
    private static final FitOptions OPTIONS = new FitOptions().epochs(3).batchSize(2);

    private static Sequential base() {
        return new Sequential(5, new Input(3), new Dense(4, "relu"), new BatchNormalization(), new Dense(4, "tanh"));
    }

    private static List<List<Float>> values(Model model) {
        return model.weights().stream().map(NestedModelTest::values).toList();
    }

    private static List<Float> values(Tensor tensor) {
        return IntStream.range(0, tensor.size()).mapToObj(i -> tensor.toArray()[i]).toList();
    }

    private static <M extends Model> M trained(M model) {
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(X, Y, OPTIONS);
        return model;
    }

    // --------------------------------------------------------------------------------------------------- training

    @Test
    void trainsToTheBitsOfItsLayersInOneModel() {
        Sequential nested = new Sequential(6, base(), new Dense(2));
        List<Layer> flat = new ArrayList<>(base().layers());
        flat.add(new Dense(2));
        Sequential plain = new Sequential(flat.toArray(Layer[]::new));
        for (int i = 0; i < 2; i++) {
            plain.weights().get(plain.weights().size() - 1 - i).assign(nested.weights().get(nested.weights().size() - 1 - i));
        }
        assertEquals(values(plain), values(nested));
        trained(nested);
        trained(plain);
        assertEquals(values(plain), values(nested));
        assertNotEquals(values(base()), values((Model) nested.layers().get(0)));
        assertArrayEquals(plain.predict(X).toArray(), nested.predict(X).toArray());
        assertArrayEquals(plain.predict(X).toArray(), nested.forward(X).toArray());
        assertArrayEquals(plain.predict(X).toArray(), nested.call(X).toArray());
    }

    /** The penalty of a layer that is part of two models of one net counts once. */
    @Test
    void aPenaltyInsideCountsOnce() {
        Dense inner = new Dense(3).with("kernelRegularizer", new L2(1f));
        Sequential one = new Sequential(1, new Input(3), inner);
        Sequential model = new Sequential(2, one, new Sequential(3, new Input(3), inner), new Dense(2));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        double penalty = new L2(1f).call(inner.w()).item();
        Sequential plain = new Sequential(one.layers().get(0), inner, model.layers().get(2));
        double error = new MeanSquaredError().forward(plain.predict(X), Y).item();
        assertEquals(error + penalty, model.evaluate(X, Y).get("loss"), 1e-4);
    }

    // ----------------------------------------------------------------------------------------- freezing, transfer

    @Test
    void aFrozenNormalizationWithoutWeightsStaysAlsoThroughAFile(@TempDir Path folder) throws IOException {
        Sequential model = new Sequential(1, new Input(3), new BatchNormalization().with("center", false).with("scale", false), new Dense(2));
        model.trainable(false);
        model.layers().get(1).trainable(true);
        ModelFile.save(model, folder.resolve("m"));
        for (Model each : List.of(model, ModelFile.load(folder.resolve("m")).model(), Models.of(model.config()))) {
            BatchNormalization normalization = (BatchNormalization) each.layers().get(0);
            trained(each);
            assertArrayEquals(new float[3], normalization.movingMean().toArray());
            assertEquals(2, each.trainableVariables().size());
        }
        model.trainable(true);
        assertNotEquals(0f, ((BatchNormalization) trained(model).layers().get(0)).movingMean().get(0));
    }

    @Test
    void aModelIsCutAtAnInnerNode() {
        Sequential old = trained(new Sequential(5, new Input(3), new Dense(4, "relu").named("features"), new Dense(2)));
        Functional base = new Functional(old.inputNodes(), List.of(old.node("features")));
        base.trainable(false);
        assertEquals(Shape.of(4), base.outputShape());
        assertSame(old.layer("features"), base.layer("features"));
        assertEquals(old.layer("features").forward(X), base.predict(X));
        List<Float> head = values(old.weights().get(2));
        List<List<Float>> features = values(base);
        Sequential model = trained(new Sequential(8, base, new Dense(2)));
        assertEquals(features, values(base));
        assertEquals(head, values(old.weights().get(2)));
        assertEquals(2, model.trainableVariables().size());
    }

    @Test
    void aNodeIsFoundByItsLayer() {
        Dense twice = new Dense(3);
        Sequential model = new Sequential(new Input(3), twice, twice);
        assertEquals(Shape.of(3), model.node("input").shape());
        Exception e = assertThrows(IllegalArgumentException.class, () -> model.node("dense"));
        assertEquals("Layer dense is used several times: choose one of nodes()", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> model.node("nothing"));
    }

    // ----------------------------------------------------------------------------------------------------- config

    private static Model complicated() {
        Dense shared = new Dense(3);
        Sequential inner = (Sequential) new Sequential(1, new Input(3), shared, new ReLU(), shared, new Dense(3, "relu"))
                .named("inner");
        Node a = new Input(3).named("a").apply();
        Node b = new Input(3).apply();
        Node sum = new Add().apply(inner.apply(a), shared.apply(inner.apply(b)));
        Functional whole = new Functional(2, List.of(a, b), List.of(new Dense(2).apply(sum), sum));
        inner.trainable(false);
        inner.layers().get(2).trainable(true);
        return whole;
    }

    @Test
    void isMadeAgainFromItsConfig(@TempDir Path folder) throws IOException {
        Model model = complicated();
        ModelFile.save(model, folder.resolve("m"));
        Config config = model.config();
        assertEquals("Functional", config.type());
        Config text = ConfigJson.read(ConfigJson.write(config));
        for (Model again : List.of(Models.of(config), Models.of(text), Models.zeroInitialized(config, 3 * 3 + 3 + 12 + 8),
                ModelFile.load(folder.resolve("m")).model())) {
            assertEquals(config, again.config());
            assertEquals(model.summary(), again.summary());
            Model inner = (Model) again.layer("inner");
            assertSame(inner.layers().get(0), again.layer("dense"));
            assertTrue(inner.isFrozen());
            assertTrue(inner.layers().get(0).isFrozen());
            assertFalse(inner.layers().get(2).isFrozen());
            assertEquals(4, again.trainableVariables().size());
            assertEquals(6, again.weights().size());
        }
        Model loaded = ModelFile.load(folder.resolve("m")).model();
        assertEquals(values(model), values(loaded));
        assertEquals(model.predict(List.of(X, X)), loaded.predict(List.of(X, X)));
        assertNotSame(model.weights().get(0), loaded.weights().get(0));
    }

    @Test
    void wrongConfigsAreRefused() {
        Config input = Config.of("Input").with("shape", List.of(3));
        Config add = Config.of("Add");
        Config good = Config.of("Functional").with("layers", List.of(input, add))
                .with("nodes", List.of(List.of(0), List.of(1, 0))).with("inputs", List.of(0)).with("outputs", List.of(1));
        assertEquals(Shape.of(3), Models.of(good).outputShape());
        refuse("the config of the model refers to part 2 of 2", good.with("outputs", List.of(2)));
        refuse("the config of the model refers to part -1 of 2", good.with("inputs", List.of(-1)));
        refuse("the config of the model refers to part 1 of 1", good.with("nodes", List.of(List.of(0), List.of(1, 1))));
        refuse("a node is the place of its layer", good.with("nodes", List.of(List.of())));
        refuse("a node is the place of its layer", good.with("nodes", List.of(1)));
        refuse("layer 1: a layer is described by a config. Received: 7", good.with("layers", List.of(input, 7)));
        Config shared = Config.of("Shared");
        refuse("layer 1: a model is not part of itself", good.with("layers", List.of(input, shared.with("layer", 0))));
        refuse("layer 1: the config of the model refers to part 9 of 2", good.with("layers", List.of(input, shared.with("layer", 9))));
        refuse("has no setting order", good.with("order", List.of(0)));
        refuse("There is no such name for a model. Received: Dense", Config.of("Dense"));
        Exception e = assertThrows(IllegalArgumentException.class, () -> Models.zeroInitialized(base().config(), 7));
        assertEquals("the layers need 208 bytes of weights. Received: 28", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Models.zeroInitialized(base().config(), 53));
        assertEquals(52, Models.zeroInitialized(base().config(), 52).weights().stream().mapToInt(Tensor::size).sum());
    }

    private static void refuse(String message, Config config) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Models.of(config));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void theSummaryShowsWhatIsInsideOnce() {
        Sequential base = new Sequential(1, new Input(3), new Dense(3, "relu"));
        base.trainable(false);
        assertEquals("""
                Layer (type)             Output shape  Weights  Multiply-adds  Comes after
                input (Input)            (batch, 3)          0              0
                sequential (Sequential)  (batch, 3)         12              9  input
                  input (Input)          (batch, 3)          0              0
                  dense (Dense)          (batch, 3)         12              9  input
                sequential (Sequential)  (batch, 3)         12              9  sequential
                dense (Dense)            (batch, 2)          8              6  sequential
                Weights: 20, of which trainable: 8
                Multiply-adds for one example: 24
                """, new Sequential(base, base, new Dense(2)).summary());
    }

    // ------------------------------------------------------------------------------------------------- what it takes

    @Test
    void onlyShapesOfItsOwnAndOneOutput() {
        Sequential base = base();
        Exception e = assertThrows(IllegalArgumentException.class, () -> base.apply(new Input(4).apply()));
        assertTrue(e.getMessage().contains("This model takes examples of shape [(3,)]. Received: [(4,)]"), e.getMessage());
        Node x = new Input(3).apply();
        Functional two = new Functional(List.of(x), List.of(new Dense(2).apply(x), new Dense(3).apply(x)));
        Exception several = assertThrows(IllegalArgumentException.class, () -> two.apply(x));
        assertTrue(several.getMessage().contains("A model within another needs one output. Received: 2"), several.getMessage());
    }

    @Test
    void afterACallItHasInputsOutputsAndLocalGradients() {
        Sequential model = base();
        for (Runnable early : List.<Runnable>of(model::inputs, model::outputs, model::inputGradients, model::weightGradients)) {
            Exception e = assertThrows(IllegalStateException.class, early::run);
            assertTrue(e.getMessage().startsWith("Sequential was not called yet"), e.getMessage());
        }
        Tensor y = model.call(X);
        assertSame(X, model.inputs().get(0));
        assertSame(y, model.outputs().get(0));
        assertEquals(Shape.of(6, 3, y.dim(1)), model.inputGradients().get(0).shape());
        assertEquals(X.shape(), model.composeInputGradients(List.of(y)).get(0).shape());
        Tensor again = model.predict(X);
        assertEquals(y, again);
        assertSame(y, model.outputs().get(0));
        try (GradientTape tape = new GradientTape()) {
            Tensor taped = model.call(X);
            assertSame(taped, model.outputs().get(0));
            assertNull(tape.producer(model.predict(X)), "predict leaves no trace");
            assertTrue(GradientTape.isRecording());
        }
    }
}
