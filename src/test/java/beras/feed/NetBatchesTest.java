package beras.feed;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("feed")
class NetBatchesTest {

    private static Batches numbers(int from, int to, int batchSize) {
        float[] numbers = new float[to - from];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = from + i;
        }
        return Batches.of(Examples.of(List.of(Tensor.wrap(numbers, numbers.length, 1)), List.of(Tensor.wrap(numbers, numbers.length, 1)),
                Tensor.wrap(numbers, numbers.length)), batchSize);
    }

    private static final Batches BATCHES = Batches.ofNets(List.of(numbers(0, 5, 2), numbers(10, 12, 4), numbers(20, 24, 3)));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPassTakesABatchOfEachNetInTurnUntilItEnds(boolean ahead) {
        Batches batches = ahead ? BATCHES.prefetch(2) : BATCHES;
        assertEquals(6, batches.count());
        List<String> seen = new ArrayList<>();
        try (Batches.Pass pass = batches.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                seen.add(pass.net() + Arrays.toString(batch.inputs().get(0).toArray()));
                assertArrayEquals(batch.inputs().get(0).toArray(), batch.targets().get(0).toArray());
                assertArrayEquals(batch.inputs().get(0).toArray(), batch.weights().toArray());
            }
            assertNull(pass.next());
        }
        assertEquals(List.of("0[0.0, 1.0]", "1[10.0, 11.0]", "2[20.0, 21.0, 22.0]", "0[2.0, 3.0]", "2[23.0]", "0[4.0]"), seen);
    }

    /** A pass over a stream may be at its end once. */
    @Test
    void aPassIsNotAskedForMoreAfterItsEnd() {
        Batches once = new Batches() {
            @Override
            public ExampleSpec spec() {
                return BATCHES.spec();
            }

            @Override
            public int count() {
                return -1;
            }

            @Override
            public Pass open(int epoch) {
                Iterator<Batch> given = Arrays.asList(Batch.zeros(spec(), 1), null).iterator();
                return given::next;
            }
        };
        try (Batches.Pass pass = Batches.ofNets(List.of(once, numbers(0, 3, 1))).open(0)) {
            for (int net : new int[] {0, 1, 1, 1}) {
                assertEquals(1, pass.next().size());
                assertEquals(net, pass.net());
            }
            assertNull(pass.next());
        }
    }

    @Test
    void sourcesThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Batches.ofNets(List.of()));
        Batches wider = Batches.of(Examples.of(new float[4][2], new float[4][1]), 2);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Batches.ofNets(List.of(BATCHES, wider)));
        assertTrue(e.getMessage().contains("of the same shapes. Received: "), e.getMessage());
    }
}
