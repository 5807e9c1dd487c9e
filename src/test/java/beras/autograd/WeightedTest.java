package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class WeightedTest {

    private final Variable a = new Variable(Tensor.scalar(1));
    private final Variable b = new Variable(Tensor.scalar(1));
    private final Variable c = new Variable(Tensor.scalar(1));
    private final Weighted weighted = new Weighted() {
        @Override
        public List<Variable> weights() {
            return List.of(a, b, c);
        }
    };

    private static void assertSameObjects(List<Variable> expected, List<Variable> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertSame(expected.get(i), actual.get(i), "number " + i);
        }
    }

    @Test
    void theFlagsPartTheWeightsAndKeepTheirOrder() {
        b.trainable(false);
        assertSameObjects(List.of(a, c), weighted.trainableVariables());
        assertSameObjects(List.of(b), weighted.nonTrainableVariables());
        assertTrue(weighted.trainable());
        weighted.trainable(false);
        assertSameObjects(List.of(a, b, c), weighted.nonTrainableVariables());
        assertFalse(weighted.trainable());
        weighted.trainable(true);
        assertSameObjects(List.of(a, b, c), weighted.trainableVariables());
    }
}
