package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AlignedPanelTest {

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
        panel.use(this::tile, 10);
        assertEquals(5, panel.start());
        assertTrue(panel.matters());
    }

    @Test
    void wherePlacesAreAlikeTheyDoNotMatter() {
        bestNanos = 2950;
        panel.use(this::tile, 10);
        assertFalse(panel.matters());
    }

    /** The JVM may have moved the array. */
    @Test
    void thePlaceIsLookedForAgainNowAndThen() {
        panel.use(this::tile, 10);
        best = 9;
        int uses = 0;
        for (; panel.start() != best; uses++) {
            panel.use(this::tile, 10);
        }
        assertEquals(512, uses);
    }

    @Test
    void aLargerBufferIsLookedAtAtOnce() {
        panel.use(this::tile, 10);
        float[] before = panel.floats();
        panel.use(this::tile, before.length - 16);
        assertSame(before, panel.floats());
        best = 15;
        panel.use(this::tile, before.length - 15);
        assertNotSame(before, panel.floats());
        assertEquals(before.length + 1, panel.floats().length);
        assertEquals(15, panel.start());
    }
}
