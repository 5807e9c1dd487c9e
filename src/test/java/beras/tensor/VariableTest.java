package beras.tensor;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
        assertEquals(Tensor.zeros(2, 2), copy.copy());
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
        assertEquals(Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}), v.copy());
        Variable square = new Variable(Tensor.of(new float[][] {{1, 2}, {3, 4}}));
        square.assign(square.transpose());
        assertEquals(Tensor.of(new float[][] {{1, 3}, {2, 4}}), square.copy());
        square.assign(square.slice(0, 1));
        assertEquals(Tensor.of(new float[][] {{1, 3}, {1, 3}}), square.copy());
    }

    /** What would broadcast, too: (8) assigned to a kernel (4, 8) is a mistake, unless its axis of size 1 is there. */
    @Test
    void aValueOfAnotherShapeIsRefusedAndChangesNothing() {
        for (int[] shape : new int[][] {{3}, {3, 2}, {6}, {}, {1}, {2}, {1, 1, 3}, {1, 1, 1}, {0, 3}}) {
            assertRefused("What is assigned to the variable \"variable\" must have its shape (2, 3). Received: " + Shape.of(shape)
                    + ". To fill it assign a number, or value.broadcastTo(variable.shape())",
                            () -> v.assign(Tensor.zeros(shape)));
        }
        assertEquals(Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}), v.copy());
        v.assign(new float[][] {{1}, {2}});
        assertEquals(Tensor.of(new float[][] {{1, 1, 1}, {2, 2, 2}}), v.copy());
    }

    @Test
    void axesOfSizeOneDoNotCount() {
        Variable bias = new Variable(Tensor.zeros(2));
        bias.assign(new float[][] {{1, 2}});
        assertEquals(Tensor.of(1, 2), bias.copy());
        v.assign(v.expandDims(0, -1).negate());
        assertEquals(Tensor.of(new float[][] {{-1, -2, -3}, {-4, -5, -6}}), v.copy());
        Variable number = new Variable(Tensor.ones(1, 1));
        number.assign(Tensor.scalar(3));
        assertEquals(3f, number.item());
        Variable scalar = new Variable(Tensor.scalar(1));
        scalar.assign(2f);
        assertEquals(2f, scalar.item());
    }

    /** What was put into a set must be found there after a step of training. */
    @Test
    void equalsItselfAloneWhateverItHolds() {
        Set<Variable> set = new HashSet<>(List.of(v));
        v.assign(5f);
        assertTrue(set.contains(v));
        Variable twin = new Variable(v);
        assertFalse(set.contains(twin));
        assertNotEquals(v, twin);
        assertEquals(v.copy(), twin.copy());
        assertNotEquals(v.copy(), v);
        assertNotEquals(v, v.copy());
        assertEquals(2, new HashSet<>(List.of(v, twin)).size());
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
