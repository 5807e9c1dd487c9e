package beras.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class ExamplesTest {

    private final Examples examples = Examples.of(Tensor.generate(i -> i, 5, 2, 1), Tensor.generate(i -> 100 + i, 5, 1));

    private static float[][] read(Examples examples, int[] order, int from, int to) {
        float[][] result = {new float[2 * (to - from)], new float[to - from]};
        examples.read(order, from, to, result[0], result[1]);
        return result;
    }

    @Test
    void knowTheirCountAndShapes() {
        assertEquals(5, examples.count());
        assertEquals(Shape.of(2, 1), examples.inputShape());
        assertEquals(Shape.of(1), examples.targetShape());
    }

    @Test
    void areReadInTheOrderAskedFor() {
        float[][] read = read(examples, new int[] {4, 0, 3, 3}, 1, 4);
        assertArrayEquals(new float[] {0, 1, 6, 7, 6, 7}, read[0]);
        assertArrayEquals(new float[] {100, 103, 103}, read[1]);
    }

    @Test
    void targetsAreOptional() {
        float[] inputs = new float[2];
        examples.read(new int[] {2}, 0, 1, inputs, null);
        assertArrayEquals(new float[] {4, 5}, inputs);
    }

    @Test
    void tensorsAreReadWhenNeededNotCopied() {
        float[] memory = {1, 2};
        Examples view = Examples.of(Tensor.wrap(memory, 1, 2), Tensor.zeros(1, 1));
        memory[1] = 9;
        assertArrayEquals(new float[] {1, 9}, read(view, new int[] {0}, 0, 1)[0]);
    }

    @Test
    void aSliceCountsFromItsOwnStart() {
        Examples part = examples.slice(1, 5).slice(1, 3);
        assertEquals(2, part.count());
        assertEquals(examples.inputShape(), part.inputShape());
        assertEquals(examples.targetShape(), part.targetShape());
        float[][] read = read(part, new int[] {1, 0}, 0, 2);
        assertArrayEquals(new float[] {6, 7, 4, 5}, read[0]);
        assertArrayEquals(new float[] {103, 102}, read[1]);
        assertEquals(0, examples.slice(5, 5).count());
    }

    @Test
    void aSliceMustFit() {
        for (int[] range : new int[][] {{-1, 2}, {3, 2}, {0, 6}}) {
            Exception e = assertThrows(IndexOutOfBoundsException.class, () -> examples.slice(range[0], range[1]));
            assertEquals("Examples " + range[0] + " to " + range[1] + " are not among 5", e.getMessage());
        }
    }

    @Test
    void eachInputNeedsATarget() {
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> Examples.of(Tensor.zeros(3, 2), Tensor.zeros(2, 1)));
        assertEquals("Inputs and targets must have one number of rows. Received shapes: (3, 2) and (2, 1)", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Examples.of(Tensor.scalar(1), Tensor.scalar(1)));
    }
}
