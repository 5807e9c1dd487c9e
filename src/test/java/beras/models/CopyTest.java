package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Flatten;
import beras.layers.GaussianNoise;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.WeightSpec;
import beras.losses.MeanSquaredError;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.optimizers.Schedules;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.FitOptions;
import beras.training.Objective;
import beras.training.TestViews;
import beras.training.TrainStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of models, weights taken and given, and layers that are called as in training. */
@Tag("model")
class CopyTest {

    private static final Tensor X = Tensor.generate(i -> (i * 37 % 23 - 11) / 8f, 40, 4);
    private static final Tensor Y = Tensor.generate(i -> (i * 29 % 17 - 8) / 6f, 40, 2);
    private static final FitOptions OPTIONS = new FitOptions().epochs(2).batchSize(8).seed(4);

    private static Sequential net(long seed) {
        return new Sequential(seed, new Input(4), new GaussianNoise(0.1), new Dense(6, "tanh"), new BatchNormalization(),
                new Dropout(0.3), new Dense(2));
    }

    /** A layer of a registered class. */
    static final class CopiedGain extends Layer {

        private final Supplier<Variable> gain = addWeight(inputs -> WeightSpec.of("gain", inputs.get(0), Initializers.glorotUniform()));
        private final BatchNormalization inside = addLayer(new BatchNormalization());

        @Override
        protected Tensor compute(Call call) {
            return inside.call(call.input(0).multiply(gain.get()));
        }
    }

    @AfterAll
    static void forgetOwnLayer() {
        Layers.REGISTRY.unregister("CopiedGain");
    }

    static Stream<Model> models() throws Exception {
        Layers.REGISTRY.register(CopiedGain::new);
        Node x = new Input(4).apply();
        Dense shared = new Dense(4);
        Functional tower = new Functional(3, List.of(x), List.of(new Dense(4, "relu").apply(shared.apply(x))));
        Node y = new Input(4).apply();
        CopiedGain gain = new CopiedGain();
        gain.layers().get(0).trainable(false);
        Functional nested = new Functional(5, List.of(y), List.of(new Dense(2).apply(gain.apply(new Add().apply(tower.apply(y),
                shared.apply(shared.apply(y)))))));
        nested.compile(new Adam().schedule(Schedules.REGISTRY.of("cosine", 0.01, 100)), new Objective(new MeanSquaredError()).weight(0.5).metrics("mae"));
        Sequential frozen = net(1);
        frozen.compile(new SGD(0.05).momentum(0.9), "mse", "mae");
        frozen.layers().get(1).trainable(false);
        frozen.layers().get(4).weights().get(1).trainable(false); // a bias alone
        Ensemble ensemble = new Ensemble(List.of(net(1), net(2)));
        ensemble.compile("adam", "mse");
        Views views = new Views(new Sequential(2, new Input(2, 2, 1), new Flatten(), new Dense(2)), new TestViews(true, 0));
        views.compile("sgd", "mse");
        Sequential saved = net(7);
        saved.compile("rmsprop", "mse");
        saved.fit(X, Y, OPTIONS);
        return Stream.of(nested, frozen, ensemble, views, ModelFile.fromBytes(ModelFile.toBytes(new SavedModel(saved)), "m").model());
    }

    @ParameterizedTest
    @MethodSource("models")
    void aCopyTrainsToTheSameBitsAndChangesNothing(Model model) throws Exception {
        model.fit(X, Y, OPTIONS);
        String before = ModelFile.weightsSha256(model);
        Model copy = model.copy();
        assertEquals(before, ModelFile.weightsSha256(copy));
        assertEquals(model.config(), copy.config());
        assertEquals(model.weights().stream().map(Variable::trainable).toList(), copy.weights().stream().map(Variable::trainable)
                .toList());
        assertEquals(model.layersByName().keySet(), copy.layersByName().keySet());
        assertEquals(model.weights().size(), copy.weights().size(), "what is shared is so once");
        for (int i = 0; i < model.weights().size(); i++) {
            assertNotSame(model.weights().get(i), copy.weights().get(i));
            assertNotSame(model.weights().get(i).data(), copy.weights().get(i).data());
        }
        assertEquals(frozen(model), frozen(copy));
        assertEquals(frozen(model), frozen(ModelFile.fromBytes(ModelFile.toBytes(new SavedModel(model)), "m").model()));
        copy.fit(X, Y, OPTIONS);
        assertEquals(before, ModelFile.weightsSha256(model));
        assertNotEquals(before, ModelFile.weightsSha256(copy));
        model.fit(X, Y, OPTIONS);
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(copy));
        assertEquals(model.evaluate(X, Y).values(), copy.evaluate(X, Y).values());
        assertEquals(model.optimizer().orElseThrow().steps(), copy.optimizer().orElseThrow().steps());
        assertNotSame(model.objectives().get(0).loss(), copy.objectives().get(0).loss());
    }

    private static List<Boolean> frozen(Model model) {
        return Layer.withInner(model.layers()).stream().map(Layer::isFrozen).toList();
    }

    @Test
    void aCopyIsCompiledAsTheModelIs() {
        Sequential model = net(1);
        assertTrue(model.copy().objectives().isEmpty());
        model.compile(new Objective(new MeanSquaredError()));
        assertTrue(model.copy().optimizer().isEmpty());
        assertEquals(model.evaluate(X, Y).values(), model.copy().evaluate(X, Y).values());
    }

    @Test
    void whatIsCodeIsNotCopied() {
        Sequential stepping = new Sequential(1, new Input(4), new Dense(2)) {
            @Override
            public float trainStep(TrainStep step) {
                return step.minimize(() -> step.loss(run(step.inputs())));
            }
        };
        assertTrue(assertThrows(IllegalStateException.class, stepping::copy).getMessage().contains("would lose the trainStep of "));
        class Mine extends Layer {
            @Override
            protected Tensor compute(Call call) {
                return call.input(0).square();
            }
        }
        String message = assertThrows(IllegalArgumentException.class, new Sequential(new Input(4), new Mine())::copy).getMessage();
        assertTrue(message.contains("Register it before"), message);
        Sequential model = net(1);
        model.compile(new Optimizer(0.1) {
            @Override
            protected beras.optimizers.StepRule update(int t, float rate) {
                return (w, g, slots, from, to) -> { };
            }
        }, new MeanSquaredError());
        assertThrows(IllegalArgumentException.class, model::copy);
    }

    // ----------------------------------------------------------------------------------------- weights as tensors

    @Test
    void weightsAreTakenAsCopiesAndGivenBack() {
        Sequential model = net(1);
        List<Tensor> kept = model.getWeights();
        String before = ModelFile.weightsSha256(model);
        model.compile("adam", "mse");
        model.fit(X, Y, OPTIONS);
        assertNotEquals(before, ModelFile.weightsSha256(model));
        model.setWeights(kept);
        assertEquals(before, ModelFile.weightsSha256(model), "also moving averages, which are state");
        Sequential other = net(2);
        other.setWeights(model.weights());
        assertEquals(before, ModelFile.weightsSha256(other));
        assertNotSame(model.weights().get(0).data(), other.weights().get(0).data());
        Dense dense = new Dense(2, 2);
        dense.setWeights(List.of(Tensor.of(new float[][] {{1, 2}, {3, 4}}), Tensor.zeros(1, 2)));
        assertEquals(Tensor.of(new float[][] {{4, 6}}), dense.forward(Tensor.ones(1, 2)));
        assertEquals(List.of(), new Dropout(0.5).getWeights());
    }

    /** Each is read before another is overwritten. */
    @Test
    void weightsMayBeExchanged() {
        Sequential model = new Sequential(1, new Input(3), new Dense(3).useBias(false), new Dense(3).useBias(false));
        List<Tensor> before = model.getWeights();
        model.setWeights(List.of(model.weights().get(1), model.weights().get(0)));
        assertEquals(List.of(before.get(1), before.get(0)), model.getWeights());
    }

    @Test
    void weightsThatDoNotFitAreRefusedByName() {
        Sequential model = net(1);
        String before = ModelFile.weightsSha256(model);
        List<Tensor> values = new ArrayList<>(model.getWeights());
        values.set(0, Tensor.zeros(4, 6));
        values.set(7, Tensor.zeros(2));
        assertEquals("Weight 7, the bias of dense_1, has the shape (1, 2). Received: (2,)",
                assertThrows(IllegalArgumentException.class, () -> model.setWeights(values)).getMessage());
        assertEquals(before, ModelFile.weightsSha256(model), "nothing is changed");
        values.remove(7);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> model.setWeights(values)).getMessage()
                .endsWith(" has 8 weights. Received: 7"));
        assertEquals("Dense(3) has 0 weights, as it is not built: it has weights once it is part of a model, or called. Received: 7",
                assertThrows(IllegalArgumentException.class, () -> new Dense(3).setWeights(values)).getMessage());
    }

    // ------------------------------------------------------------------------------------------------- as in training

    @Test
    void aLayerIsCalledAsInTrainingWithoutATape() {
        Sequential model = new Sequential(1, new Input(4), new Dense(32, "relu"), new Dropout(0.5), new Dense(1));
        assertEquals(model.predict(X), model.call(X));
        Tensor first = model.callInTraining(X);
        assertNotEquals(model.predict(X), first);
        assertNotEquals(first, model.callInTraining(X));
        assertEquals(model.predict(X), model.call(X), "no tape is left open");
        assertFalse(GradientTape.isRecording());
        try (GradientTape tape = new GradientTape()) {
            assertNotEquals(model.predict(X), model.call(X));
            try (GradientTape inner = GradientTape.forPrediction()) {
                assertEquals(model.predict(X), model.call(X));
            }
        }
    }

    /** The outer tape differentiates through what is called so. */
    @Test
    void whatIsCalledAsInTrainingIsRecorded() {
        Dense dense = new Dense(4, 1);
        try (GradientTape tape = GradientTape.forPrediction()) {
            assertTrue(tape.gradient(dense.callInTraining(X).sum(), dense.w()).allClose(X.sum(0).reshape(4, 1), 1e-5, 1e-5));
        }
    }

    /** Of an adversarial example: the gradient to the input of what is predicted, which moves no averages. */
    @Test
    void aTapeForPredictionChangesNothing() {
        Sequential model = net(1);
        String before = ModelFile.weightsSha256(model);
        GradientTape tape = GradientTape.forPrediction();
        Tensor output;
        try (tape) {
            tape.watch(X);
            output = model.call(X);
        }
        assertEquals(model.predict(X), output);
        Tensor gradient = tape.gradient(output, X);
        assertEquals(X.shape(), gradient.shape());
        assertEquals(before, ModelFile.weightsSha256(model));
        assertSame(output, tape.producer(output).output());
        model.callInTraining(X);
        assertNotEquals(before, ModelFile.weightsSha256(model), "averages move");
    }
}
