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

    @Test
    void theFlagsPartTheWeightsAndKeepTheirOrder() {
        b.trainable(false);
        assertEquals(List.of(a, c), weighted.trainableVariables());
        assertEquals(List.of(b), weighted.nonTrainableVariables());
        assertTrue(weighted.trainable());
        weighted.trainable(false);
        assertEquals(List.of(a, b, c), weighted.nonTrainableVariables());
        assertFalse(weighted.trainable());
        weighted.trainable(true);
        assertEquals(List.of(a, b, c), weighted.trainableVariables());
    }
}
