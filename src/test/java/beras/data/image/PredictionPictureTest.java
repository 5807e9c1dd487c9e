package beras.data.image;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.Refusals;
import beras.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("data")
class PredictionPictureTest {

    private static final int CELLS = 10;

    /** Whether something is drawn in a cell, below the row's title. */
    private static boolean drawn(BufferedImage picture, int row, int column) {
        int height = picture.getHeight() / 2;
        for (int y = row * height + PredictionPicture.TITLE; y < (row + 1) * height; y++) {
            int left = PredictionPicture.MARGIN + column * PredictionPicture.CELL;
            for (int x = left; x < left + PredictionPicture.CELL - 4; x++) {
                if (picture.getRaster().getSample(x, y, 0) != 255) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Images of 28 x 28 whose label is the number of the bright one of ten bands. */
    private static Images bands(int count) {
        byte[] pixels = new byte[count * 784];
        byte[] labels = new byte[count];
        for (int at = 0; at < pixels.length; at++) {
            int image = at / 784;
            labels[image] = (byte) (image % 10);
            pixels[at] = (byte) (at / 28 % 28 / 2 == image % 10 ? 200 : 0);
        }
        return new Images(pixels, 28, 28, labels, 10);
    }

    /** The probabilities of a model that is right but for some images. */
    private static Tensor outputs(Images images, int... wrong) {
        Tensor outputs = Tensor.zeros(images.count(), 10);
        for (int i = 0; i < images.count(); i++) {
            int label = images.label(i);
            for (int w : wrong) {
                label = w == i ? 9 - label : label;
            }
            outputs.data()[i * 10 + label] = 0.9f;
        }
        return outputs;
    }

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    @Test
    void drawsTenRightAndAsManyWrongAsThereAre() throws IOException {
        Images images = bands(15);
        BufferedImage picture = read(PredictionPicture.first(images, outputs(images, 2, 5, 6)));
        for (int column = 0; column < CELLS; column++) {
            assertTrue(drawn(picture, 0, column), "right " + column);
            assertEquals(column < 3, drawn(picture, 1, column), "wrong " + column);
        }
        // The first right digit is a 0, whose band is at the top: ink there, paper below.
        assertTrue(picture.getRaster().getSample(50, PredictionPicture.TITLE + 3, 0) < 110, "ink");
        assertTrue(picture.getRaster().getSample(50, PredictionPicture.TITLE + 50, 0) > 110, "paper");
    }

    @Test
    void aSeedChoosesOthers() {
        Images images = bands(40);
        Tensor outputs = outputs(images, 3, 14);
        byte[] one = PredictionPicture.random(images, outputs, 1);
        assertArrayEquals(one, PredictionPicture.random(images, outputs, 1));
        assertFalse(Arrays.equals(one, PredictionPicture.random(images, outputs, 2)));
        assertFalse(Arrays.equals(one, PredictionPicture.first(images, outputs)));
    }

    @Test
    void theConfidenceIsInThePicture() {
        Images images = bands(3);
        Tensor sure = outputs(images);
        Tensor doubtful = sure.copy();
        for (int i = 0; i < doubtful.size(); i++) {
            doubtful.data()[i] *= 0.5f;
        }
        assertFalse(Arrays.equals(PredictionPicture.first(images, sure), PredictionPicture.first(images, doubtful)));
    }

    @Test
    void drawsNothingWhereNothingIs() throws IOException {
        Images none = new Images(new byte[0], 28, 28, new byte[0], 10);
        BufferedImage picture = read(PredictionPicture.first(none, Tensor.zeros(0, 10)));
        assertFalse(drawn(picture, 0, 0) || drawn(picture, 1, 0));
    }

    @Test
    void refusesWhatDoesNotFit() {
        Images images = bands(3);
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        Refusals.assertRefused(type, () -> PredictionPicture.first(images, Tensor.zeros(2, 10)), "(3, classes)", "(2, 10)");
        Images unlabelled = new Images(new byte[784], 28, 28, null, 0);
        Refusals.assertRefused(type, () -> PredictionPicture.first(unlabelled, Tensor.zeros(1, 10)), "images without labels");
        Refusals.assertRefused(type, () -> PredictionPicture.first(images, Tensor.full(Float.NaN, 3, 10)), "finite", "NaN");
    }

    @Test
    void coloursAndNamesAreShown() throws IOException {
        byte[] pixels = new byte[2 * 4 * 8 * 3];
        for (int i = 0; i < pixels.length; i += 3) {
            pixels[i] = (byte) 200;
        }
        Images images = new Images(pixels, 4, 8, 3, new byte[] {0, 1}, 2);
        ImagePreprocessor meaning = new ImagePreprocessor(4, 8, 3, PictureForm.SCALED, List.of("a cat that has a very long name",
                "dog"), 2);
        Tensor outputs = Tensor.wrap(new float[] {0.9f, 0.1f, 0.8f, 0.2f}, 2, 2);
        BufferedImage picture = read(PredictionPicture.first(images, outputs, meaning));
        assertEquals(200 << 16, picture.getRGB(50, PredictionPicture.TITLE + 20) & 0xffffff);
        assertFalse(Arrays.equals(PredictionPicture.first(images, outputs, meaning), PredictionPicture.first(images, outputs,
                new ImagePreprocessor(4, 8, 3, PictureForm.SCALED, List.of("other", "dog"), 2))));
    }

    @Test
    void classesComeInTurn() {
        int[] labels = {2, 2, 2, 0, 0, 1, 2};
        assertEquals(List.of(3, 5, 0, 4, 1, 2, 6), PredictionPicture.inTurn(List.of(0, 1, 2, 3, 4, 5, 6), i -> labels[i]));
        assertEquals(List.of(4, 6, 3, 0), PredictionPicture.inTurn(List.of(6, 4, 3, 0), i -> labels[i]));
        assertEquals(List.of(), PredictionPicture.inTurn(List.of(), i -> labels[i]));
    }
}
