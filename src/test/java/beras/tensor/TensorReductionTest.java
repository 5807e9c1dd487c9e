package beras.tensor;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sums, means, maxima and their places, against sums in double along each axis. */
@Tag("core")
class TensorReductionTest {

    /** The elements along one axis, at an index of the reduced shape. */
    private static float[] along(Tensor t, int axis, int[] reduced) {
        int[] index = new int[t.rank()];
        System.arraycopy(reduced, 0, index, 0, axis);
        System.arraycopy(reduced, axis, index, axis + 1, reduced.length - axis);
        float[] values = new float[t.dim(axis)];
        for (int i = 0; i < values.length; i++) {
            index[axis] = i;
            values[i] = t.get(index);
        }
        return values;
    }

    private static void assertReductions(Tensor t, int axis) {
        Tensor sum = t.sum(axis);
        Tensor mean = t.mean(axis);
        Tensor max = t.max(axis);
        int[] argmax = t.argmax(axis);
        int[] at = {0};
        assertEquals(t.rank() - 1, sum.rank());
        Indices.forEach(sum.shape(), i -> {
            float[] values = along(t, axis, i);
            double exact = 0;
            double magnitude = 0;
            int best = 0;
            for (int j = 0; j < values.length; j++) {
                exact += values[j];
                magnitude += Math.abs(values[j]);
                best = values[j] > values[best] ? j : best;
            }
            assertEquals(exact, sum.get(i), 1e-6 * magnitude);
            assertEquals(sum.get(i) / values.length, mean.get(i));
            assertEquals(values[best], max.get(i));
            assertEquals(best, argmax[at[0]++]);
        });
        assertEquals(argmax.length, at[0]);
        assertEquals(sum, t.sum(axis - t.rank()), "an axis counted from the last");
    }

    @Test
    void alongEveryAxisOfRandomViews() {
        Dice dice = new Dice("reductions");
        int reduced = 0;
        for (int trial = 0; trial < 300; trial++) {
            Tensor t = dice.view(dice.shape(4));
            for (int axis = 0; axis < t.rank(); axis++) {
                if (t.dim(axis) > 0) {
                    assertReductions(t, axis);
                    reduced++;
                }
            }
        }
        assertTrue(reduced > 300, "the shapes were worth the test");
    }

    @Test
    void alongLongAxes() {
        Dice dice = new Dice("long");
        assertReductions(dice.normal(5, 3001), 1);
        assertReductions(dice.normal(3001, 5), 0);
        assertReductions(dice.normal(3, 100, 7), 1);
    }

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
