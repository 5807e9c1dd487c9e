package beras.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class VariableTest {

    private final Variable v = new Variable(Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}));

    @Test
    void copiesItsFirstContents() {
        Tensor initial = Tensor.of(new float[][] {{1, 2}, {3, 4}}).transpose();
        Variable copy = new Variable(initial);
        copy.assign(0f);
        assertEquals(Tensor.of(new float[][] {{1, 3}, {2, 4}}), initial);
        assertTrue(copy.isContiguous());
        assertEquals(Tensor.zeros(2, 2), copy);
    }

    @Test
    void everyHolderAndEveryViewSeesAnAssignment() {
        float[] memory = v.data();
        Tensor view = v.transpose();
        v.assign(Tensor.of(new float[][] {{1}, {2}}));
        assertSame(memory, v.data());
        assertEquals(Tensor.of(new float[][] {{1, 2}, {1, 2}, {1, 2}}), view);
    }

    @Test
    void assignsAnyLayoutAndItself() {
        v.assign(Tensor.of(new float[][] {{1, 4}, {2, 5}, {3, 6}}).transpose());
        assertEquals(Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}), v);
        Variable square = new Variable(Tensor.of(new float[][] {{1, 2}, {3, 4}}));
        square.assign(square.transpose());
        assertEquals(Tensor.of(new float[][] {{1, 3}, {2, 4}}), square);
        square.assign(square.slice(0, 1));
        assertEquals(Tensor.of(new float[][] {{1, 3}, {1, 3}}), square);
    }

    @Test
    void aValueThatDoesNotBroadcastIsRefusedAndChangesNothing() {
        for (Tensor value : new Tensor[] {Tensor.zeros(3, 2), Tensor.zeros(1, 2, 3), Tensor.zeros(2), Tensor.zeros(0, 3)}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> v.assign(value));
            assertTrue(e.getMessage().contains(value.shape().toString()), e.getMessage());
            assertTrue(e.getMessage().contains("(2, 3)"), e.getMessage());
        }
        assertEquals(Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}), v);
    }

    @Test
    void aNumberMayHaveAnyRankOfVariable() {
        Variable number = new Variable(Tensor.scalar(1));
        number.assign(2f);
        assertEquals(2f, number.item());
    }

    @Test
    void isTrainableUntilItIsFrozen() {
        assertTrue(v.trainable());
        v.trainable(false);
        assertFalse(v.trainable());
        v.trainable(true);
        assertTrue(v.trainable());
    }
}
