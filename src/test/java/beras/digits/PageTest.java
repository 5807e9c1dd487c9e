package beras.digits;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.Picture;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Marks, the lines they stand in, and their pieces. */
@Tag("data")
class PageTest {

    private static final int WIDTH = 500;
    private static final int HEIGHT = 300;

    /** Dark rectangles on paper. */
    private static Page page(Box... boxes) {
        byte[] grey = new byte[WIDTH * HEIGHT];
        Arrays.fill(grey, (byte) 230);
        for (Box box : boxes) {
            for (int y = box.top(); y < box.bottom(); y++) {
                Arrays.fill(grey, y * WIDTH + box.left(), y * WIDTH + box.right(), (byte) 20);
            }
        }
        return new Page(new Picture(WIDTH, HEIGHT, grey));
    }

    private static List<Box> boxes(Page.Line line) {
        return line.marks().stream().map(Mark::box).toList();
    }

    /** Of many heights: specks, writing, and something that is too high for it. The heights of writing are most of all heights. */
    @Test
    void theTypicalHeightIsThatOfMostWriting() {
        Box[] all = new Box[13];
        for (int i = 0; i < 10; i++) {
            all[i] = new Box(20 + 40 * i, 30, 14, 36 + i % 3);
        }
        all[10] = new Box(450, 100, 20, 180);
        all[11] = new Box(30, 150, 8, 8);
        all[12] = new Box(60, 150, 8, 9);
        List<Page.Line> lines = page(all).lines;
        assertEquals(1, lines.size());
        assertEquals(List.of(all).subList(0, 10), boxes(lines.get(0)));
        assertEquals(37, lines.get(0).height());
    }

    @Test
    void theColumnOfASeamBelongsToTheRight() {
        Box blot = new Box(100, 80, 60, 40);
        Page page = page(blot);
        Mark mark = page.lines.get(0).marks().get(0);
        assertEquals(blot, mark.box());
        int[] straight = new int[40];
        Arrays.fill(straight, 120);
        int[] slanted = new int[40];
        Arrays.setAll(slanted, row -> 140 + row / 20);
        List<Mark> pieces = page.cut(mark, List.of(straight, slanted));
        assertEquals(List.of(new Box(100, 80, 20, 40), new Box(120, 80, 21, 40), new Box(140, 80, 20, 40)),
                pieces.stream().map(Mark::box).toList());
        assertEquals(List.of(20 * 40, 20 * 40 + 20, 20 * 40 - 20), pieces.stream().map(Mark::size).toList());
        assertTrue(page.has(pieces.get(1), 120, 80));
        assertFalse(page.has(pieces.get(0), 120, 80));
        assertTrue(page.has(pieces.get(2), 140, 80));
        assertTrue(page.has(pieces.get(1), 140, 119));
    }

    @Test
    void aSeamBesideTheInkCutsNothing() {
        Page page = page(new Box(100, 80, 60, 40));
        Mark mark = page.lines.get(0).marks().get(0);
        for (int column : new int[] {100, 160}) {
            int[] seam = new int[40];
            Arrays.fill(seam, column);
            assertEquals(List.of(mark), page.cut(mark, List.of(seam)));
        }
        assertTrue(page.has(mark, 100, 80));
    }

    /** Where strokes cross a rule they hide it: what is left of it is enough, once others are found. */
    @Test
    void aRuleThatStrokesCrossIsTakenOff() {
        boolean[] mask = new boolean[WIDTH * HEIGHT];
        for (int i = 0; i < mask.length; i++) {
            int x = i % WIDTH;
            int y = i / WIDTH;
            mask[i] = y % 50 == 25 || y > 150 && y < 200 && x % 10 < 7;
        }
        assertTrue(new Rules(mask, WIDTH, HEIGHT, 0.45).erase().isPresent());
        for (int y = 25; y < HEIGHT; y += 50) {
            assertFalse(mask[y * WIDTH + 8], "the rule in row " + y);
        }
        assertTrue(mask[175 * WIDTH + 3], "the stroke stays");
    }
}
