package beras.digits;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("data")
class HistogramTest {

    /** Of 0, 1, 1, 3, 3, 3, 3, 4. */
    private static final int[] SOME = {1, 2, 0, 4, 1};

    @ParameterizedTest
    @CsvSource({"0, 0", "0.125, 0", "0.126, 1", "0.375, 1", "0.5, 3", "0.875, 3", "0.9, 4", "1, 4"})
    void aQuantileIsTheLeastLevelWithTheShareAtItOrBelow(double share, int level) {
        assertEquals(level, Histogram.quantile(SOME, share));
    }

    @Test
    void theMeanIsThatOfTheLevelsFromOneOnAndBelowAnother() {
        assertEquals(18 / 8.0, Histogram.mean(SOME, 0, 5));
        assertEquals(2 / 3.0, Histogram.mean(SOME, 0, 3));
        assertEquals(16 / 5.0, Histogram.mean(SOME, 3, 5));
        assertEquals(0, Histogram.mean(SOME, 2, 3));
    }

    @Test
    void theThresholdPartsWhatDiffersMost() {
        assertEquals(2, Histogram.otsu(SOME));
        assertEquals(2, Histogram.otsu(new int[] {0, 5, 0, 0, 7, 0}), "of several the first");
        assertEquals(4, Histogram.otsu(new int[] {8, 7, 3, 1, 2, 6, 9}));
        assertEquals(3, Histogram.otsu(new int[] {0, 9, 0}), "there are no two levels");
        assertEquals(3, Histogram.otsu(new int[3]));
    }
}
