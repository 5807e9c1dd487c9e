package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class AlignmentTest {

    @Test
    void manyFloatsHaveALargeArrayAndFewTheirOwn() {
        for (int n : new int[] {0, 1, (1 << 16) - 1}) {
            float[] array = Alignment.array(n);
            assertEquals(0, Alignment.first(array, n));
            assertEquals(n, array.length);
        }
        for (int n : new int[] {1 << 16, 10_000_000}) {
            float[] array = Alignment.array(n);
            int first = Alignment.first(array, n);
            assertTrue(first > 0 && first + n <= array.length, "in a heap of 1 GB or more");
            assertTrue(Alignment.isLarge(array));
        }
        assertFalse(Alignment.isLarge(new float[1 << 16]));
    }

    /** So that a net of many layers takes the memory of its weights, not a region of the heap for each. */
    @Test
    void onlySoManyArraysTakeARegion() {
        int n = 1 << 16;
        List<Object> owners = new ArrayList<>();
        for (int i = 0; i < Thresholds.ALIGNED_ARRAYS; i++) {
            owners.add(new Object());
            Alignment.own(Alignment.array(n), n, owners.get(i));
        }
        float[] another = Alignment.array(n);
        assertEquals(n, another.length);
        assertEquals(0, Alignment.first(another, n));
        owners.clear();
        do { // owners are collected sooner or later
            System.gc();
        } while (Alignment.array(n).length == n);
    }
}
