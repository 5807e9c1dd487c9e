package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is true of updates besides the bits. */
@Tag("kernels")
class UpdatesTest implements RestoresThreads {

    private static final Updates SCALAR = Faces.scalar(Faces.NEVER).updates();
    private static final Updates CHOSEN = Faces.chosen(1).updates();

    /** Parts that begin and end anywhere, as threads get them. */
    @ParameterizedTest
    @MethodSource("beras.kernels.Rules#all")
    void aPartOfABlockChangesNothingElse(Update rule) {
        Blocks blocks = new Blocks(1, false);
        MatrixView w = blocks.inOut(1, 129);
        MatrixView[] slots = new MatrixView[Rules.MOST_SLOTS];
        Arrays.setAll(slots, i -> blocks.inOut(1, 129));
        float[] before = w.data.clone();
        CHOSEN.live().apply(rule, w, blocks.in(129), slots, 5, 83);
        assertArrayEquals(Arrays.copyOf(before, w.offset + 5), Arrays.copyOf(w.data, w.offset + 5));
        assertArrayEquals(Arrays.copyOfRange(before, w.offset + 83, before.length),
                Arrays.copyOfRange(w.data, w.offset + 83, before.length));
    }

    @Test
    void aRuleOfOnesOwnChangesNoNeighbour() {
        float[] two = new float[6];
        Update next = (w, g, slots, from, to) -> w.set(to, 1f);
        assertThrows(IndexOutOfBoundsException.class,
                () -> SCALAR.apply(next, new MatrixView(two, 0, 1, 3), new MatrixView(new float[3])));
        assertArrayEquals(new float[6], two);
    }

    @Test
    void aRuleOfOnesOwnIsSplitToo() {
        Threads.set(3);
        Update add = (w, g, slots, from, to) -> {
            for (int i = from; i < to; i++) {
                slots[0].set(i, slots[0].get(i) + 1f);
                w.set(i, w.get(i) + g.get(i));
            }
        };
        float[] w = new float[1000];
        float[] g = new float[1000];
        float[] calls = new float[1000];
        for (int i = 0; i < 1000; i++) {
            g[i] = i;
        }
        CHOSEN.apply(add, new MatrixView(w), new MatrixView(g), new MatrixView(calls));
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, w[i]);
            assertEquals(1f, calls[i]);
        }
    }

    @Test
    void aSlotTooFewIsRefused() {
        Update adam = new UpdateRules.Adam(0.1f, 0.9, 0.999, 1f, 1e-7f);
        MatrixView w = new MatrixView(new float[] {1f, 1f});
        MatrixView two = new MatrixView(new float[] {3f, 3f});
        assertThrows(IndexOutOfBoundsException.class, () -> SCALAR.apply(adam, w, two, two));
        assertThrows(IndexOutOfBoundsException.class, () -> CHOSEN.apply(adam, w, two, two));
        assertEquals(1f, w.get(0));
        assertEquals(3f, two.get(0));
    }

    /** What {@link Update} says of rounding. */
    @Test
    void roundingMakesSmallNumbersMultiplesAndChangesOthersByOneUnitAtMost() {
        Rng rng = new Rng(3, "rounding", 0);
        MatrixView zero = new MatrixView(new float[1]);
        MatrixView y = new MatrixView(new float[1]);
        for (int exponent = -126; exponent < 10; exponent++) {
            for (int i = 0; i < 2000; i++) {
                int fraction = i < 200 ? i : i < 400 ? 0x7fffff - i + 200 : (int) (rng.uniform(i) * 0x800000);
                float x = Math.scalb(1f + fraction * 0x1p-23f, exponent) * (i % 2 == 0 ? 1f : -1f);
                y.set(0, x);
                SCALAR.blend(0f, zero, 1f, y);
                if (Math.abs(x) > 0x1p-52f) {
                    assertEquals(x, y.get(0));
                } else {
                    assertEquals(x, y.get(0), Math.max(Math.ulp(x), 0x1p-100f));
                    assertTrue(exponent >= -78 || y.get(0) * 0x1p100 == Math.rint(y.get(0) * 0x1p100), () -> "of " + x);
                }
            }
        }
    }
}
