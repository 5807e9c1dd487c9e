package beras.tensor;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Views: the same memory seen in another way. */
@Tag("core")
class TensorViewTest {

    private static final Tensor T = Tensor.generate(i -> i, 2, 3, 4);

    @Test
    void viewsShareMemory() {
        Tensor t = Tensor.zeros(4, 6);
        Tensor column = t.reshape(6, 4).slice(1, 5).transpose().slice(2, 3);
        t.data()[4 + 2] = 7; // row 1, column 2 of the (6, 4) view
        assertSame(t.data(), column.data());
        assertEquals(7f, column.get(0, 0));
    }

    @Test
    void reshapeKeepsTheRowMajorOrder() {
        assertArrayEquals(T.toArray(), T.reshape(4, 6).toArray());
        assertEquals(Shape.of(4, 6), T.reshape(4, -1).shape());
        assertEquals(Shape.of(24), T.reshape(-1).shape());
        assertEquals(Shape.of(2, 3, 4, 1), T.reshape(2, 3, 4, 1).shape());
        assertEquals(Shape.of(), Tensor.of(5).reshape().shape());
        assertEquals(Shape.of(3, 0), Tensor.zeros(0, 3).reshape(3, 0).shape());
        assertEquals(Shape.of(0, 5), Tensor.zeros(0, 3).reshape(-1, 5).shape());
    }

    @Test
    void reshapeOfAViewOutOfOrderIsACopyInItsOwnOrder() {
        Tensor t = Tensor.of(new float[][] {{1, 2}, {3, 4}});
        Tensor columns = t.transpose().reshape(4);
        assertEquals(Tensor.of(1, 3, 2, 4), columns);
        assertNotSame(t.data(), columns.data());
    }

    @Test
    void reshapeToAnotherSizeIsRefusedNamingBothShapes() {
        assertRefused("Cannot reshape (2, 3, 4) of 24 elements to (5, 5) of 25", () -> T.reshape(5, 5));
        assertRefused("Cannot reshape (2, 3, 4) to [5, -1]: -1 has no answer", () -> T.reshape(5, -1));
        assertRefused("Cannot reshape (2, 3, 4) to [0, -1]: -1 has no answer", () -> T.reshape(0, -1));
        assertRefused("Cannot reshape (2, 3, 4) to [-1, -1]: -1 has no answer", () -> T.reshape(-1, -1));
    }

    @Test
    void transposeMovesAxes() {
        Tensor t = T.transpose(2, 0, 1);
        assertEquals(Shape.of(4, 2, 3), t.shape());
        Indices.forEach(t.shape(), i -> assertEquals(T.get(i[1], i[2], i[0]), t.get(i)));
        assertEquals(T.transpose(2, 1, 0), T.transpose());
        assertEquals(T, T.transpose().transpose());
        assertEquals(Shape.of(5), Tensor.zeros(5).transpose().shape());
        assertEquals(Tensor.scalar(1), Tensor.scalar(1).transpose());
    }

    @Test
    void transposeNeedsAPermutationOfAllAxes() {
        for (int[] axes : new int[][] {{0, 1}, {0, 1, 1}, {0, 1, 3}, {0, 1, -1}, {0, 1, 2, 3}}) {
            assertRefused("The axes of shape (2, 3, 4) cannot be put in the order " + Arrays.toString(axes),
                    () -> T.transpose(axes));
        }
    }

    @Test
    void sliceTakesRowsOfTheFirstAxis() {
        Tensor t = T.reshape(6, 4);
        assertEquals(Tensor.generate(i -> 8 + i, 2, 4), t.slice(2, 4));
        assertEquals(Tensor.of(new float[][] {{1, 5}, {2, 6}}), t.slice(0, 2).transpose().slice(1, 3));
        assertEquals(t, t.slice(0, 6));
    }

    @Test
    void sliceMayBeEmptyAnywhere() {
        for (int at : new int[] {0, 3, 6}) {
            Tensor none = T.reshape(6, 4).slice(at, at);
            assertEquals(Shape.of(0, 4), none.shape());
            assertEquals(0, none.toArray().length);
            assertEquals(Tensor.zeros(4), none.sum(0));
            assertEquals(Shape.of(0, 2), none.matmul(Tensor.ones(4, 2)).shape());
            assertEquals(Shape.of(0, 4), none.add(1).exp().shape());
        }
        assertEquals(Shape.of(0, 3), Tensor.zeros(0, 3).slice(0, 0).shape());
    }

    @Test
    void anEmptySliceAtTheEndOfAViewIsInsideTheBuffer() {
        Tensor columns = Tensor.zeros(3, 4).transpose().slice(1, 3).transpose(); // columns 1 and 2
        Tensor none = columns.slice(3, 3);
        assertEquals(Shape.of(0, 2), none.shape());
        assertEquals(Tensor.zeros(0, 2), none);
        assertEquals(Tensor.zeros(0, 2).hashCode(), none.hashCode());
        assertEquals(Shape.of(0, 2), none.exp().shape());
        assertEquals(Tensor.zeros(2), none.sum(0));
        assertEquals(Shape.of(0, 5), none.matmul(Tensor.ones(2, 5)).shape());
        assertEquals(0, none.transpose().slice(2, 2).copy().size());
    }

    @Test
    void sliceMustFit() {
        for (int[] range : new int[][] {{-1, 1}, {2, 1}, {0, 3}}) {
            assertRefused("Range " + range[0] + " to " + range[1] + " is not in axis 0 of a tensor of shape (2, 3, 4)",
                    () -> T.slice(range[0], range[1]));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> Tensor.scalar(1).slice(0, 0));
    }

    @Test
    void broadcastToRepeatsAxes() {
        Tensor row = Tensor.of(1, 2, 3).broadcastTo(Shape.of(2, 3));
        assertEquals(Tensor.of(new float[][] {{1, 2, 3}, {1, 2, 3}}), row);
        Tensor column = Tensor.wrap(new float[] {1, 2}, 2, 1).broadcastTo(Shape.of(2, 3));
        assertEquals(Tensor.of(new float[][] {{1, 1, 1}, {2, 2, 2}}), column);
        assertEquals(Tensor.full(4, 2, 2), Tensor.scalar(4).broadcastTo(Shape.of(2, 2)));
        assertEquals(Shape.of(0, 3), Tensor.of(1, 2, 3).broadcastTo(Shape.of(0, 3)).shape());
    }

    @Test
    void broadcastToMustNotShrink() {
        assertRefused("Shape (2, 3) does not broadcast to (3,)", () -> Tensor.zeros(2, 3).broadcastTo(Shape.of(3)));
        assertRefused("Shape (2, 3) does not broadcast to (1, 3)", () -> Tensor.zeros(2, 3).broadcastTo(Shape.of(1, 3)));
        assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(2, 3).broadcastTo(Shape.of(3, 2)));
    }

    @Test
    void contiguousCopiesOnlyWhatIsOutOfOrder() {
        assertSame(T, T.contiguous());
        assertTrue(T.slice(1, 2).isContiguous());
        assertFalse(T.transpose().isContiguous());
        assertTrue(T.transpose().contiguous().isContiguous());
        assertEquals(T.transpose(), T.transpose().contiguous());
        assertTrue(Tensor.zeros(5, 1).transpose().isContiguous(), "axes of size 1 have no order");
        assertNotSame(T.data(), T.copy().data());
    }
}
