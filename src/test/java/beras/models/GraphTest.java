package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class GraphTest {

    private static final Tensor X = new Dice("graph").normal(5, 3);

    private static String message(Runnable broken) {
        return assertThrows(IllegalArgumentException.class, broken::run).getMessage();
    }

    @Test
    void theSeedOfAModelDecidesTheWeightsOfLayersWithoutOne() {
        Tensor[] first = {null, null};
        for (int i = 0; i < 2; i++) {
            Sequential model = new Sequential(7, new Input(3), new Dense(4), new Dense(4));
            first[i] = model.weights().get(0);
            assertNotEquals(model.weights().get(2).copy(),
                    new Sequential(8, new Input(3), new Dense(4), new Dense(4)).weights().get(2).copy());
        }
        assertArrayEquals(first[0].toArray(), first[1].toArray());
        Dense own = new Dense(4);
        own.seed(1);
        Dense same = new Dense(4);
        same.seed(1);
        assertArrayEquals(new Sequential(7, new Input(3), own).weights().get(0).toArray(),
                new Sequential(9, new Input(3), same).weights().get(0).toArray());
    }

    @Test
    void layersAreNamedAsKerasDoes() {
        Sequential model = new Sequential(new Input(3), new Dense(4), new ReLU(), new Dense(4).named("dense_1"), new LeakyReLU(),
                new Dense(2));
        assertEquals(List.of("input", "dense", "re_lu", "dense_1", "leaky_re_lu", "dense_2"),
                List.copyOf(model.layersByName().keySet()));
        assertSame(model.layers().get(2), model.layer("dense_1"));
        assertEquals("There is no layer dense_9, only [input, dense, re_lu, dense_1, leaky_re_lu, dense_2]. Did you mean dense?",
                message(() -> model.layer("dense_9")));
        assertEquals("The layers of a model must have different names. Received twice: same",
                message(() -> new Sequential(new Input(3), new Dense(4).named("same"), new ReLU().named("same"))));
        assertEquals("The name of a layer must not be blank nor contain a slash. Received: \"a/b\"",
                message(() -> new ReLU().named("a/b")));
    }

    /** Also one that comes before the layer to which the name was given. */
    @Test
    void aGivenNameIsLeftToItsLayer() {
        Sequential model = new Sequential(new Input(3), new Dense(4), new Dense(2).named("dense"));
        assertEquals(List.of("dense_1", "dense"), List.copyOf(model.layersByName().keySet()).subList(1, 3));
    }

    @Test
    void aDenseThatAnotherLayerUsesTooIsNotFused() {
        Node x = new Input(3).apply();
        Node dense = new Dense(3).apply(x);
        Functional model = new Functional(1, List.of(x), List.of(new Add().apply(dense, new ReLU().apply(dense))));
        assertEquals(model.forward(X), model.predict(X));
    }

    @Test
    void aDenseWhoseOutputIsUsedTwiceIsNotFused() {
        Node x = new Input(3).apply();
        Node dense = new Dense(3).apply(x);
        Node relu = new ReLU().apply(dense);
        Functional model = new Functional(1, List.of(x), List.of(dense, relu));
        List<Tensor> fast = model.predict(List.of(X));
        List<Tensor> plain = List.of(model.run(X));
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(plain.get(i).toArray(), fast.get(i).toArray());
        }
        float[] before = fast.get(0).toArray();
        float[] after = fast.get(1).toArray();
        boolean negative = false;
        for (int i = 0; i < before.length; i++) {
            assertEquals(Math.max(before[i], 0f), after[i]);
            negative |= before[i] < 0;
        }
        assertTrue(negative, "else fusing would not show");
    }

    @Test
    void graphsThatCannotBeRunAreRefused() {
        Node x = new Input(3).apply();
        Node other = new Input(3).apply();
        Node y = new Dense(2).apply(x);
        assertEquals("A model needs at least one input and one output. Received: 0 and 1",
                message(() -> new Functional(List.of(), List.of(y))));
        assertEquals("An input of a model is made by new Input(...).apply(). Received: Dense(2) of shape (2,)",
                message(() -> new Functional(y, new ReLU().apply(y))));
        assertEquals("The inputs of a model must differ. Received twice: Input of shape (3,)",
                message(() -> new Functional(List.of(x, x), List.of(y))));
        assertEquals("The outputs depend on Input of shape (3,), which is not among the inputs of the model",
                message(() -> new Functional(other, y)));
        assertEquals("No output depends on the input Input of shape (3,). Remove it",
                message(() -> new Functional(List.of(x, other), List.of(y))));
    }

    @Test
    void shapesThatDoNotFitAreNamedByLayer() {
        Node x = new Input(3).apply();
        assertEquals("Dense(2) \"wide\" does not fit [Input of shape (3,)]: Dense(4, 2) needs examples whose last axis is 4."
                + " Received shape: (3,)", message(() -> new Dense(4, 2).named("wide").apply(x)));
        assertEquals("ReLU takes one input. Received: 2",
                message(() -> new ReLU().forward(X, X)));
        assertTrue(message(() -> new ReLU().apply(x, x)).endsWith("ReLU takes one input. Received: 2"));
    }

    @Test
    void aDeepNetNeedsNoDeepStack() {
        Node node = new Input(1).apply();
        Node first = node;
        for (int i = 0; i < 20_000; i++) {
            node = new ReLU().apply(node);
        }
        assertEquals(1f, new Functional(first, node).predict(Tensor.ones(1, 1)).item());
    }

    @Test
    void theSummaryCountsWhatImagesTake() {
        Sequential model = Sequential.of(new Recipe().layers("conv(4, 3, groups=2), depthwise_conv(2, depth_multiplier=2),"
                + " separable_conv(3, 2, padding=same), conv_transpose(2, 3, strides=2), conv(1, 1, strides=2), flatten, 2"),
                Shape.of(6, 5, 2));
        List<Long> counts = model.nodes().stream()
                .map(node -> node.layer().multiplyAdds(node.inputs().stream().map(Node::shape).toList())).toList();
        assertEquals(List.of(0L, 12 * 36L, 6 * 32L, 6 * (32 + 24L), 6 * 54L, 12 * 2L, 0L, 24L), counts);
        assertTrue(model.summary().endsWith("Multiply-adds for one example: 1,332\n"), model::summary);
    }
}
