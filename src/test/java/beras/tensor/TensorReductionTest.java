package beras.tensor;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reductions of nothing, ties, NaN, and the places of maxima. */
@Tag("core")
class TensorReductionTest {

    @Test
    void ofAllElements() {
        Tensor t = Tensor.of(new float[][] {{1, 5, 3}, {2, 4, 6}});
        assertEquals(Tensor.scalar(21), t.sum());
        assertEquals(Tensor.scalar(3.5f), t.mean());
        assertEquals(Tensor.scalar(6), t.max());
        assertEquals(Tensor.scalar(21), t.transpose().sum());
        assertEquals(Tensor.scalar(2), Tensor.scalar(2).sum());
        assertEquals(Tensor.scalar(2), Tensor.scalar(2).max());
    }

    @Test
    void sumsOfAMillionElementsKeepTheirDigits() {
        assertEquals(100_000.0, Tensor.full(0.1f, 1_000_000).sum().item(), 0.2);
    }

    @Test
    void ofNothing() {
        Tensor none = Tensor.zeros(0, 3);
        assertEquals(Tensor.zeros(3), none.sum(0));
        assertEquals(Shape.of(0), none.sum(1).shape());
        assertEquals(Shape.of(0), none.max(1).shape());
        assertEquals(0, none.argmax(1).length);
        assertEquals(Tensor.full(Float.NaN, 3), none.mean(0));
        assertEquals(Tensor.scalar(0), none.sum());
        assertEquals(Tensor.scalar(Float.NaN), none.mean());
        assertThrows(IllegalArgumentException.class, none::max);
        assertRefused("max along an axis of size 0 has no answer. Received: shape (0, 3), axis 0", () -> none.max(0));
        assertRefused("argmax along an axis of size 0 has no answer. Received: shape (0, 3), axis 0", () -> none.argmax(0));
    }

    @Test
    void theFirstOfEqualMaximaCounts() {
        assertArrayEquals(new int[] {1, 0, 2}, Tensor.of(new float[][] {{1, 3, 3}, {2, 2, 2}, {-1, -2, 0}}).argmax(1));
        assertArrayEquals(new int[] {0, 1}, Tensor.of(new float[][] {{3, 1}, {3, 2}, {2, 2}}).argmax(0));
        assertArrayEquals(new int[] {1, 0, 0, 0}, Tensor.generate(i -> i * 5 % 12, 2, 3, 2).argmax(-2));
        float[] wide = new float[100];
        wide[37] = 1;
        wide[90] = 1;
        assertArrayEquals(new int[] {37}, Tensor.wrap(wide, 1, 100).argmax(1));
        assertArrayEquals(new int[] {0}, Tensor.full(Float.NEGATIVE_INFINITY, 1, 100).argmax(1));
        assertArrayEquals(new int[] {0}, Tensor.of(-0f, 0f).argmax(0), "0 and -0 are equal");
    }

    @Test
    void nanIsLargest() {
        float nan = Float.NaN;
        Tensor t = Tensor.of(new float[][] {{1, nan, 3, nan}, {1, 2, Float.POSITIVE_INFINITY, nan}});
        assertArrayEquals(new int[] {1, 3}, t.argmax(1));
        assertEquals(Tensor.of(nan, nan), t.max(1));
        assertEquals(Tensor.of(1, nan, Float.POSITIVE_INFINITY, nan), t.max(0));
        assertEquals(Tensor.of(2, nan, Float.POSITIVE_INFINITY, nan), t.sum(0));
        Tensor infinite = Tensor.full(Float.POSITIVE_INFINITY, 3, 40);
        for (int axis = 0; axis < 2; axis++) {
            assertEquals(Tensor.full(Float.POSITIVE_INFINITY, infinite.shape().without(axis).toArray()), infinite.min(axis));
            assertEquals(Tensor.full(Float.NEGATIVE_INFINITY, infinite.shape().without(axis).toArray()),
                    infinite.negate().max(axis));
        }
    }

    @Test
    void anAxisThatDoesNotExistIsRefused() {
        Tensor t = Tensor.zeros(2, 3);
        assertRefused("Shape (2, 3) has no axis 2", () -> t.sum(2));
        assertThrows(IllegalArgumentException.class, () -> t.argmax(-3));
        assertThrows(IllegalArgumentException.class, () -> Tensor.scalar(1).sum(0));
    }
}
