package beras.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.Images;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cli")
class DigitPictureTest {

    private static final int CELLS = 10;

    /** Whether something is drawn in a cell, below the row's title. */
    private static boolean drawn(BufferedImage picture, int row, int column) {
        int width = (picture.getWidth() - 28) / CELLS;
        int height = picture.getHeight() / 2;
        for (int y = row * height + 28; y < (row + 1) * height; y++) {
            for (int x = 14 + column * width; x < 14 + (column + 1) * width; x++) {
                if (picture.getRaster().getSample(x, y, 0) != 255) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void drawsTenRightAndAsManyWrongAsThereAre() throws IOException {
        Images images = TinyDigits.images("picture", 15);
        int[] predicted = new int[15];
        for (int i = 0; i < predicted.length; i++) {
            predicted[i] = i == 2 || i == 5 || i == 6 ? 9 - images.label(i) : images.label(i);
        }
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(DigitPicture.png(images, predicted)));
        for (int column = 0; column < CELLS; column++) {
            assertTrue(drawn(picture, 0, column), "right " + column);
            assertEquals(column < 3, drawn(picture, 1, column), "wrong " + column);
        }
        // The first right digit is a 0, whose band is at the top: ink there, paper below.
        assertTrue(picture.getRaster().getSample(84, 30, 0) < 110, "ink");
        assertTrue(picture.getRaster().getSample(84, 80, 0) > 110, "paper");
    }

    @Test
    void drawsNothingWhereNothingIs() throws IOException {
        Images none = new Images(new byte[0], 28, 28, new byte[0], 10);
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(DigitPicture.png(none, new int[0])));
        assertFalse(drawn(picture, 0, 0) || drawn(picture, 1, 0));
    }
}
