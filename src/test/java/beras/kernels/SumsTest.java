package beras.kernels;


import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.tensor.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract once more from its words, for what has code of its own: short rows, and the place of the largest. */
@Tag("kernels")
class SumsTest {

    private static final ScalarSums SUMS = new ScalarSums(new ScalarElements());

    @Test
    void aRowIsSummedInSixteenLanesAndFolded() {
        Rng rng = new Rng(1, "test", 0);
        for (int n = 0; n <= 40; n++) {
            float[] x = new float[n + 1];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) rng.normal(100L * n + i);
            }
            float[] lanes = new float[16];
            for (int i = 0; i < n; i++) {
                lanes[i % 16] += x[i + 1];
            }
            for (int half = 8; half > 0; half /= 2) {
                for (int j = 0; j < half; j++) {
                    lanes[j] += lanes[j + half];
                }
            }
            assertEquals(lanes[0], SUMS.rowSum(x, 1, n, Scratch.lanes()), n + " elements");
        }
    }

    /** Lanes begin as 0. */
    @Test
    void noSumIsMinusZero() {
        for (int n = 0; n <= 20; n++) {
            float[] x = new float[n];
            Arrays.fill(x, -0f);
            assertEquals(0f, SUMS.rowSum(x, 0, n, Scratch.lanes()), n + " elements");
        }
    }

    @Test
    void theFirstLargestIsFoundAndNanIsTheLargest() {
        float[] values = {-0f, 0f, 1f, -1f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
            Float.NaN, Float.intBitsToFloat(0xffc00001)};
        for (int most : new int[] {2, 4, 6, 8, values.length}) {
            Rng rng = new Rng(most, "test", 0);
            for (int row = 0; row < 500; row++) {
                float[] x = new float[2 + row % 12];
                int largest = 1;
                for (int i = 0; i < x.length; i++) {
                    x[i] = values[(int) (rng.uniform(100L * row + i) * most)];
                }
                for (int i = 2; i < x.length; i++) {
                    boolean larger = x[i] > x[largest] || Float.isNaN(x[i]) && !Float.isNaN(x[largest]);
                    largest = larger ? i : largest;
                }
                assertEquals(largest - 1, ScalarSums.argMax(x, 1, x.length - 1), Arrays.toString(x));
            }
        }
    }
}
