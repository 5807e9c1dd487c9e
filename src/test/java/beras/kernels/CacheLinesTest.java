package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("core")
class CacheLinesTest {

    /** Of G1's regions, which have 1 to 32 MB. */
    @ParameterizedTest
    @CsvSource({"100, 1", "2048, 1", "2049, 2", "6000, 4", "8192, 4", "8193, 8", "65536, 32", "1000000, 32"})
    void largeIsHalfARegion(long heapMegabytes, int regionMegabytes) {
        assertEquals(regionMegabytes << 20, 2 * Float.BYTES * CacheLines.large(heapMegabytes << 20));
    }

    @Test
    void manyFloatsHaveALargeArrayAndFewTheirOwn() {
        for (int n : new int[] {0, 1, (1 << 16) - 1}) {
            assertEquals(0, CacheLines.first(n));
            assertEquals(n, CacheLines.array(n).length);
        }
        for (int n : new int[] {1 << 16, 10_000_000}) {
            float[] array = CacheLines.array(n);
            assertTrue(CacheLines.first(n) > 0 && CacheLines.first(n) + n <= array.length, "in a heap of 1 GB or more");
            assertTrue(CacheLines.isLarge(array));
        }
        assertFalse(CacheLines.isLarge(new float[1 << 16]));
        assertEquals(0, CacheLines.first(Integer.MAX_VALUE - 3), "there is no room for more");
    }
}
