package beras.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.autograd.Opaque;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A mistake in a custom layer is found in that layer, not in the loss or the layer after it. */
@Tag("layers")
class WrongLayerTest {

    /** The distance of two vectors, of the first example alone. */
    private static class Distance extends Layer {

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.of(1);
        }

        @Override
        protected Tensor compute(Call call) {
            return Tensor.ones(1, 1);
        }
    }

    private static final class CountedDistance extends Distance {

        @Override
        protected int inputCount() {
            return 2;
        }
    }

    /** Sums each row, but says that it gives what it takes. */
    private static final class RowSum extends Layer {

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).sum(1).reshape(-1, 1);
        }
    }

    private static final class Doubled extends Layer {

        @Override
        protected Tensor compute(Call call) {
            return new Opaque(2).apply(call.input(0));
        }
    }

    @Test
    void aGradientOfAGradientNeedsAComposition() {
        Tensor x = Tensor.of(new float[][] {{1, -2}});
        GradientTape outer = new GradientTape();
        try (outer) {
            GradientTape inner = new GradientTape();
            Tensor y;
            outer.watch(x);
            try (inner) {
                y = new Doubled().call(x);
            }
            Tensor gradient = inner.gradient(y, x);
            assertEquals(Tensor.of(new float[][] {{2, 2}}), gradient);
            assertEquals(gradient, outer.gradient(y, x));
            Exception e = assertThrows(UnsupportedOperationException.class, () -> outer.gradient(gradient, x));
            assertEquals("The gradient of Doubled has no derivative: it has no composition of operations of tensors. Take others",
                    e.getMessage());
        }
    }

    @Test
    void aShapeOfSeveralInputsNeedsTheirNumber() {
        Node a = new Input(3).apply();
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Distance().apply(a, new Input(3).apply()));
        assertTrue(e.getMessage().endsWith("its outputShape(List) takes 2 inputs, its inputCount() is 1. Override inputCount() to"
                + " return the number of inputs"), e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new CountedDistance().apply(a));
        assertEquals("CountedDistance does not fit [" + a + "]: CountedDistance takes 2 inputs. Received: 1", e.getMessage());
    }

    @Test
    void noOutputIsRefused() {
        Layer none = new Layer() {

            @Override
            protected Tensor compute(Call call) {
                return null;
            }
        };
        Exception e = assertThrows(IllegalStateException.class, () -> none.call(Tensor.ones(2, 3)));
        assertEquals("The output of " + none + " for inputs of shape [(2, 3)] must have the shape (2, 3), by its outputShape. Received"
                + " from its compute: null. Correct one of both", e.getMessage());
    }

    @Test
    void anOutputOfAnotherShapeThanItSaysIsRefused() {
        CountedDistance distance = new CountedDistance();
        Tensor x = Tensor.ones(32, 3);
        Exception e = assertThrows(IllegalStateException.class, () -> distance.call(x, x));
        assertEquals("The output of CountedDistance for inputs of shape [(32, 3), (32, 3)] must have the shape (32, 1), by its"
                + " outputShape. Received from its compute: (1, 1). Correct one of both", e.getMessage());
        distance.forward(x.slice(0, 1), x.slice(0, 1));
        assertThrows(IllegalStateException.class, () -> distance.forward(x, x), "also after a batch that fits");
    }

    @Test
    void soItIsInAModel() {
        Sequential model = new Sequential(1, new Input(4), new RowSum(), new Dense(4));
        Exception e = assertThrows(IllegalStateException.class, () -> model.predict(Tensor.ones(2, 4)));
        assertTrue(e.getMessage().startsWith("The output of RowSum for inputs of shape [(2, 4)] must have the shape (2, 4)"),
                e.getMessage());
    }

    /** A layer may take inputs of other shapes than those that it was built for. */
    @Test
    void theShapeIsThatOfTheInputsOfTheCall() {
        Dense dense = new Dense(2);
        assertEquals(Shape.of(5, 2), dense.forward(Tensor.ones(5, 3)).shape());
        assertEquals(Shape.of(5, 4, 2), dense.forward(Tensor.ones(5, 4, 3)).shape());
        assertEquals(Shape.of(0, 2), dense.forward(Tensor.ones(0, 3)).shape());
    }
}
