package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlignmentPanelTest {

    private static final float[] SMALL = new float[100];
    /** Half of the largest region. */
    private static final float[] LARGE = new float[1 << 22];

    private long now;
    private int best;
    private long bestNanos = 2000;
    private int tiles;
    private final Alignment.Panel panel = used();

    /** Of a thread that has used it often enough to look for places. */
    private Alignment.Panel used() {
        Alignment.Panel used = new Alignment.Panel(() -> now);
        for (int i = 0; i < Thresholds.UNTIMED_USES; i++) {
            assertFalse(used.shouldCopy(false, (floats, start) -> fail("too early"), 10, LARGE, 12, 128));
        }
        return used;
    }

    @Test
    void aNewThreadLooksForNoPlace() {
        Alignment.Panel fresh = new Alignment.Panel(() -> now);
        for (int i = 0; i < Thresholds.UNTIMED_USES; i++) {
            assertTrue(fresh.shouldCopy(true, (floats, start) -> fail("too early"), 10, SMALL, 5, 128));
            assertTrue(fresh.start() + 10 <= fresh.floats().length);
        }
        best = 5;
        assertTrue(fresh.shouldCopy(true, this::tile, 10, SMALL, 5, 128));
        assertEquals(5, fresh.start());
    }

    /** Takes three microseconds, less at the best place, and now and then, as if interrupted, much more. */
    private void tile(float[] floats, int start) {
        assertTrue(start + Thresholds.TIMED_FLOATS <= floats.length);
        now += start == best ? bestNanos : 3000;
        now += ++tiles % 20 == 0 ? 50_000 : 0;
    }

    private boolean pays(float[] array, int at, int stride) {
        return panel.shouldCopy(false, this::tile, 10, array, at, stride);
    }

    @Test
    void thePlaceIsThatOfTheFastestTile() {
        best = 5;
        assertTrue(pays(SMALL, 5, 128));
        assertEquals(5, panel.start());
    }

    @Test
    void wherePlacesAreAlikeTheyDoNotMatter() {
        bestNanos = 2950;
        assertFalse(pays(SMALL, 5, 128) || pays(LARGE, 5, 128));
        assertTrue(panel.shouldCopy(true, this::tile, 10, LARGE, best, 128));
    }

    /** For arrays that are large lie alike; where others begin is not known. */
    @Test
    void whatBeginsAtALineInALargeArrayIsNotCopied() {
        best = 12;
        assertFalse(pays(LARGE, 12, 128) || pays(LARGE, 12 + 128, 256));
        assertTrue(pays(LARGE, 0, 128) && pays(LARGE, 12 + 100, 128));
        assertTrue(pays(LARGE, 12, 200), "only its first row begins at a line");
        assertTrue(pays(SMALL, 12, 128));
        best = 0;
        Alignment.Panel another = used();
        assertTrue(another.shouldCopy(true, this::tile, 10, LARGE, 12, 128));
        assertEquals(0, another.start());
    }

    /** The JVM may have moved the array. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePlaceIsLookedForAgainNowAndThen(boolean large) {
        assertTrue(pays(large ? LARGE : SMALL, 9, 128));
        best = 9;
        int uses = 0; // a copy from a large array does not pay any more then
        while (uses < 1000 && (large ? pays(LARGE, 9, 128) : pays(SMALL, 9, 128) && panel.start() != best)) {
            uses++;
        }
        assertEquals(511, uses);
    }

    @Test
    void aLargerBufferIsLookedAtAtOnce() {
        pays(SMALL, 0, 128);
        float[] before = panel.floats();
        panel.shouldCopy(true, this::tile, before.length - 16, SMALL, 0, 128);
        assertSame(before, panel.floats());
        best = 15;
        panel.shouldCopy(true, this::tile, before.length - 15, SMALL, 0, 128);
        assertEquals(before.length + 1, panel.floats().length);
        assertEquals(15, panel.start());
    }
}
