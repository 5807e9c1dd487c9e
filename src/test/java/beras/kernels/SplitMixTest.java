package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The generator by its published numbers, and the mask that is made of them. */
@Tag("kernels")
class SplitMixTest {

    @Test
    void givesThePublishedNumbersOfSeedZero() {
        long[] published = {0xe220a8397b1dcdafL, 0x6e789e6aa1b965f4L, 0x06c45d188009454fL, 0xf88bb8a8724c81ecL,
            0x1b39896a51a8749bL};
        for (int i = 0; i < published.length; i++) {
            assertEquals(published[i], SplitMix.bits(0, i));
            assertEquals(published[i], SplitMix.bits(SplitMix.skip(0, i), 0));
        }
    }

    /** Halves of the first five numbers, low ones first: 7b1dcdaf e220a839 a1b965f4 6e789e6a 8009454f 06c45d18 ... */
    @Test
    void aMaskKeepsWhereHalfANumberIsBelowTheThreshold() {
        float[] mask = new float[10];
        Backend.elements().dropoutMask(0, 0x8000_0000L, 2f, new MatrixView(mask));
        assertArrayEquals(new float[] {2, 0, 0, 2, 0, 2, 2, 0, 2, 2}, mask);
        Backend.elements().dropoutMask(0, 0x8009_4550L, 2f, new MatrixView(mask, 0, 1, 7));
        assertArrayEquals(new float[] {2, 0, 0, 2, 2, 2, 2, 0, 2, 2}, mask);
    }

    @Test
    void thresholdsBeyond32BitsAreRefused() {
        for (long threshold : new long[] {-1, 1L << 32}) {
            assertThrows(IllegalArgumentException.class,
                    () -> Backend.elements().dropoutMask(0, threshold, 1f, new MatrixView(new float[1])));
        }
    }
}
