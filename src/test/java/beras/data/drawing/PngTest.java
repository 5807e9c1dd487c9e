package beras.data.drawing;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that another reader of PNG reads as the same picture. */
@Tag("data")
class PngTest {

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 1, 3", "28, 28, 1", "5, 7, 3", "64, 3, 3", "3, 64, 1"})
    void everySampleIsThereAgain(int width, int height, int channels) throws IOException {
        Rng rng = new Rng(3, "png", 0);
        byte[] samples = new byte[width * height * channels];
        for (int i = 0; i < samples.length; i++) { // slopes, noise, and rows like the one above: each filter is somewhere best
            int row = i / (width * channels);
            long noise = rng.bits(row % 4 == 1 ? i : i % (width * channels)) >>> 56;
            samples[i] = (byte) (row % 4 == 0 ? 5 * i : noise);
        }
        BufferedImage picture = read(Png.of(samples, width, height, channels));
        assertEquals(width, picture.getWidth());
        assertEquals(height, picture.getHeight());
        assertEquals(channels, picture.getRaster().getNumBands());
        byte[] back = new byte[samples.length];
        for (int i = 0; i < back.length; i++) {
            back[i] = (byte) picture.getRaster().getSample(i / channels % width, i / channels / width, i % channels);
        }
        assertArrayEquals(samples, back);
    }

    @Test
    void drawnPicturesKeepTheirColours() throws IOException {
        BufferedImage colour = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        colour.setRGB(0, 0, 0x123456);
        colour.setRGB(1, 0, 0xfedcba);
        BufferedImage back = read(Png.of(colour));
        assertEquals(0x123456, back.getRGB(0, 0) & 0xffffff);
        assertEquals(0xfedcba, back.getRGB(1, 0) & 0xffffff);
        BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 77);
        assertEquals(77, read(Png.of(grey)).getRaster().getSample(0, 0, 0));
    }

    @Test
    void whatIsEvenTakesLittle() {
        assertTrue(Png.of(new byte[300 * 300 * 3], 300, 300, 3).length < 1000);
    }
}
