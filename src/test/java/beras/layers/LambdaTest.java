package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.feed.Examples;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.FitOptions;
import beras.training.Problem;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A function is a layer: of a known shape, differentiated through its operations, and made by its name if that is registered. */
@Tag("layers")
class LambdaTest {

    private static final Tensor X = Tensor.generate(i -> Math.sin(1 + 1.7 * i), 40, 3);
    private static final Tensor Y = Tensor.generate(i -> Math.cos(i), 40, 1);
    private static final UnaryOperator<Tensor> WAVE = x -> x.sin().add(x);

    @AfterEach
    void unregister() {
        Layers.ACTIVATIONS.unregister("test_wave");
        Layers.REGISTRY.unregister("test_distance");
        Layers.REGISTRY.unregister("test_total");
    }

    private static Tensor distance(Tensor a, Tensor b) {
        return a.subtract(b).square().sum(1);
    }

    private static Lambda distance() {
        return Layers.lambda("distance", LambdaTest::distance);
    }

    // ----------------------------------------------------------------------------------------------------- shapes

    @Test
    void itsShapeIsThatOfWhatTheFunctionGives() {
        assertEquals(Shape.of(4, 3), Layers.lambda("turned", x -> x.transpose(0, 2, 1)).outputShape(List.of(Shape.of(3, 4))));
        assertEquals(Shape.of(1), distance().outputShape(List.of(Shape.of(5), Shape.of(5))));
        assertEquals(Shape.of(7), Layers.lambda("joined", -1, all -> Tensor.concatenate(1, all.toArray(Tensor[]::new)))
                .outputShape(List.of(Shape.of(4), Shape.of(1), Shape.of(2))));
        assertEquals(Shape.of(3), Layers.lambda("same", x -> x).outputShape(List.of(Shape.of(3))));
        assertEquals(Shape.of(1), Layers.lambda("first", x -> x.slice(1, 0, 1)).outputShape(List.of(Shape.of(3))));
    }

    @Test
    void oneNumberForEachExampleIsAColumn() {
        Tensor a = Tensor.of(new float[][] {{1, 2}, {3, 4}});
        Tensor b = Tensor.of(new float[][] {{1, 4}, {0, 0}});
        assertEquals(Tensor.of(new float[][] {{4}, {25}}), distance().forward(a, b));
        assertEquals(Tensor.of(new float[][] {{4}, {25}}), distance().call(a, b));
    }

    @Test
    void aResultThatIsNoBatchIsRefused() {
        Node x = new Input(3).apply();
        String whole = message(() -> Layers.lambda("total", t -> t.sum()).apply(x));
        assertTrue(whole.startsWith("total does not fit [Input of shape (3,)]: The function total must give a batch, (batch, ...)."
                + " Received: one number for the whole batch."), whole);
        String first = message(() -> Layers.lambda("total", t -> t.sum(0)).apply(x));
        assertTrue(first.contains("The function total must give a batch: the first axis of its result is that of its inputs, and the"
                + " others are the same for each size of batch. Received for inputs of shapes [(3,)] in batches of 2 and 3: (3, 1) and"
                + " (3, 1). Axis 0 is the batch: sum or reshape the axes from 1 on"), first);
        assertThrows(IllegalArgumentException.class, () -> Layers.lambda("pairs", t -> t.matmul(t.transpose())).apply(x));
        assertThrows(IllegalArgumentException.class, () -> Layers.lambda("fixed", t -> t.reshape(1, -1)).apply(x));
        assertThrows(IllegalArgumentException.class, () -> Layers.lambda("last", t -> t.transpose()).apply(x));
        assertEquals("The function none must give a tensor. Received: null", assertThrows(IllegalStateException.class,
                () -> Layers.lambda("none", t -> (Tensor) null).apply(x)).getMessage());
    }

    @Test
    void aWrongNumberOfInputsIsRefused() {
        Node x = new Input(3).apply();
        assertTrue(message(() -> distance().apply(x)).contains("distance takes 2 inputs. Received: 1"));
        assertTrue(message(() -> Layers.lambda("wave", WAVE).apply(x, x)).contains("wave takes one input. Received: 2"));
        assertTrue(message(() -> Layers.lambda("none", 0, all -> X)).contains("at least 1 input, or -1 for any number. Received for"
                + " none: 0"));
    }

    @Test
    void anInputThatTheFunctionRefusesIsNamed() {
        String refused = message(() -> distance().apply(new Input(3).apply(), new Input(4).apply()));
        assertTrue(refused.startsWith("distance does not fit [Input of shape (3,), Input of shape (4,)]: "), refused);
        assertTrue(refused.contains("The function distance fails for a batch of 2 zeros, of shape (2, 3) and (2, 4): "), refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2d", "a b", "a/b", "a-b", "_a"})
    void aNameIsThatOfAFunction(String name) {
        assertEquals("The name of a layer from a function must be a letter, then letters, digits and _. Received: \"" + name + "\"",
                message(() -> Layers.lambda(name, WAVE)));
    }

    /** It would be trained by nobody. */
    @Test
    void aVariableInTheFunctionIsRefused() {
        Variable w = new Variable("w", Tensor.ones(3));
        Dense dense = new Dense(3, 2);
        String inArithmetic = message(() -> Layers.lambda("scaled", x -> x.multiply(w)).apply(new Input(3).apply()));
        assertTrue(inArithmetic.contains("The function scaled must not compute with trainable variables, which no model would train or"
                + " save as its own. Received: w of shape (3,)"), inArithmetic);
        assertTrue(message(() -> Layers.lambda("inner", x -> dense.call(x)).apply(new Input(3).apply())).contains("trainable variables"));
        w.trainable(false);
        dense.trainable(false);
        Node x = new Input(3).apply();
        Functional model = new Functional(1, List.of(x), List.of(Layers.lambda("scaled", t -> t.multiply(w)).apply(x)));
        assertEquals(X, model.predict(X));
        assertEquals(Shape.of(2), Layers.lambda("inner", t -> dense.call(t)).apply(x).shape());
    }

    // --------------------------------------------------------------------------------------------------- in models

    /** The same bits as by layers, whose gradients are fused: those of differences and squares are exact. */
    @Test
    void isPartOfAGraph() {
        Tensor other = Tensor.generate(i -> Math.cos(3 + 1.3 * i), 40, 3);
        List<Model> models = new ArrayList<>();
        for (boolean byFunction : new boolean[] {true, false}) {
            Node a = new Input(3).apply();
            Node b = new Input(3).apply();
            Dense tower = new Dense(4, "tanh");
            Node left = tower.apply(a);
            Node right = tower.apply(b);
            Node difference = byFunction ? Layers.lambda("difference", (p, q) -> p.subtract(q)).apply(left, right)
                    : new Subtract().apply(left, right);
            Node product = byFunction ? Layers.lambda("product", 2, all -> all.get(0).multiply(all.get(1))).apply(difference, left)
                    : new Multiply().apply(difference, left);
            Functional model = new Functional(1, List.of(a, b), List.of(new Dense(1).apply(product)));
            model.compile("adam(0.05)", "mse");
            model.fit(Examples.of(List.of(X, other), List.of(Y), null), new FitOptions().epochs(3).batchSize(7));
            models.add(model);
        }
        assertEquals(models.get(1).predict(X, other), models.get(0).predict(X, other));
        assertEquals(Problem.copyOfWeights(models.get(1)), Problem.copyOfWeights(models.get(0)));
    }

    // -------------------------------------------------------------------------------------------------- by name

    @Test
    void aRegisteredFunctionIsMadeByItsName() {
        Layers.register("test_distance", LambdaTest::distance);
        Layers.register("test_total", -1, all -> all.stream().reduce(Tensor::add).orElseThrow());
        Layers.register("test_wave", WAVE);
        Layer made = Layers.REGISTRY.of("test_distance(name=d)");
        assertInstanceOf(Lambda.class, made);
        assertEquals(Config.of("test_distance").with("name", "d"), made.config());
        assertEquals("d", Layers.REGISTRY.of(made.config()).name());
        assertEquals(Config.of("test_wave"), Layers.ACTIVATIONS.of("TestWave").config());
        assertEquals(WAVE.apply(X), Layers.REGISTRY.of("test_wave").forward(X));
        assertEquals(X.add(X).add(X), Layers.REGISTRY.of("test_total").forward(X, X, X));
        assertTrue(Layers.REGISTRY.names().containsAll(List.of("test_wave", "test_distance")));
    }

    @Test
    void recipesAndActivationsNameIt() {
        Layers.register("test_wave", WAVE);
        Recipe recipe = new Recipe().layers("8:test_wave, test_wave, dense(4, activation=test_wave), 1:linear").loss("mse").seed(3);
        Model byName = Models.of(recipe, Shape.of(3));
        Model byHand = new Sequential(3, new Input(3), new Dense(8).activation(Layers.lambda("wave", WAVE)),
                Layers.lambda("wave", WAVE), new Dense(4).activation(Layers.lambda("wave", WAVE)), new Dense(1, "linear"));
        for (Model again : List.of(byHand, Models.of(byName.config()))) {
            for (int i = 0; i < again.weights().size(); i++) {
                again.weights().get(i).assign(byName.weights().get(i));
            }
            assertEquals(byName.predict(X), again.predict(X));
        }
        assertEquals(recipe, Recipe.of(recipe.config()));
    }

    @Test
    void aNameStandsForOneFunction() {
        Layers.register("test_wave", WAVE);
        Layers.register("test_wave", WAVE);
        assertEquals("The name of a layer must not be that of another: test_wave is taken. Received: another function",
                message(() -> Layers.register("test_wave", x -> x.cos())));
        assertTrue(message(() -> Layers.register("relu", WAVE)).contains("relu is taken"));
        Layers.register("test_distance", LambdaTest::distance);
        assertThrows(IllegalArgumentException.class, () -> Layers.register("testDistance", LambdaTest::distance));
        String unknown = message(() -> Layers.REGISTRY.of("test_total"));
        assertTrue(unknown.startsWith("There is no such name for a layer. Received: test_total") && unknown.endsWith(
                ". If test_total is a custom function, register it before: Layers.register(\"test_total\", ...); a class by"
                + " REGISTRY.register"), unknown);
        Layers.register("test_total", 1, all -> all.get(0));
        assertThrows(IllegalArgumentException.class, () -> Layers.REGISTRY.of("test_total(2)"));
    }

    @Test
    void describesItselfOnlyAsWhatIsRegistered() {
        Lambda wave = Layers.lambda("test_wave", WAVE);
        assertEquals("The function of a layer must be registered to be described and saved. Received: test_wave. Register it before:"
                + " Layers.register(\"test_wave\", ...), with the very same function; or make a layer by its name then,"
                + " REGISTRY.of(\"test_wave\")", message(() -> Layers.REGISTRY.configOf(wave)));
        Layers.register("test_wave", WAVE);
        assertEquals(Config.of("test_wave"), Layers.REGISTRY.configOf(wave));
        String other = message(() -> Layers.REGISTRY.configOf(Layers.lambda("test_wave", x -> x.cos())));
        assertTrue(other.contains("Received: test_wave, but that is the name of another. Where"), other);
    }

    private static String message(Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
