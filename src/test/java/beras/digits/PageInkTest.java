package beras.digits;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.Picture;
import beras.tensor.Rng;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ink does not depend on how a page is held, or on whether it is a negative. */
@Tag("data")
class PageInkTest {

    private static final int WIDTH = 90;
    private static final int HEIGHT = 60;

    private static PageInk ink(IntUnaryOperator grey) {
        byte[] pixels = new byte[WIDTH * HEIGHT];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) grey.applyAsInt(i);
        }
        Picture picture = new Picture(WIDTH, HEIGHT, pixels);
        return new PageInk(picture, PageInk.isDarkOnLight(picture));
    }

    /** Strokes on paper whose light falls off, with noise of such a deviation. */
    private static IntUnaryOperator page(double noise) {
        Rng rng = new Rng(1, "test", 0);
        return i -> {
            int x = i % WIDTH;
            boolean stroke = x % 20 < 3 && i / WIDTH > 9 && i / WIDTH < 50;
            return (int) Math.max(0, Math.min(255, (stroke ? 60 : 220) - x / 3 + noise * rng.normal(i)));
        };
    }

    private static int flipped(int i) {
        return (HEIGHT - 1 - i / WIDTH) * WIDTH + i % WIDTH;
    }

    @Test
    void lightOnDarkHasTheBitsOfItsNegative() {
        IntUnaryOperator page = page(1);
        PageInk dark = ink(page);
        PageInk light = ink(i -> 255 - page.applyAsInt(i));
        assertArrayEquals(dark.level, light.level);
        assertArrayEquals(dark.mask, light.mask);
        assertArrayEquals(dark.faint, light.faint);
        long written = 0;
        for (boolean each : dark.mask) {
            written += each ? 1 : 0;
        }
        assertTrue(written > 550 && written < 800, written + " pixels of 5 strokes of 3 x 40");
    }

    /** Noise is smoothed in all rows and columns, the outermost too, so that a page upside down is a page upside down. */
    @Test
    void aNoisyPageUpsideDownHasTheSameInk() {
        IntUnaryOperator page = page(30);
        PageInk upright = ink(page);
        PageInk turned = ink(i -> page.applyAsInt(flipped(i)));
        float[] back = new float[turned.level.length];
        for (int i = 0; i < back.length; i++) {
            back[i] = turned.level[flipped(i)];
        }
        assertArrayEquals(upright.level, back, 1e-3f);
        float[] first = Arrays.copyOf(upright.level, WIDTH);
        float[] last = Arrays.copyOfRange(upright.level, upright.level.length - WIDTH, upright.level.length);
        assertTrue(deviation(first) < 20 && deviation(last) < 20, "both are smoother than they were: " + deviation(first) + ", "
                + deviation(last));
    }

    /** On bright paper the light edges that JPEG leaves beside strokes and spots are a longer tail than the paper's own grain. */
    @Test
    void aBrightPageHasNoLightInk() {
        Rng rng = new Rng(2, "test", 0);
        for (int paper : new int[] {195, 225, 245}) {
            PageInk bright = ink(i -> paper + (i % 40 < 4 && i / WIDTH % 10 < 4 ? 9 : (int) (2 * rng.uniform(i))));
            for (int i = 0; i < bright.mask.length; i++) {
                assertFalse(bright.mask[i] || bright.faint[i], paper + " at " + i);
            }
        }
        IntUnaryOperator written = i -> i / 10 % 3 == 0 ? 240 : 120; // with paper between
        assertTrue(count(ink(written).mask) > 0, "light ink on darker paper");
    }

    /** A window that ends at an edge sees only lighter paper. */
    @ParameterizedTest
    @CsvSource({"2,0", "-2,0", "0,3", "0,-3", "1,-1"})
    void paperThatDarkensTowardsAnEdgeIsNoInk(int right, int down) {
        PageInk ink = ink(i -> 127 + right * (i % WIDTH - WIDTH / 2) + down * (i / WIDTH - HEIGHT / 2));
        assertEquals(0, count(ink.faint));
        assertEquals(0, count(ink.mask));
    }

    /** Strokes longer than the window, beside each edge, are ink nevertheless: on a picture that is cut out tightly, digits are. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "-1, 0", "0, 1"})
    void longStrokesBesideEdgesAreInk(int right, int down) {
        PageInk ink = ink(i -> {
            int x = i % WIDTH;
            int y = i / WIDTH;
            boolean beside = Math.min(x, WIDTH - 1 - x) == 2 && Math.abs(y - HEIGHT / 2) < 25
                    || Math.min(y, HEIGHT - 1 - y) == 2 && Math.abs(x - WIDTH / 2) < 40;
            return beside ? 40 : 127 + right * (x - WIDTH / 2) + down * (y - HEIGHT / 2);
        });
        assertEquals(2 * (49 + 79), count(ink.mask));
    }

    private static int count(boolean[] mask) {
        int count = 0;
        for (boolean each : mask) {
            count += each ? 1 : 0;
        }
        return count;
    }

    private static double deviation(float[] values) {
        double mean = 0;
        double squares = 0;
        for (float value : values) {
            mean += value / values.length;
        }
        for (float value : values) {
            squares += (value - mean) * (value - mean) / values.length;
        }
        return Math.sqrt(squares);
    }
}
