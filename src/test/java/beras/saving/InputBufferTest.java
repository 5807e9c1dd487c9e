package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Conv2D;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Inputs that come one after the other, and models that get them in parts. */
@Tag("saving")
class InputBufferTest {

    private static void add(InputBuffer buffer, float first) {
        float[] array = buffer.array();
        for (int i = 0; i < 3; i++) {
            array[buffer.at() + i] = first + i;
        }
        buffer.add();
    }

    @Test
    void itGivesWhatWasAddedAndIsEmptyThen() {
        InputBuffer buffer = new InputBuffer(Shape.of(3));
        for (int round = 1; round < 3; round++) {
            for (int i = 0; i < 40; i++) { // more than there is room for at first
                assertEquals(i, buffer.size());
                add(buffer, 10 * i * round);
            }
            Tensor taken = buffer.take();
            assertEquals(Shape.of(40, 3), taken.shape());
            for (int i = 0; i < 40; i++) {
                assertEquals(10f * i * round + 2, taken.get(i, 2));
            }
            assertEquals(0, buffer.size());
        }
    }

    @Test
    void itTakesAsManyAsArePredictedAtATime() {
        Shape shape = Shape.of(3);
        InputBuffer buffer = new InputBuffer(shape);
        assertEquals(Predictor.batchSize(shape), buffer.capacity());
        for (int i = 0; i < buffer.capacity(); i++) {
            assertFalse(buffer.isFull());
            add(buffer, i);
        }
        assertTrue(buffer.isFull());
        assertThrows(IllegalStateException.class, buffer::array);
        assertEquals(Shape.of(buffer.capacity(), 3), buffer.take().shape());
        add(buffer, 7);
        assertArrayEquals(new float[] {7, 8, 9}, buffer.take().toArray());
    }

    @Test
    void oneExampleOfAnySizeHasRoom() {
        InputBuffer buffer = new InputBuffer(Shape.of(1 << 14, 1 << 11));
        assertEquals(1, buffer.capacity());
    }

    /** Flat inputs serve a model of images; what it gives does not depend on how many go through it at a time. */
    @Test
    void outputsAreThoseOfTheWholeAtOnce() {
        Sequential model = new Sequential(1, new Input(4, 4, 1), new Conv2D(2, 3), new Flatten());
        int count = 2 * Predictor.batchSize(model.inputShape()) + 3;
        Tensor inputs = Tensor.generate(i -> i % 97 / 97f, count, 16);
        Tensor expected = model.predict(inputs.reshape(count, 4, 4, 1));
        assertEquals(Shape.of(count, 8), expected.shape());
        assertArrayEquals(expected.toArray(), Predictor.outputs(model, inputs).toArray());
        assertArrayEquals(expected.toArray(), Predictor.outputs(model, count, inputs::slice).toArray());
        assertEquals(Shape.of(0, 8), Predictor.outputs(model, 0, inputs::slice).shape());
    }
}
