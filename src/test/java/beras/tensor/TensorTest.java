package beras.tensor;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Creation, facts, comparing and printing. */
@Tag("core")
class TensorTest {

    @Test
    void wrapSharesTheArray() {
        float[] data = {1, 2, 3, 4, 5, 6};
        Tensor t = Tensor.wrap(data, 2, 3);
        data[4] = 50;
        assertSame(data, t.data());
        assertEquals(50f, t.get(1, 1));
        assertArrayEquals(new int[] {3, 1}, t.strides());
        assertEquals(0, t.offset());
    }

    @Test
    void wrapNeedsAnArrayOfTheShapesSize() {
        assertRefused("Shape (2, 3) needs 6 elements. Received an array of 5", () -> Tensor.wrap(new float[5], 2, 3));
    }

    @Test
    void ofNumbersSharesTheArrayAndOfRowsCopies() {
        float[] values = {1, 2};
        Tensor vector = Tensor.of(values);
        float[][] rows = {{1, 2}, {3, 4}};
        Tensor matrix = Tensor.of(rows);
        values[0] = 9;
        rows[0][0] = 9;
        assertEquals(Shape.of(2), vector.shape());
        assertEquals(9f, vector.get(0));
        assertEquals(Tensor.wrap(new float[] {1, 2, 3, 4}, 2, 2), matrix);
        assertEquals(Shape.of(0, 0), Tensor.of(new float[0][]).shape());
        assertEquals(Shape.of(2, 0), Tensor.of(new float[2][0]).shape());
    }

    @Test
    void rowsOfDifferentLengthAreRefused() {
        assertRefused("The arrays of a tensor must have one length along each axis. Received: length 2 at [0], length 1 at [2]",
                () -> Tensor.of(new float[][] {{1, 2}, {3, 4}, {5}}));
    }

    @Test
    void arraysOfAnyNumbersAndDepthAreCopied() {
        Tensor expected = Tensor.wrap(new float[] {1, 2, 3, 4, 0.1f, 6}, 1, 3, 2);
        assertEquals(expected, Tensor.of(new float[][][] {{{1, 2}, {3, 4}, {0.1f, 6}}}));
        assertEquals(expected, Tensor.of(new double[][][] {{{1, 2}, {3, 4}, {0.1, 6}}}));
        assertEquals(Tensor.wrap(new float[] {1, -2}, 1, 2, 1, 1), Tensor.of(new int[][][][] {{{{1}}, {{-2}}}}));
        assertEquals(Tensor.wrap(new float[] {0.1f, 2}, 2), Tensor.of(0.1, 2));
        assertEquals(Tensor.wrap(new float[] {3, 2}, 2), Tensor.of(new int[] {3, 2}));
        assertEquals(Shape.of(0, 0, 0), Tensor.of(new double[0][][]).shape());
        assertEquals(Shape.of(2, 0, 0), Tensor.of(new double[2][0][4]).shape());
        assertEquals(Float.NEGATIVE_INFINITY, Tensor.of(Double.NEGATIVE_INFINITY).item());
    }

    @Test
    void arraysThatAreNoTensorAreRefusedWithThePlace() {
        String lengths = "The arrays of a tensor must have one length along each axis. Received: ";
        assertNoTensor(lengths + "null at [1]", new float[][] {{1, 2}, null});
        assertNoTensor(lengths + "null at [0]", new double[][] {null, {1, 2}});
        assertNoTensor(lengths + "length 2 at [0][0], length 1 at [1][1]", new int[][][] {{{1, 2}, {3, 4}}, {{5, 6}, {7}}});
        assertNoTensor(lengths + "length 1 at [0], length 0 at [1]", new int[][][] {{{1, 2}}, {}});
        assertNoTensor(lengths + "Double at [1][0]", new Object[] {new float[][] {{1}}, new double[] {1}});
        assertNoTensor(lengths + "Integer at [1]", List.of(List.of(1), 2));
        assertNoTensor(lengths + "length 2 at [0], length 1 at [1]", List.of(new float[2], List.of(1)));
        String elements = "A tensor is made of float, double, int, long, byte or boolean, in arrays or lists. Received: ";
        assertNoTensor(elements + "null", null);
        assertNoTensor(elements + "null at [1]", Arrays.asList(1f, null));
        assertNoTensor(elements + "String at [0][0]", new String[][] {{"1"}});
        assertNoTensor(elements + "Tensor at [0]", List.of(Tensor.ones(2)));
        assertNoTensor(elements + "float[] at [1]", new Object[] {1, new float[1]});
        assertNoTensor(elements + "BigDecimal at [0]", List.of(BigDecimal.ONE));
        assertNoTensor("A number of a tensor must be from -3.4028235E38 to 3.4028235E38, the range of float."
                + " Received: 1.0E39 at [0][0]", new double[][] {{1e39}});
    }

    private static void assertNoTensor(String message, Object nested) {
        assertRefused(message, () -> Tensor.copyOf(nested));
    }

    @Test
    void listsAndArraysOfAnyPrimitiveAreCopied() {
        Tensor expected = Tensor.of(new float[][] {{1, 0}, {0, 1}});
        for (Object nested : new Object[] {new long[][] {{1, 0}, {0, 1}}, new byte[][] {{1, 0}, {0, 1}},
            new boolean[][] {{true, false}, {false, true}}, new Float[][] {{1f, 0f}, {0f, 1f}},
            List.of(new float[] {1, 0}, new double[] {0, 1}), List.of(List.of(1, 0L), List.of(0.0, (byte) 1)),
            new List<?>[] {new LinkedList<>(List.of(true, false)), List.of(false, true)},
            new Object[] {new long[] {1, 0}, List.of(0f, 1)}}) {
            assertEquals(expected, Tensor.copyOf(nested));
        }
        assertEquals(Tensor.of(127, 0), Tensor.copyOf(new byte[] {127, 0}));
        assertEquals(Tensor.scalar(3), Tensor.copyOf(3L));
        assertEquals(Shape.of(0), Tensor.copyOf(List.of()).shape());
        assertEquals(Shape.of(2, 0), Tensor.copyOf(List.of(List.of(), new long[0])).shape());
        assertEquals(Shape.of(1, 0, 0), Tensor.copyOf(new Object[] {new long[0][]}).shape());
        float[] row = {1, 2};
        Tensor copy = Tensor.copyOf(row);
        row[0] = 9;
        assertEquals(Tensor.of(1, 2), copy);
    }

    /** Silently rounded labels would be those of other classes; a byte of -1 may be meant as 255. */
    @Test
    void wholeNumbersAreThoseGivenOrRefused() {
        for (long exact : new long[] {1 << 24, -(1 << 24), 100_000_000, 1L << 40, Long.MIN_VALUE}) {
            assertEquals(exact, (long) Tensor.copyOf(new long[] {exact}).item());
        }
        for (long rounded : new long[] {(1 << 24) + 1, 1_700_000_000_123L, Integer.MAX_VALUE, Long.MAX_VALUE, -(1 << 24) - 1}) {
            assertNoTensor("A whole number of a tensor must be one that float has, as all from -2^24 to 2^24 are. Received: "
                    + rounded + " at [1]. Number labels from 0; subtract an origin from times and the like, or give doubles, which are rounded",
                    new long[] {0, rounded});
            assertThrows(IllegalArgumentException.class, () -> Tensor.copyOf(List.of(rounded)));
        }
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(Integer.MAX_VALUE));
        assertNoTensor("A byte of a tensor must be from 0 to 127, as those of Java have a sign. Received: -1 at [1][0]."
                + " Give an int[]: of (b & 0xff) where bytes from 0 to 255 are meant, else of the same numbers", new byte[][] {{0}, {-1}});
    }

    @Test
    void constantsAndGeneratedValues() {
        assertArrayEquals(new float[] {0, 0, 0}, Tensor.zeros(3).toArray());
        assertArrayEquals(new float[] {1, 1, 1, 1}, Tensor.ones(2, 2).toArray());
        assertArrayEquals(new float[] {7, 7}, Tensor.full(7, 2).toArray());
        assertArrayEquals(new float[] {0, 0.5f, 1, 1.5f}, Tensor.generate(i -> 0.5 * i, 2, 2).toArray());
        assertEquals(3f, Tensor.scalar(3).item());
        assertEquals(Shape.of(), Tensor.scalar(3).shape());
        assertEquals(Shape.of(), Tensor.ones().shape());
    }

    @Test
    void numbersOnTheRight() {
        Tensor t = Tensor.of(1, -2);
        assertEquals(Tensor.of(1.5f, -1.5f), t.add(0.5f));
        assertEquals(Tensor.of(0.5f, -2.5f), t.subtract(0.5f));
        assertEquals(Tensor.of(3, -6), t.multiply(3));
        assertEquals(Tensor.of(0.5f, -1), t.divide(2));
        assertEquals(Tensor.of(-0f), Tensor.of(0f).negate());
    }

    @Test
    void anIndexMustFitTheShape() {
        Tensor t = Tensor.zeros(2, 3);
        for (int[] index : new int[][] {{0}, {0, 0, 0}, {2, 0}, {0, 3}, {-1, 0}, {}}) {
            assertThrows(IndexOutOfBoundsException.class, () -> t.get(index));
        }
        assertRefused("Index [0, 3] is not in a tensor of shape (2, 3)", () -> t.get(0, 3));
    }

    @Test
    void itemNeedsOneElement() {
        assertEquals(4f, Tensor.full(4, 1, 1, 1).item());
        Exception e = assertThrows(IllegalStateException.class, () -> Tensor.zeros(2, 3).item());
        assertEquals("item() needs a tensor of one element. Received shape: (2, 3)", e.getMessage());
        assertThrows(IllegalStateException.class, () -> Tensor.zeros(0).item());
    }

    @Test
    void equalByShapeAndElementsWhateverTheLayout() {
        Tensor t = Tensor.generate(i -> i, 2, 3);
        Tensor sameInColumns = Tensor.of(new float[][] {{0, 3}, {1, 4}, {2, 5}}).transpose();
        assertEquals(t, sameInColumns);
        assertEquals(t.hashCode(), sameInColumns.hashCode());
        assertNotEquals(t, t.reshape(3, 2));
        assertNotEquals(t, t.add(1));
        assertNotEquals(t, (Object) "t");
        assertEquals(Tensor.of(Float.NaN), Tensor.of(Float.NaN));
        assertNotEquals(Tensor.of(0f), Tensor.of(-0f));
    }

    @Test
    void allCloseAllowsAbsoluteAndRelativeDifferences() {
        Tensor expected = Tensor.of(100, -1, 0);
        assertTrue(Tensor.of(101, -1.01f, 0).allClose(expected, 0.0101, 0));
        assertFalse(Tensor.of(102, -1, 0).allClose(expected, 0.0101, 0));
        assertFalse(Tensor.of(100, -1, 0.1f).allClose(expected, 0.0101, 0));
        assertTrue(Tensor.of(100, -1, 0.1f).allClose(expected, 0, 0.11));
        assertTrue(Tensor.of(-0f).allClose(Tensor.of(0f), 0, 0));
        assertFalse(Tensor.of(1, 2).allClose(Tensor.of(new float[][] {{1, 2}}), 1, 1));
    }

    @Test
    void allCloseTakesNaNAndInfinitiesForThemselvesOnly() {
        float inf = Float.POSITIVE_INFINITY;
        assertTrue(Tensor.of(Float.NaN, inf, -inf).allClose(Tensor.of(Float.NaN, inf, -inf), 0, 0));
        assertFalse(Tensor.of(Float.NaN).allClose(Tensor.of(1), 1, 1));
        assertFalse(Tensor.of(1).allClose(Tensor.of(Float.NaN), 1, 1));
        assertFalse(Tensor.of(inf).allClose(Tensor.of(-inf), 0, 1));
        assertFalse(Tensor.of(1).allClose(Tensor.of(inf), 1e-5, 0));
    }

    @Test
    void isPrintedWithItsShapeInNestedBrackets() {
        assertEquals("Tensor() 2.5", Tensor.scalar(2.5f).toString());
        assertEquals("Tensor(3,) [1.0, 2.0, NaN]", Tensor.of(1, 2, Float.NaN).toString());
        assertEquals("Tensor(2, 2) [[1.0, 2.0],\n [3.0, 4.0]]", Tensor.of(new float[][] {{1, 2}, {3, 4}}).toString());
        assertEquals("Tensor(2, 2) [[1.0, 3.0],\n [2.0, 4.0]]",
                Tensor.of(new float[][] {{1, 2}, {3, 4}}).transpose().toString());
        assertEquals("Tensor(1, 2, 1) [[[1.0],\n  [2.0]]]", Tensor.wrap(new float[] {1, 2}, 1, 2, 1).toString());
        assertEquals("Tensor(0,) []", Tensor.zeros(0).toString());
    }

    @Test
    void aLargeTensorIsPrintedByItsEnds() {
        assertEquals("Tensor(2000,) [0.0, 1.0, 2.0, ..., 1997.0, 1998.0, 1999.0]", Tensor.generate(i -> i, 2000).toString());
        String image = Tensor.zeros(100, 784).toString();
        assertEquals(7, image.lines().count(), image);
        assertTrue(Tensor.generate(i -> i, 1000).toString().endsWith("999.0]"));
        assertFalse(Tensor.zeros(1000).toString().contains("..."), "1000 elements are shown whole");
    }
}
