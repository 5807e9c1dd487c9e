package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.tensor.Dice;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class SequentialTest {

    private static final Tensor X = new Dice("sequential").normal(5, 3);

    private final Dense first = new Dense(3, 4, Initializers.glorotUniform(), 1);
    private final Dense second = new Dense(4, 2, Initializers.glorotUniform(), 2);

    @Test
    void keepsItsLayersTheVeryObjects() {
        Layer[] layers = {first, new ReLU(), second};
        Sequential model = new Sequential(layers);
        Layer expected = layers[0];
        layers[0] = second;
        assertSame(expected, model.layers().get(0));
        assertEquals(3, model.layers().size());
        assertThrows(UnsupportedOperationException.class, () -> model.layers().clear());
    }

    @Test
    void weightsAreThoseOfTheLayersInOrder() {
        Sequential model = new Sequential(first, new ReLU(), second);
        assertEquals(List.of(first.w(), first.b(), second.w(), second.b()), model.weights());
        first.trainable(false);
        assertEquals(List.of(second.w(), second.b()), model.trainableVariables());
        model.trainable(false);
        assertFalse(second.trainable());
    }

    @Test
    void aLayerInTwoPlacesCountsOnce() {
        Dense square = new Dense(3, 3);
        assertEquals(List.of(square.w(), square.b()), new Sequential(square, new ReLU(), square).weights());
    }

    @Test
    void forwardCallAndPredictGiveTheBitsOfTheLayersOneByOne() {
        Dense square = new Dense(4, 4, Initializers.glorotUniform(), 3);
        ReLU relu = new ReLU();
        List<List<Layer>> stacks = List.of(
                List.of(first, relu, second, new Softmax()),
                List.of(first, new LeakyReLU(), new Sigmoid(), second, new Sigmoid()),
                List.of(new LeakyReLU(), first, second),
                List.of(first, relu, square, relu, square, new Sigmoid(), second),
                List.of(new Dense(3, 4, Initializers.glorotUniform(), 1).activation(relu), new LeakyReLU(0.01f), second));
        for (List<Layer> stack : stacks) {
            Tensor expected = X;
            for (Layer layer : stack) {
                expected = layer.forward(expected);
            }
            Sequential model = new Sequential(stack.toArray(Layer[]::new));
            assertEquals(expected, model.forward(X));
            assertEquals(expected, model.call(X));
            assertEquals(expected, model.predict(X));
        }
    }

    @Test
    void underATapeTheLayersAreRecordedAndTheModelIsNot() {
        Sequential model = new Sequential(first, new ReLU(), second);
        Recorded recorded = Recorded.of(() -> model.call(X));
        assertSame(second, recorded.tape().producer(recorded.target()).diffable());
        assertSame(X, first.inputs().get(0));
        assertEquals(Tensor.full(5, 1, 2), recorded.gradient(List.of(second.b())).get(0));
        assertNull(recorded.gradient(List.of(second.b(), X.copy())).get(1));
    }

    @Test
    void layersThatDoNotChainAreNamedBoth() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Sequential(first, new ReLU(), new Dense(5, 2)));
        assertEquals("Layer 3 (Dense(2)) does not fit layer 2 (ReLU), which gives examples of shape (4,): "
                + "Dense(5, 2) needs examples whose last axis is 5. Received shape: (4,)", e.getMessage());
    }

    @Test
    void withoutALayerOfKnownSizeThereIsNoModel() {
        for (Layer[] layers : new Layer[][] {{}, {new ReLU(), new Softmax()}}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> new Sequential(layers));
            assertTrue(e.getMessage().endsWith("Received: " + layers.length + " layers without one"), e.getMessage());
        }
    }
}
