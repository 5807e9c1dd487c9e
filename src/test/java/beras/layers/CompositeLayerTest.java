package beras.layers;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.autograd.CustomGradient;
import beras.autograd.GradientCheck;
import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.config.Settings;
import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.models.Ensemble;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.saving.FormatSupport;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.FitOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import own.CausalBlock;

/** Layers of a user that are made of others. */
@Tag("layers")
class CompositeLayerTest {

    private static final Tensor X = new Dice("composite").normal(5, 3);

    /** {@code x + dense(x)}, times a weight of its own. */
    private static final class Residual extends Layer {

        private final Dense inner = addLayer(new Dense(3, "tanh"));
        private final Add add = addLayer(new Add());

        @Override
        protected Tensor compute(Call call) {
            return add.call(call.input(0), inner.call(call.input(0)));
        }
    }

    /** A layer of a user that computes by a function, and declares nothing. */
    private static Layer undeclared(UnaryOperator<Tensor> function) {
        return new Layer() {
            @Override
            protected Tensor compute(Call call) {
                return function.apply(call.input(0));
            }

            @Override
            public String typeName() {
                return "Block";
            }
        };
    }

    /** As {@link #undeclared}, with a gradient of its own. */
    private static Layer byHand(UnaryOperator<Tensor> function) {
        return undeclared(x -> new CustomGradient(in -> function.apply(in.get(0)), (in, out, upstream) -> List.of(upstream)).call(x));
    }

    private static Dense dense() {
        return new Dense(3, "tanh");
    }

    /** A layer that declares another, which declares nothing. */
    private static Layer outer() {
        Dense inner = dense();
        Layer block = undeclared(inner::call);
        return new Layer() {
            private final Layer within = addLayer(block);

            @Override
            protected Tensor compute(Call call) {
                return within.call(call.input(0));
            }
        };
    }

    private static Stream<Arguments> undeclared() {
        Variable weight = new Variable("v", Tensor.ones(3));
        Variable frozen = new Variable("f", Tensor.ones(3));
        frozen.trainable(false);
        Variable state = Variable.state("s", Tensor.ones(3));
        Dense field = dense();
        List<Layer> list = List.of(dense(), dense());
        Map<String, Dense> map = Map.of("a", new Dense(3));
        Layer[] array = {dense()};
        Dense known = new Dense(3, 3);
        Dense constant = new Dense(3, 3);
        constant.trainable(false);
        Lambda function = Layers.lambda("teacher", x -> constant.call(x));
        Model model = new Sequential(new Input(3), dense());
        return Stream.of(
                Arguments.of("Dense(3)", undeclared(field::call)),
                Arguments.of("variable v of shape (3,)", undeclared(x -> x.multiply(weight))),
                Arguments.of("variable f of shape (3,)", undeclared(x -> x.multiply(frozen))),
                Arguments.of("variable s of shape (3,)", undeclared(x -> x.multiply(state.stopGradient()))),
                Arguments.of("Dense(3), Dense(3)", undeclared(x -> list.get(1).call(list.get(0).call(x)))),
                Arguments.of("Dense(3)", undeclared(x -> map.get("a").call(x))),
                Arguments.of("Dense(3)", undeclared(x -> array[0].forward(x))),
                Arguments.of("variable kernel of shape (3, 3)", undeclared(x -> x.matmul(known.w()))),
                Arguments.of("Dense(3)", undeclared(function::call)),
                Arguments.of("Sequential (3,) -> (3,)", undeclared(model::call)),
                Arguments.of("Dense(3)", undeclared(model::predict)),
                Arguments.of("Dropout(0.5)", undeclared(new Dropout(0.5).seed(3)::call)),
                Arguments.of("Dense(3)", outer()),
                Arguments.of("Dense(3)", byHand(dense()::call)));
    }

    /** By a model and by the check of gradients: nothing would train, save or seed it. */
    @ParameterizedTest
    @MethodSource("undeclared")
    void whatALayerComputesWithIsDeclared(String received, Layer layer) {
        for (Executable use : List.<Executable>of(() -> new Sequential(1, new Input(3), layer, new Dense(2)),
                () -> GradientCheck.of(layer).check(X))) {
            String message = assertThrows(IllegalStateException.class, use).getMessage();
            assertTrue(message.startsWith("Block must declare what it computes with: no model would seed, train or save other layers and"
                    + " variables. Received, not declared: " + received), message);
            assertTrue(message.endsWith(" Declare a layer where it is made, such as d = addLayer(new Dense(8)), and a weight by"
                    + " v = addWeight(\"v\", shape, initializer)"), message);
        }
    }

    private static Stream<Arguments> inTraining() {
        return Stream.of(Arguments.of("Dense(3)", dense()), Arguments.of("Dropout(0.5)", new Dropout(0.5)));
    }

    /** Nothing is changed by then. */
    @ParameterizedTest
    @MethodSource("inTraining")
    void whatIsUsedInTrainingAloneIsFoundInTheFirstStep(String received, Layer inside) {
        Layer layer = new Layer() {
            @Override
            protected Tensor compute(Call call) {
                return call.training() ? inside.call(call.input(0)) : call.input(0);
            }
        };
        Sequential model = new Sequential(1, new Input(3), layer, new Dense(2));
        model.compile("sgd(0.1)", "mse");
        model.evaluate(X, Tensor.ones(5, 2));
        List<Tensor> before = copyOfWeights(model);
        String message = assertThrows(IllegalStateException.class, () -> model.fit(X, Tensor.ones(5, 2))).getMessage();
        assertTrue(message.contains("not declared: " + received + ". Declare"), message);
        assertEquals(before, copyOfWeights(model));
    }

    private static Stream<RuntimeException> refusals() {
        return Stream.of(new IllegalArgumentException("zeros"), new IllegalStateException("adapt it first"));
    }

    /** What has neither weights nor randomness may be made on the way, and what cannot compute on zeros is built. */
    @ParameterizedTest
    @MethodSource("refusals")
    void whatHoldsNothingNeedsNoDeclaration(RuntimeException zeros) {
        Lambda twice = Layers.lambda("twice", x -> x.multiply(2));
        Layer layer = undeclared(x -> {
            if (x.abs().max().item() == 0) {
                throw zeros;
            }
            return new Add().call(x, twice.call(Layers.ACTIVATIONS.of("relu").call(x)));
        });
        Sequential model = new Sequential(1, new Input(3), layer, new Dense(2));
        model.compile("sgd(0.1)", "mse");
        assertEquals(List.of(), model.fit(X, Tensor.ones(5, 2)).warnings());
        Variable image = new Variable(X); // an input that is learnt
        assertEquals(Tensor.full(2, 5, 3), gradients(undeclared(x -> x.multiply(2)), image, List.of(image)).get(0));
    }

    /** Layers and weights that follow from its fields, its settings and its input; each weight is used. */
    static final class Block extends Layer {

        private int units = 4;
        private final Variable share = addWeight("share", Shape.of(3), Initializers.REGISTRY.of("uniform(0, 1)"));
        private final Supplier<Variable> kernel = addWeight(inputs ->
                WeightSpec.of("kernel", Shape.of(units, inputs.get(0).dim(-1)), Initializers.glorotUniform()));
        private final Supplier<Dense> wide = addLayerFrom(() -> new Dense(units, "relu"));
        private final Dropout dropout = addLayer(new Dropout(0.25));
        private final List<Dense> tower = Stream.of(new Dense(3), new Dense(3)).map(this::addLayer).toList();

        private Block() {}

        Block(int units) {
            set("units", units);
        }

        @Override
        public void settings(Settings s) {
            units = s.required().integer("units", units);
        }

        @Override
        protected Tensor compute(Call call) {
            Tensor y = dropout.call(wide.get().call(call.input(0))).matmul(kernel.get());
            return call.input(0).add(tower.get(1).call(tower.get(0).call(y)).multiply(share));
        }
    }

    private static Model blocks(long seed) {
        Sequential model = new Sequential(seed, new Input(3), new Block(6).named("first"), new Block(5), new Dense(2));
        model.compile("adam(0.01)", "mse");
        return model;
    }

    @Test
    void declaredLayersAndWeightsLiveAsThoseOfBuiltInLayers() throws IOException {
        Layers.REGISTRY.register(Block::new);
        try {
            Model model = blocks(7);
            Block first = (Block) model.layer("first");
            assertEquals(List.of("share", "kernel", "kernel", "bias", "kernel", "bias", "kernel", "bias"),
                    first.weights().stream().map(Variable::name).toList());
            assertSame(first.tower.get(0).w(), first.weight("kernel_2"));
            assertEquals(copyOfWeights(blocks(7)), copyOfWeights(model));
            assertNotEquals(copyOfWeights(blocks(8)), copyOfWeights(model));
            assertTrue(model.summary().contains("first (Block)  (batch, 3)         69             54"), model.summary());

            Examples examples = Examples.of(X, Tensor.ones(5, 2));
            Tensor share = first.share.copy();
            first.trainable(false);
            model.fit(examples, new FitOptions().seed(1));
            assertEquals(share, first.share.copy());
            assertFalse(first.wide.get().trainable());
            first.trainable(true);
            model.fit(examples, new FitOptions().seed(1));
            assertNotEquals(share, first.share.copy());

            Model loaded = ModelFile.fromBytes(ModelFile.toBytes(new SavedModel(model)), "block").model();
            assertEquals(model.config(), loaded.config());
            assertEquals(copyOfWeights(model), copyOfWeights(loaded));
            assertEquals(model.predict(X), loaded.predict(X));
            assertEquals(List.of("first/bias", "first/bias_1", "first/bias_2", "first/kernel", "first/kernel_1", "first/kernel_2",
                    "first/kernel_3", "first/share"), FormatSupport.weights(loaded).keySet().stream()
                            .filter(name -> name.startsWith("first/")).sorted().toList());
            for (Model each : List.of(model, loaded)) { // with the same noise of dropout
                each.fit(examples, new FitOptions().seed(1).epochs(2));
            }
            assertEquals(copyOfWeights(model), copyOfWeights(loaded));

            Ensemble ensemble = new Ensemble(List.of(model, blocks(9)));
            ensemble.compile("adam(0.01)", "mse");
            ensemble.fit(examples, new FitOptions());
            Model copy = Models.of(ensemble.config());
            for (int i = 0; i < copy.weights().size(); i++) {
                copy.weights().get(i).assign(ensemble.weights().get(i));
            }
            assertEquals(ensemble.predict(X), copy.predict(X));
        } finally {
            Layers.REGISTRY.unregister("Block");
        }
    }

    @Test
    void declarationsComeBeforeTheLayerIsBuilt() {
        Block block = new Block(4);
        block.share.assign(0.5);
        assertEquals("The weights of Block(4) are made when it is built: by a model, or by its first call",
                assertThrows(IllegalStateException.class, block.kernel::get).getMessage());
        new Sequential(1, new Input(3), block);
        assertEquals(Tensor.full(0.5, 3), block.share.copy());
        assertEquals("Block(4) has no weight kernal, only [share, kernel, kernel_1, bias, kernel_2, bias_1, kernel_3, bias_2]. Did you mean"
                + " kernel?", assertThrows(IllegalArgumentException.class, () -> block.weight("kernal")).getMessage());
        assertEquals("Block(4) is built already, with the weights and layers that it had declared. Received: addLayer. Call it in the"
                + " initializer of a field or in the constructor",
                assertThrows(IllegalStateException.class, () -> block.addLayer(new Dense(2))).getMessage());
        Block changed = new Block(4);
        changed.trainable(false); // which asks for its layers, made from its settings
        assertThrows(IllegalStateException.class, () -> changed.set("units", 8));
    }

    /** Draws noise and moves its state in inference too, and asks for its weights while it is built. */
    private static final class Moving extends Layer {

        private final Supplier<Variable> count = addWeight(inputs ->
                WeightSpec.state("count", Shape.of(1), Initializers.zeros()));
        private final Dense inner = addLayer(new Dense(2));
        private long drawn;

        @Override
        public Shape inputShape() {
            return Shape.of(2, 3);
        }

        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(2, 2);
        }

        @Override
        public long noiseCalls() {
            return drawn;
        }

        @Override
        public void noiseCalls(long calls) {
            drawn = calls;
        }

        @Override
        protected Tensor compute(Call call) {
            drawn++;
            weights().get(0).assign(count.get().add(1));
            return inner.call(call.input(0).reshape(-1, 3)).reshape(-1, 2, 2);
        }
    }

    @Test
    void aBuildAndASummaryLeaveNoTrace() {
        Moving layer = new Moving();
        layer.inner.build(List.of(Shape.of(3)));
        Sequential model = new Sequential(1, new Input(2, 3), layer);
        assertTrue(model.summary().contains("Multiply-adds for one example: 12\n"), model.summary());
        assertEquals(24, layer.multiplyAdds(List.of(Shape.of(4, 3))));
        assertEquals(0, layer.noiseCalls());
        assertEquals(Tensor.zeros(1), layer.weight("count").copy());
        Moving asked = new Moving();
        assertEquals(3, asked.weights().size());
        assertEquals(0, asked.noiseCalls());
    }

    @Test
    void aBuildThatFailsLeavesALayerThatCanBeBuilt() {
        Residual residual = new Residual();
        Block block = new Block(4);
        for (Layer each : List.of(residual, block)) {
            assertThrows(IllegalArgumentException.class, () -> each.build(List.of(Shape.of(4))));
            assertFalse(each.knownSeed().isPresent());
        }
        assertEquals(copyOfWeights(new Sequential(1, new Input(3), new Residual(), new Block(4))),
                copyOfWeights(new Sequential(1, new Input(3), residual, block)));
    }

    @Test
    void theBlockOfTheGuideLooksBackAlone() {
        Layers.REGISTRY.register(CausalBlock::new);
        try {
            Layer block = Layers.REGISTRY.of("causal_block(4)");
            assertEquals(block.config(), Layers.REGISTRY.of(block.config()).config());
            Tensor x = new Dice("causal").normal(2, 5, 4);
            Tensor y = new Sequential(1, new Input(5, 4), block).predict(x);
            Tensor other = block.forward(Tensor.concatenate(1, x.slice(1, 0, 3), Tensor.ones(2, 2, 4)));
            assertEquals(y.slice(1, 0, 3).copy(), other.slice(1, 0, 3).copy());
            assertNotEquals(y.slice(1, 3, 5).copy(), other.slice(1, 3, 5).copy());
            assertTrue(GradientCheck.of(block).inference().check(x).passed());
        } finally {
            Layers.REGISTRY.unregister("CausalBlock");
        }
    }

    private static List<Tensor> gradients(Layer layer, Tensor x, List<Tensor> sources) {
        return Recorded.of(() -> layer.call(x)).gradient(sources);
    }

    @Test
    void forwardLeavesNoTraceAlsoUnderATape() {
        Residual residual = new Residual();
        residual.forward(X);
        assertThrows(IllegalStateException.class, residual.inner::inputs);
        try (GradientTape tape = new GradientTape()) {
            Tensor y = residual.forward(X);
            assertNull(tape.producer(y));
            assertEquals(0, count(tape.gradient(y, List.of(X))));
            assertEquals(0, count(tape.gradient(y, residual.weights())));
            assertTrue(GradientTape.isRecording());
        }
        residual.call(X);
        assertSame(X, residual.inputs().get(0));
        assertThrows(IllegalStateException.class, residual.inner::inputs, "of a call without a tape, nothing within it is kept");
        assertEquals(Shape.of(X.dim(0), 3, 3), residual.inputGradients().get(0).shape());
    }

    private static int count(List<Tensor> gradients) {
        return (int) gradients.stream().filter(Objects::nonNull).count();
    }

    // ------------------------------------------------------------------------------------ seeds, flags, names, shapes

    @Test
    void aFlagOrAQuestionDoesNotDecideTheWeights() {
        List<Tensor> expected = copyOfWeights(new Sequential(7, new Dense(3, 4)));
        Dense frozen = new Dense(3, 4);
        frozen.trainable(false);
        assertFalse(frozen.trainable());
        assertFalse(frozen.built());
        frozen.useBias(false).useBias(true);
        assertEquals(expected, copyOfWeights(new Sequential(7, frozen)));
        assertEquals(0, frozen.trainableVariables().size());
        Dense asked = new Dense(3, 4);
        assertTrue(asked.trainable());
        assertFalse(asked.built());
        Variable kernel = asked.w();
        assertEquals(expected, copyOfWeights(new Sequential(7, asked)));
        assertSame(kernel, asked.w());
        Dense changed = new Dense(3, 4);
        changed.w().assign(0.5f);
        assertArrayEquals(Tensor.full(0.5f, 3, 4).toArray(), new Sequential(7, changed).weights().get(0).toArray());
        Dense used = new Dense(3, 4);
        used.w();
        Tensor y = used.call(X);
        new Sequential(7, used);
        assertEquals(y, used.forward(X));
    }

    @Test
    void aLayerOfAModelKeepsItsName() {
        Dense dense = new Dense(3);
        new Sequential(new Input(3), dense);
        Exception e = assertThrows(IllegalStateException.class, () -> dense.named("late"));
        assertEquals("Dense(3) is part of a model already: name it before. Received: \"late\"", e.getMessage());
        assertNull(dense.name());
        assertThrows(IllegalStateException.class, () -> dense.with("units", 4));
    }

    @Test
    void aSharedLayerTakesOneWidth() {
        Dense unbuilt = new Dense(5);
        unbuilt.apply(new Input(16).apply());
        Exception e = assertThrows(IllegalArgumentException.class, () -> unbuilt.apply(new Input(32).apply()));
        assertTrue(e.getMessage().endsWith("Dense(5) has one set of weights, which fits inputs of shape [(16,)]. Received: [(32,)]"),
                e.getMessage());
        unbuilt.apply(new Input(2, 16).apply());
        Dense twice = new Dense(5);
        assertThrows(IllegalArgumentException.class, () -> new Sequential(new Input(4), twice, new Dense(6), twice));
        Dense used = new Dense(5);
        Node node = used.apply(new Input(4).apply());
        used.call(Tensor.ones(1, 6));
        Exception late = assertThrows(IllegalArgumentException.class, () -> new Functional(node.inputs().get(0), node));
        assertTrue(late.getMessage().startsWith("Dense(5) does not fit [Input of shape (4,)]: Dense(6, 5) needs"),
                late.getMessage());
    }

    @Test
    void theGradientsOfADenseWithAnActivationAreThoseOfItsProduct() {
        Dense dense = new Dense(2, "sigmoid");
        Tensor y = dense.call(X);
        Layer sigmoid = dense.activation().orElseThrow();
        assertEquals(dense.w().copy(), dense.inputGradients().get(0));
        assertSame(dense.outputs().get(0), sigmoid.inputs().get(0));
        assertSame(y, sigmoid.outputs().get(0));
        Recorded recorded = Recorded.of(() -> dense.call(X));
        assertSame(sigmoid, recorded.tape().producer(recorded.target()).diffable());
        Tensor through = sigmoid.composeInputGradients(List.of(Tensor.ones(5, 2))).get(0);
        assertEquals(dense.composeInputGradients(List.of(through)), recorded.gradient(List.of(X)));
        assertEquals(dense.composeWeightGradients(List.of(through)), recorded.gradient(dense.weights()));
    }
}
