package beras.data.image;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of any size become images of one. */
@Tag("data")
class ScaledFormTest {

    private static Picture grey(int width, int... levels) {
        byte[] pixels = new byte[levels.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) levels[i];
        }
        return new Picture(width, levels.length / width, pixels);
    }

    private static Picture random(int width, int height, int channels) {
        byte[] pixels = new byte[width * height * channels];
        Rng rng = new Rng(3, "test", 0);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) rng.bits(i);
        }
        return new Picture(width, height, channels, pixels);
    }

    @Test
    void smallExamples() throws IOException {
        Picture picture = grey(4, 0, 10, 20, 31, 40, 50, 60, 70);
        assertArrayEquals(new byte[] {25, 45}, PictureForm.SCALED.pixels(picture, 1, 2, 1, "it")); // 181 / 4 is 45
        assertArrayEquals(new byte[] {0, 0, 25, 45, 0, 0}, PictureForm.SCALED.pixels(picture, 3, 2, 1, "it")); // one row between black
        assertArrayEquals(new byte[] {0, 35, 0}, PictureForm.SCALED.pixels(grey(1, 30, 40), 1, 3, 1, "it")); // half a column becomes one
        assertArrayEquals(new byte[] {7, 7, 9, 9, 7, 7, 9, 9}, PictureForm.SCALED.pixels(grey(2, 7, 9), 2, 4, 1, "it")); // magnified
        assertArrayEquals(new byte[] {8}, PictureForm.SCALED.pixels(grey(2, 7, 8), 1, 1, 1, "it")); // halves go up
        assertArrayEquals(new byte[] {10, 10, 10, 20, 20, 20}, PictureForm.SCALED.pixels(grey(2, 10, 20), 1, 2, 3, "it"));
    }

    @ParameterizedTest
    @CsvSource({"28, 28, 28, 28, 1", "40, 30, 28, 28, 1", "7, 19, 32, 32, 3", "100, 33, 5, 9, 3", "1, 50, 8, 8, 1",
        "50, 1, 8, 8, 3", "1, 1, 6, 3, 3", "33, 34, 33, 34, 3", "5, 3, 64, 48, 1"})
    void eachPixelIsTheMeanOfWhatItCovers(int width, int height, int toHeight, int toWidth, int channels) throws IOException {
        Picture picture = random(width, height, channels);
        double scale = Math.min((double) toWidth / width, (double) toHeight / height);
        int columns = (int) Math.max(1, Math.round(width * scale));
        int rows = (int) Math.max(1, Math.round(height * scale));
        int left = (toWidth - columns) / 2;
        int top = (toHeight - rows) / 2;
        byte[] image = PictureForm.SCALED.pixels(picture, toHeight, toWidth, channels, "it");
        for (int row = 0; row < toHeight; row++) {
            for (int column = 0; column < toWidth; column++) {
                boolean inside = row >= top && row < top + rows && column >= left && column < left + columns;
                for (int channel = 0; channel < channels; channel++) {
                    double expected = inside ? mean(picture, channel, (column - left) * (double) width / columns,
                            (row - top) * (double) height / rows, (double) width / columns, (double) height / rows) : 0;
                    assertEquals(expected, image[(row * toWidth + column) * channels + channel] & 0xff, 0.5 + 1e-6,
                            row + ", " + column);
                }
            }
        }
    }

    private static double mean(Picture picture, int channel, double x, double y, double wide, double high) {
        double sum = 0;
        for (int i = 0; i < picture.height(); i++) {
            for (int j = 0; j < picture.width(); j++) {
                double covered = Math.max(0, Math.min(i + 1, y + high) - Math.max(i, y))
                        * Math.max(0, Math.min(j + 1, x + wide) - Math.max(j, x));
                sum += covered * picture.level(j, i, channel);
            }
        }
        return sum / (wide * high);
    }

    @Test
    void greyOfColoursIsTheirBrightness() throws IOException {
        Picture colours = new Picture(1, 1, 3, new byte[] {(byte) 200, 100, 50});
        assertArrayEquals(new byte[] {(byte) 124}, PictureForm.SCALED.pixels(colours, 1, 1, 1, "it")); // .299 of 200, .587 of 100, .114 of 50
    }
}
