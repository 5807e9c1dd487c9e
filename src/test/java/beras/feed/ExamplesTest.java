package beras.feed;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class ExamplesTest {

    private final Examples examples = Examples.of(Tensor.generate(i -> i, 5, 2, 1), Tensor.generate(i -> 100 + i, 5, 1));

    private static float[][] read(Examples examples, int[] order, int from, int to) {
        Batch batch = Batch.zeros(examples.spec(), to - from);
        examples.read(0, order, from, to, batch);
        return new float[][] {batch.inputs().get(0).data(), batch.targets().get(0).data()};
    }

    @Test
    void areReadInTheOrderAskedFor() {
        float[][] read = read(examples, new int[] {4, 0, 3, 3}, 1, 4);
        assertArrayEquals(new float[] {0, 1, 6, 7, 6, 7}, read[0]);
        assertArrayEquals(new float[] {100, 103, 103}, read[1]);
    }

    @Test
    void targetsAreOptional() {
        Tensor inputs = Tensor.zeros(1, 2, 1);
        examples.read(0, new int[] {2}, 0, 1, new Batch(List.of(inputs), List.of(), null));
        assertArrayEquals(new float[] {4, 5}, inputs.data());
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
        assertEquals(examples.spec(), part.spec());
        float[][] read = read(part, new int[] {1, 0}, 0, 2);
        assertArrayEquals(new float[] {6, 7, 4, 5}, read[0]);
        assertArrayEquals(new float[] {103, 102}, read[1]);
        assertEquals(0, examples.slice(5, 5).count());
    }

    @Test
    void aSliceMustFit() {
        for (int[] range : new int[][] {{-1, 2}, {3, 2}, {0, 6}}) {
            assertRefused("Examples " + range[0] + " to " + range[1] + " are not among 5",
                    () -> examples.slice(range[0], range[1]));
        }
    }

    @Test
    void eachInputNeedsATarget() {
        assertRefused("Inputs and targets must have one number of rows, and weights one element for each. Received shapes:"
                + " [(3, 2), (2, 1)]", () -> Examples.of(Tensor.zeros(3, 2), Tensor.zeros(2, 1)));
        assertThrows(IllegalArgumentException.class, () -> Examples.of(Tensor.scalar(1), Tensor.scalar(1)));
        for (float wrong : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertRefused("Weights of examples must be finite and at least 0. Received: " + wrong + " for example 1",
                    () -> Examples.of(List.of(Tensor.zeros(2, 1)), List.of(Tensor.zeros(2, 1)), Tensor.of(0f, wrong)));
        }
    }
}
