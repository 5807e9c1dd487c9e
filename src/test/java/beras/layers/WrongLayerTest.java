package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
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
    void anOutputOfAnotherShapeThanItSaysIsRefused() {
        CountedDistance distance = new CountedDistance();
        Tensor x = Tensor.ones(32, 3);
        Exception e = assertThrows(IllegalStateException.class, () -> distance.call(x, x));
        assertEquals("The output of CountedDistance for inputs of shape [(32, 3), (32, 3)] must have the shape (32, 1), by its"
                + " outputShape. Received from its compute: (1, 1). Correct one of both", e.getMessage());
        distance.forward(x.slice(0, 1), x.slice(0, 1));
        assertThrows(IllegalStateException.class, () -> distance.forward(x, x), "also after a batch that fits");
    }
}
