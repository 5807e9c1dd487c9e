package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AlignedPanelTest {

    private static final float[] LARGE = CacheLines.of(new float[1 << 17]);

    private long now;
    private int best;
    private long bestNanos = 2000;
    private int tiles;
    private final AlignedPanel panel = new AlignedPanel(() -> now);

    /** Takes three microseconds, less at the best place, and now and then, as if interrupted, much more. */
    private void tile(float[] floats, int start) {
        assertTrue(start + AlignedPanel.READ <= floats.length);
        now += start == best ? bestNanos : 3000;
        now += ++tiles % 20 == 0 ? 50_000 : 0;
    }

    @Test
    void thePlaceIsThatOfTheFastestTile() {
        best = 5;
        panel.floats(this::tile, 10);
        assertEquals(5, panel.start());
        assertTrue(panel.isFaster(this::tile, new float[100], 5));
    }

    @Test
    void wherePlacesAreAlikeTheyDoNotMatter() {
        bestNanos = 2950;
        assertFalse(panel.isFaster(this::tile, new float[100], 5));
        assertFalse(panel.isFaster(this::tile, LARGE, 5));
    }

    /** For arrays that are large lie alike; where others begin is not known. */
    @Test
    void whatBeginsAtALineInALargeArrayIsNotCopied() {
        best = 12;
        assertFalse(panel.isFaster(this::tile, LARGE, 12) || panel.isFaster(this::tile, LARGE, 12 + 128));
        assertTrue(panel.isFaster(this::tile, LARGE, 0) && panel.isFaster(this::tile, LARGE, 12 + 100));
        best = 0;
        panel.floats(this::tile, 10);
        assertEquals(0, panel.start());
        assertFalse(panel.isFaster(this::tile, new float[LARGE.length + 5], 12));
        assertTrue(panel.isFaster(this::tile, new float[1000], 12));
    }

    /** The JVM may have moved the array. */
    @Test
    void thePlaceIsLookedForAgainNowAndThen() {
        panel.floats(this::tile, 10);
        best = 9;
        int uses = 0;
        for (; panel.start() != best; uses++) {
            panel.floats(this::tile, 10);
        }
        assertEquals(512, uses);
    }

    @Test
    void aLargerBufferIsLookedAtAtOnce() {
        float[] before = panel.floats(this::tile, 10);
        assertSame(before, panel.floats(this::tile, before.length - 16));
        best = 15;
        assertEquals(before.length + 1, panel.floats(this::tile, before.length - 15).length);
        assertEquals(15, panel.start());
    }
}
