package beras.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("feed")
class SideBySideBatchesTest {

    private static Batches numbers(int from, int to, int batchSize) {
        float[] numbers = new float[to - from];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = from + i;
        }
        return Batches.of(Examples.of(List.of(Tensor.wrap(numbers, numbers.length, 1)), List.of(Tensor.wrap(numbers, numbers.length, 1)),
                Tensor.wrap(numbers, numbers.length)), batchSize);
    }

    private static final Batches BATCHES = Batches.sideBySide(List.of(numbers(0, 5, 2), numbers(10, 12, 4), numbers(20, 24, 3)));

    @Test
    void eachSourceHasItsExamplesInItsPlaceUntilItEnds() {
        assertEquals(3, BATCHES.count());
        List<List<Integer>> sizes = new ArrayList<>();
        List<float[]> inputs = new ArrayList<>();
        try (Batches.Pass pass = BATCHES.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                sizes.add(batch.ofNets());
                inputs.add(batch.inputs().get(0).toArray());
                assertArrayEquals(batch.inputs().get(0).toArray(), batch.targets().get(0).toArray());
                assertArrayEquals(batch.inputs().get(0).toArray(), batch.weights().toArray());
            }
            assertNull(pass.next());
        }
        assertEquals(List.of(List.of(2, 2, 3), List.of(2, 0, 1), List.of(1, 0, 0)), sizes);
        assertArrayEquals(new float[] {0, 1, 10, 11, 20, 21, 22}, inputs.get(0));
        assertArrayEquals(new float[] {2, 3, 23}, inputs.get(1));
        assertArrayEquals(new float[] {4}, inputs.get(2));
    }

    @Test
    void skippedBatchesAreThoseThatWouldHaveBeenRead() {
        try (Batches.Pass pass = BATCHES.open(0)) {
            pass.skip(1);
            assertEquals(List.of(2, 0, 1), pass.next().ofNets());
        }
        try (Batches.Pass pass = BATCHES.prefetch(2).open(0)) {
            pass.skip(2);
            Batch last = pass.next();
            assertEquals(List.of(1, 0, 0), last.ofNets());
            assertEquals(4f, last.reshaped(BATCHES.spec()).inputs().get(0).item());
            assertNull(pass.next());
        }
    }

    @Test
    void eachSourceIsItselfWithoutRandomChanges() {
        Batches plain = numbers(0, 5, 2);
        Batches changed = new Batches() {

            @Override
            public ExampleSpec spec() {
                return plain.spec();
            }

            @Override
            public int count() {
                return 0;
            }

            @Override
            public Pass open(int epoch) {
                return () -> null;
            }

            @Override
            public Batches forValidation() {
                return plain;
            }
        };
        try (Batches.Pass pass = Batches.sideBySide(List.of(changed, numbers(10, 12, 4))).forValidation().open(0)) {
            assertArrayEquals(new float[] {0, 1, 10, 11}, pass.next().inputs().get(0).toArray());
        }
    }

    @Test
    void sourcesThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Batches.sideBySide(List.of()));
        Batches wider = Batches.of(Examples.of(new float[4][2], new float[4][1]), 2);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Batches.sideBySide(List.of(BATCHES, wider)));
        assertTrue(e.getMessage().contains("of the same shapes. Received: "), e.getMessage());
        assertThrows(IllegalArgumentException.class,
                () -> new Batch(List.of(Tensor.zeros(3, 1)), List.of(Tensor.zeros(3, 1)), null, List.of(1, 1)));
    }
}
