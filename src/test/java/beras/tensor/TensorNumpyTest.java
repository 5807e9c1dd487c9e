package beras.tensor;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What users of NumPy expect: its results, for its corner cases too. Gradients and layouts are those of the table of operations. */
@Tag("core")
class TensorNumpyTest {

    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final Tensor T = Tensor.arange(12).add(1).reshape(3, 4);

    private static Tensor of(double[]... rows) {
        return Tensor.of((Object[]) rows);
    }

    // -------------------------------------------------------------------------------------------------------- creation

    @Test
    void rangesAndDiagonals() {
        assertEquals(Tensor.of(0, 1, 2), Tensor.arange(3));
        assertEquals(Tensor.of(2f, 2.5f, 3f, 3.5f, 4f, 4.5f), Tensor.arange(2, 5, 0.5));
        assertEquals(Tensor.of(5, 4, 3), Tensor.arange(5, 2, -1));
        assertEquals(Tensor.of(0, 0.3f, 0.6f, 0.9f), Tensor.arange(0, 1, 0.3));
        assertEquals(Tensor.zeros(0), Tensor.arange(3, 1, 1));
        assertRefused("arange needs finite numbers and a step other than 0. Received: 5.0, 2.0 and 0.0", () -> Tensor.arange(5, 2, 0));
        assertEquals(of(new double[] {1, 0}, new double[] {0, 1}), Tensor.eye(2));
        assertEquals(Shape.of(0, 0), Tensor.eye(0).shape());
        assertEquals(of(new double[] {1, 2, 0, 0}, new double[] {5, 6, 7, 0}, new double[] {9, 10, 11, 12}), T.tril(1));
        assertEquals(of(new double[4], new double[4], new double[] {9, 0, 0, 0}), T.tril(-2));
        assertEquals(of(new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}, new double[] {0, 10, 11, 12}), T.triu(-1));
        assertEquals(of(new double[] {1, 0}, new double[] {1, 1}), Tensor.full(NAN, 2, 2).tril(0).isNaN(), "0, not 0 times NaN");
        assertEquals(Tensor.zeros(2, 2), Tensor.ones(2, 2).triu(Integer.MAX_VALUE));
        assertEquals(Tensor.ones(2, 2), Tensor.ones(2, 2).triu(Integer.MIN_VALUE));
        assertRefused("A triangle is of a matrix (..., rows, columns). Received shape: (3,)", () -> Tensor.arange(3).tril(0));
    }

    @Test
    void randomNumbersAreThoseOfTheSeedAndTheIndex() {
        assertEquals(Tensor.of(-0.51077455f, -1.4416462f, -2.285831f), Tensor.randn(7, 3), "of this version");
        assertEquals(Tensor.of(0.71824425f, 0.04827428f, 0.7255917f), Tensor.rand(7, 3), "of this version");
        assertEquals(Tensor.randn(7, 2, 3).reshape(6), Tensor.randn(7, 4, 5).reshape(20).slice(0, 6));
        assertTrue(Tensor.randn(7, 100).equal(Tensor.randn(8, 100)).any().item() == 0);
        assertEquals(Shape.of(), Tensor.randn(-1).shape());
        assertEquals(Shape.of(2, 0), Tensor.rand(1, 2, 0).shape());
    }

    // ----------------------------------------------------------------------------------------------------------- order

    @Test
    void sortingIsStableAndHasNaNLast() {
        Tensor x = Tensor.of(new float[][] {{2, NAN, -1, 2, -INFINITY}, {0, -0f, INFINITY, Float.intBitsToFloat(-1), -0f}});
        assertEquals(Tensor.of(new float[][] {{-INFINITY, -1, 2, 2, NAN}, {0, -0f, -0f, INFINITY, NAN}}), x.sort(1));
        assertEquals(Tensor.of(new int[][] {{4, 2, 0, 3, 1}, {0, 1, 4, 2, 3}}), x.argsort(-1));
        assertEquals(Tensor.of(new int[][] {{1, 1, 0, 0, 0}, {0, 0, 1, 1, 1}}), x.argsort(0));
        Tensor.TopK top = x.topK(1, 3);
        assertEquals(Tensor.of(new int[][] {{1, 0, 3}, {3, 2, 0}}), top.indices());
        assertEquals(Tensor.of(new float[][] {{NAN, 2, 2}, {NAN, INFINITY, 0}}), top.values());
        assertArrayEquals(x.argmax(1), x.topK(1, 1).indices().toInts());
        assertEquals(Shape.of(2, 0), x.topK(1, 0).values().shape());
        assertEquals(Shape.of(0, 3), Tensor.zeros(0, 3).sort(0).shape());
        assertEquals(Shape.of(3, 0), Tensor.zeros(3, 0).argsort(0).shape());
        assertRefused("Range 0 to 6 is not in axis 1 of a tensor of shape (2, 5)", () -> x.topK(1, 6));
        assertRefused("Shape () has no axis 0", () -> Tensor.scalar(1).sort(0));
        assertRefused("An axis to be sorted has at most 2^24 elements, as indices are floats. Received: shape (1, 16777217), axis 1",
                () -> Tensor.zeros(1, 1).broadcastTo(1, 16777217).sort(1));
    }

    @Test
    void elementsAlongAnAxisAreThoseAtTheirIndices() {
        Dice dice = new Dice("along");
        for (int trial = 0; trial < 200; trial++) {
            Tensor x = dice.view(dice.shape(4));
            for (int axis = 0; axis < x.rank() && x.size() > 0; axis++) {
                int along = axis;
                int size = x.dim(axis);
                Tensor indices = Tensor.generate(i -> dice.below(size), x.shape().with(axis, dice.below(4)).toArray());
                Tensor taken = x.takeAlong(axis, indices);
                Tensor sorted = x.sort(axis - x.rank());
                assertEquals(indices.shape(), taken.shape());
                Indices.forEach(taken.shape(), at -> {
                    int[] from = at.clone();
                    from[along] = (int) indices.get(at);
                    assertEquals(x.get(from), taken.get(at));
                });
                assertEquals(sorted, x.flip(axis).sort(axis), "no two are equal");
                assertEquals(sorted.flip(axis), x.topK(axis, size).values());
                assertTrue(size == 1 || sorted.slice(axis, 0, size - 1).lessEqual(sorted.slice(axis, 1, size)).all().item() == 1);
            }
        }
        assertRefused("takeAlong needs indices of the tensor's shape in all axes but 1. Received: (3,) for a tensor of shape (3, 4)",
                () -> T.takeAlong(1, Tensor.arange(3)));
        assertRefused("Index 1 must be from 0 to 3 along an axis of size 4. Received: 4, shape (3, 4)",
                () -> T.takeAlong(1, Tensor.of(new int[][] {{0}, {4}, {0}})));
    }

    @Test
    void partsAreTurnedAndRepeated() {
        assertEquals(of(new double[] {12, 11, 10, 9}, new double[] {8, 7, 6, 5}, new double[] {4, 3, 2, 1}), T.flip());
        assertEquals(T.flip(), T.flip(0).flip(-1));
        assertEquals(Tensor.scalar(3), Tensor.scalar(3).flip());
        Tensor corner = T.slice(0, 2).slice(1, 0, 2);
        assertEquals(of(new double[] {1, 2}, new double[] {1, 2}, new double[] {5, 6}, new double[] {5, 6}), corner.repeat(0, 2));
        assertEquals(of(new double[] {1, 1, 2, 2}, new double[] {5, 5, 6, 6}), corner.repeat(-1, 2));
        assertEquals(Shape.of(3, 0), T.repeat(1, 0).shape());
        assertThrows(IllegalArgumentException.class, () -> T.repeat(1, -1));
    }

    // ------------------------------------------------------------------------------------------------ element by element

    @Test
    void roundingIsToEvenAndKeepsSigns() {
        float[] x = {-2.5f, -1.5f, -0.5f, -0.3f, -0f, 0, 0.5f, 1.5f, 2.5f, 0.49999997f, -0.49999997f, 0.50000006f, 3.7f, -3.7f,
            8388609, -8388607.5f, 4194304.5f, NAN, INFINITY, -INFINITY};
        Tensor rounded = Tensor.of(x).round();
        for (int i = 0; i < x.length; i++) {
            assertEquals((float) Math.rint(x[i]), rounded.get(i), "of " + x[i]);
        }
    }

    @Test
    void truthIsOneOrZero() {
        Tensor x = Tensor.of(new float[][] {{0, NAN, 0}, {-0f, 2, 0}});
        assertEquals(Tensor.of(new float[][] {{0, 1, 0}, {0, 0, 0}}), x.isNaN());
        assertEquals(Tensor.of(0, 1, 0), x.any(0));
        assertEquals(Tensor.of(0, 1, 0), x.all(0));
        assertEquals(Tensor.of(1, 1), x.any(1));
        assertEquals(Tensor.scalar(0), x.all());
        assertEquals(Tensor.scalar(0), Tensor.zeros(0).any());
        assertEquals(Tensor.ones(2), Tensor.zeros(2, 0).all(1));
    }

    // --------------------------------------------------------------------------------------------------- linear algebra

    @Test
    void sumsOfProductsByLetters() {
        assertEquals(of(new double[] {30, 70, 110}, new double[] {70, 174, 278}, new double[] {110, 278, 446}),
                Tensor.einsum("ij,jk", T, T.transpose()));
        assertEquals(of(new double[] {23, 68}, new double[] {26, 80}, new double[] {29, 92}, new double[] {32, 104}),
                Tensor.einsum("ba,cb", T, Tensor.arange(6).reshape(2, 3)));
        assertEquals(Tensor.scalar(180), Tensor.einsum("i,j,ij->", Tensor.arange(3), Tensor.arange(4), T));
        assertEquals(T.sum(0), Tensor.einsum("ij->j", T));
        assertEquals(T.transpose(), Tensor.einsum("ba", T));
        assertEquals(T.square(), Tensor.einsum("ij,ij->ij", T, T));
        assertEquals(T.multiply(2), Tensor.einsum(", iJ -> iJ", Tensor.scalar(2), T));
        assertEquals(Tensor.zeros(3, 2), Tensor.einsum("ij,jk->ik", Tensor.zeros(3, 0), Tensor.zeros(0, 2)));
        Tensor q = new Dice("q").normal(2, 5, 3, 4);
        Tensor k = new Dice("k").normal(2, 7, 3, 4);
        assertEquals(q.transpose(0, 2, 1, 3).matmul(k.transpose(0, 2, 3, 1)), Tensor.einsum("bqhd,bkhd->bhqk", q, k));
    }

    @Test
    void aTextThatDoesNotFitIsRefused() {
        assertEinsumRefused("each letter once for an operand: its diagonal is x.multiply(Tensor.eye(n)).sum(-1)", "ii->i", Tensor.eye(2));
        assertEinsumRefused("a letter for each axis instead of an ellipsis", "...i->i", T);
        assertEinsumRefused("letters, commas and one -> at most", "i1", T);
        assertEinsumRefused("letters, commas and one -> at most", "ij->i->j", T);
        assertEinsumRefused("letters for each operand, of which there are 1", "ij,jk", T);
        assertEinsumRefused("a letter for each axis of shape (3, 4)", "i", T);
        assertEinsumRefused("in the result letters of the operands, each once", "ij->ik", T);
        assertEinsumRefused("in the result letters of the operands, each once", "ij->ii", T);
        assertEinsumRefused("one size for each letter, not 4 and 3 for j", "ij,jk->ik", T, T);
        assertEinsumRefused("letters for each operand, of which there are 0", "");
    }

    private static void assertEinsumRefused(String expected, String text, Tensor... operands) {
        assertRefused("einsum needs " + expected + ". Received: \"" + text + "\"", () -> Tensor.einsum(text, operands));
    }

    @Test
    void systemsAreSolvedToTheLastFloat() {
        Tensor a = of(new double[] {4, -2, 1}, new double[] {0.5, 3, 7}, new double[] {2, 8, -5});
        Tensor b = of(new double[] {1, 2}, new double[] {3, 4}, new double[] {5, -6});
        assertEquals(of(new double[] {0.5078369906, 0.1504702194},
                new double[] {0.5862068966, -0.3448275862},
                new double[] {0.1410658307, 0.7084639498}), a.solve(b));
        assertEquals(a.solve(b).slice(1, 1, 2).reshape(3), a.solve(b.slice(1, 1, 2).reshape(3)));
        assertEquals(of(new double[] {0.2225705329, 0.006269592476, 0.05329153605},
                new double[] {-0.05172413793, 0.06896551724, 0.08620689655},
                new double[] {0.006269592476, 0.1128526646, -0.0407523511}), a.inverse());
        // A Hilbert matrix times 360360, of whole numbers: its condition number is 5e8, where floats would leave no digit.
        Tensor hilbert = Tensor.generate(i -> 360360.0 / (i / 7 + i % 7 + 1), 7, 7);
        assertEquals(Tensor.ones(7), hilbert.solve(hilbert.sum(1)));
        Tensor large = new Dice("large").normal(60, 60);
        assertTrue(large.matmul(large.inverse()).allClose(Tensor.eye(60), 0, 1e-4));
        assertTrue(Tensor.full(NAN, 2, 2).inverse().isNaN().all().item() == 1);
        assertTrue(of(new double[] {0, 1}, new double[] {NAN, 1}).inverse().isNaN().any().item() == 1, "not singular: not known");
    }

    /** Rows and columns of another scale do not make a matrix singular; what depends on others does. */
    @Test
    void aSingularMatrixIsRefusedWithItsPivot() {
        assertEquals(of(new double[] {1, 0}, new double[] {0, 1e20}), of(new double[] {1, 0}, new double[] {0, 1e-20}).inverse());
        Tensor columns = of(new double[] {1, 1e-20}, new double[] {1, 2e-20});
        assertTrue(columns.solve(Tensor.of(1, 2)).allClose(Tensor.of(0, 1e20), 1e-6, 1e-6));
        String expected = "solve and inverse need matrices that are not singular. Received: pivot ";
        for (Tensor singular : new Tensor[] {of(new double[] {1, 2}, new double[] {2, 4}), Tensor.zeros(1, 1),
                of(new double[] {1, 2, 3}, new double[] {4, 5, 6}, new double[] {7, 8, 9}), Tensor.ones(5, 5)}) {
            String message = assertThrows(IllegalArgumentException.class, singular::inverse).getMessage();
            assertTrue(message.startsWith(expected), message);
        }
        for (String which : new String[] {"8 0", "8 1", "10 0", "10 1"}) { // of which rounding leaves something
            int n = Integer.parseInt(which.split(" ")[0]);
            Tensor rows = new Dice("singular " + which).normal(n - 1, n).multiply(100).round();
            assertThrows(IllegalArgumentException.class, Tensor.concatenate(0, rows, rows.sum(0).reshape(1, n))::inverse, which);
        }
        Tensor batch = Tensor.stack(0, Tensor.eye(2), Tensor.ones(2, 2));
        assertRefused(expected + "1 of matrix [1] is 0.0, row or column 1 depends on others. A small multiple of Tensor.eye(2) added to"
                + " a covariance or the like makes it regular", batch::inverse);
        assertRefused("solve needs shapes (..., n, n) and (..., n, k) or (n). Received: (3, 4) and (3, 1)",
                () -> T.solve(Tensor.arange(3)));
        assertRefused("solve needs shapes (..., n, n) and (..., n, k) or (n). Received: (4, 4) and ()",
                () -> Tensor.eye(4).solve(Tensor.scalar(1)));
    }
}
